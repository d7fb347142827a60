"""Back to a whole session: the damaged file is put aside, a backup takes its name."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from inspector.adapters.sqlite.backups import newest_whole_backup
from inspector.adapters.sqlite.faults import write_fault
from inspector.adapters.sqlite.journal import sync_folder
from inspector.adapters.sqlite.lock import SessionLock
from inspector.domain.errors import StoreError


def restore_backup(session: Path) -> Path | None:
    """Put the newest whole backup in a session's place; opening it then replays the journal.

    Returns:
        Where the damaged file was put aside; None where there was none.

    Raises:
        StoreError: no backup is whole, the session is open, or the disk is full.
    """
    lock = SessionLock(session)
    try:
        backup = newest_whole_backup(session)
        if backup is None:
            raise StoreError(f"No backup of {session.name} is whole; nothing was changed.")
        return _swap(session, backup)
    except OSError as error:
        raise write_fault(session, error) from error
    finally:
        lock.release()


def _swap(session: Path, backup: Path) -> Path | None:
    copy = session.with_name(session.name + "-restored")
    shutil.copyfile(backup, copy)
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    aside = session.with_name(f"{session.name}-damaged-{stamp}") if session.exists() else None
    for ending in ("", "-wal", "-shm"):
        part = session.with_name(session.name + ending)
        if part.exists():
            # An old write-ahead log beside a restored file would be played into it.
            part.rename(session.with_name(f"{session.name}-damaged-{stamp}{ending}"))
    copy.replace(session)
    sync_folder(session.parent)
    return aside
