"""Five rotated backups beside a session, each a session of its own without thumbnails."""

import contextlib
import itertools
import sqlite3
import threading
from pathlib import Path

from inspector.adapters.sqlite.examine import connect_to_read, examine, session_uri
from inspector.adapters.sqlite.journal import sync_folder
from inspector.adapters.sqlite.schema import migrate
from inspector.domain.errors import StoreError

KEPT = 5

_COPIED = ("items", "heatmaps", "decisions", "decision_log")
"""Thumbnails can be made again from the files, and are most of a session's size."""


def backup_paths(session: Path) -> list[Path]:
    """Return where a session's backups stand, the newest first."""
    return [session.with_name(f"{session.name}-backup-{n}") for n in range(1, KEPT + 1)]


def newest_whole_backup(session: Path) -> Path | None:
    """Return the newest backup that opens, or None."""
    for backup in backup_paths(session):
        if not backup.exists():
            continue
        with contextlib.suppress(StoreError):
            examine(backup)
            return backup
    return None


class BackupTask:
    """Makes one backup in a thread of its own, from a snapshot, while the session is in use.

    A failure (a full disk, say) leaves the older backups as they were; ``problem`` says why.
    """

    def __init__(self, session: Path) -> None:
        self.problem: str | None = None
        self._session = session
        self._source: sqlite3.Connection | None = None
        self._stopped = False
        self._guard = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="session-backup", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience_s: float) -> None:
        """Wait a little for the backup to be done, then give it up."""
        if self._thread.ident is None:
            return
        self._thread.join(patience_s)
        with self._guard:
            self._stopped = True
            if self._source is not None:
                self._source.interrupt()
        self._thread.join()

    def _run(self) -> None:
        try:
            self.make()
        except (sqlite3.Error, OSError) as error:
            self.problem = str(error)
            with contextlib.suppress(OSError):
                _unfinished(self._session).unlink(missing_ok=True)

    def make(self) -> None:
        """Write the backup, if the session changed since the last one.

        Raises:
            sqlite3.Error: it could not be copied.
            OSError: it could not be put in its place.
        """
        source = _connect(self._session)
        with self._guard:
            if self._stopped:
                source.close()
                return
            self._source = source
        try:
            if _revision(source) != _revision_of(backup_paths(self._session)[0]):
                _copy(source, _unfinished(self._session))
        finally:
            with self._guard:
                self._source = None
            source.close()
        _rotate(self._session)


def back_up_whole(session: Path) -> None:
    """Copy a session page by page, whatever its version, before it is migrated.

    Raises:
        sqlite3.Error: it could not be copied.
        OSError: it could not be put in its place.
    """
    target = _unfinished(session)
    target.unlink(missing_ok=True)
    with (
        contextlib.closing(_connect(session)) as source,
        contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    _rotate(session)


def _connect(session: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        session_uri(session, "mode=rw"), uri=True, isolation_level=None, check_same_thread=False
    )


def _unfinished(session: Path) -> Path:
    return session.with_name(session.name + "-backup-new")


def _copy(source: sqlite3.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as fresh:
        migrate(fresh, 0)
    source.execute("ATTACH ? AS backup", (session_uri(target, "mode=rw"),))
    source.execute("PRAGMA backup.synchronous = FULL")
    source.execute("BEGIN")
    source.execute("INSERT OR REPLACE INTO backup.meta SELECT * FROM main.meta")
    for table in _COPIED:
        source.execute(f"INSERT INTO backup.{table} SELECT * FROM main.{table}")
    source.execute("COMMIT")
    source.execute("DETACH backup")


def _rotate(session: Path) -> None:
    fresh = _unfinished(session)
    if not fresh.exists():
        return
    places = backup_paths(session)
    for newer, older in reversed(list(itertools.pairwise(places))):
        if newer.exists():
            newer.replace(older)
    fresh.replace(places[0])
    sync_folder(session.parent)


def _revision(connection: sqlite3.Connection) -> str:
    (value,) = connection.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()
    return str(value)


def _revision_of(backup: Path) -> str | None:
    if not backup.exists():
        return None
    try:
        with contextlib.closing(connect_to_read(backup)) as connection:
            return _revision(connection)
    except (sqlite3.Error, TypeError):
        return None
