"""Curation lists: written all or none, and read back."""

from inspector.adapters.lists.exporting import export
from inspector.adapters.lists.formats import format_names
from inspector.adapters.lists.jsonl import json_line
from inspector.adapters.lists.read_back import read_decisions, read_items

__all__ = ["export", "format_names", "json_line", "read_decisions", "read_items"]
