"""The ``inspector`` command."""
