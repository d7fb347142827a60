"""What must hold of a shipped detector before a release: ``make model-check``."""
