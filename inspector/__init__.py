"""Inspector: tell authentic from synthetic media, with evidence."""

__version__ = "0.1.0"
