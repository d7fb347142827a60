"""The ``inspector`` command: the desk, or a subcommand."""
