"""From SQLite's and the system's errors to one sentence for people."""

import errno
import sqlite3
from pathlib import Path

from inspector.domain.errors import StoreError

_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def write_fault(path: Path, error: sqlite3.Error | OSError) -> StoreError:
    """Return what to say when a session could not be written."""
    if _is_full(error):
        return StoreError(
            f"The disk that holds {path.name} is full: what was saved before is safe, "
            "the last change was not saved; free some space and go on."
        )
    if is_damage(error):
        return StoreError(
            f"The session {path.name} was damaged while it was open ({error}): "
            "close it and open it again to see which backup is whole."
        )
    return StoreError(f"The session {path} cannot be written: {_plain(error)}.")


def read_fault(path: Path, error: sqlite3.Error | OSError) -> StoreError:
    """Return what to say when a session could not be read."""
    if is_damage(error):
        return write_fault(path, error)
    return StoreError(f"The session {path} cannot be read: {_plain(error)}.")


def is_damage(error: sqlite3.Error | OSError) -> bool:
    """Return whether SQLite says that the file's own bytes are wrong."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return name.startswith(_DAMAGED) or "Could not decode to UTF-8" in str(error)


def _is_full(error: sqlite3.Error | OSError) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error, "sqlite_errorname", None) == "SQLITE_FULL"


def _plain(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
