"""The Content Credentials of one file: the tree, the details and the raw JSON."""
