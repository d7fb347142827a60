"""Sessions as SQLite files: items, maps, thumbnails, and what people decided."""

from inspector.adapters.sqlite.restore import restore_backup
from inspector.adapters.sqlite.store import SessionStore

__all__ = ["SessionStore", "restore_backup"]
