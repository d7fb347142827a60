"""Sessions as SQLite files: items, maps, thumbnails, and what people decided."""

from inspector.adapters.sqlite.looking import open_or_look
from inspector.adapters.sqlite.restore import restore_backup
from inspector.adapters.sqlite.store import SessionStore

__all__ = ["SessionStore", "open_or_look", "restore_backup"]
