"""``SessionStore``: one session file, fulfilling the ``Store`` port."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.sqlite.backups import BackupTask, back_up_whole, newest_whole_backup
from inspector.adapters.sqlite.examine import (
    DamagedFileError,
    ForeignFileError,
    distrust,
    examine,
    session_uri,
)
from inspector.adapters.sqlite.faults import write_fault
from inspector.adapters.sqlite.journal import DecisionJournal, sync_folder
from inspector.adapters.sqlite.lock import SessionLock
from inspector.adapters.sqlite.reading import SessionReader
from inspector.adapters.sqlite.schema import VERSION, migrate
from inspector.adapters.sqlite.writer import SessionWriter
from inspector.adapters.sqlite.writing import (
    PendingItem,
    replay,
    write_decisions,
    write_info,
)
from inspector.domain.columns import ItemColumns
from inspector.domain.errors import StoreError
from inspector.domain.item import Item
from inspector.domain.score import Heatmap
from inspector.domain.verdict import PersonDecision
from inspector.ports import SessionInfo

_LOG_LIMIT_BYTES = 64 << 20
_BACKUP_PATIENCE_S = 2.0


class SessionStore:
    """Owns a session file, its lock, its writer thread and its reading connections.

    Every method may be called from any thread. A person's decision is kept by path with the hash
    of the bytes it was taken on. It stands until the file is seen to have other bytes; then it
    stays in the log, and comes back into force if the old bytes come back.
    """

    only_looks = ""  # this one can be written

    def __init__(self, path: Path, lock: SessionLock, folder: Path | None = None) -> None:
        """Take over a session that was examined; use ``create``, ``open`` or ``temporary``."""
        self._path = path
        self._lock = lock
        self._folder = folder
        self._closed = False
        with contextlib.ExitStack() as undoing:
            connection = undoing.enter_context(contextlib.closing(_connect(path)))
            (name,) = connection.execute("SELECT value FROM meta WHERE key = 'session'").fetchone()
            self._journal = DecisionJournal(path, str(name))
            self.replayed = replay(connection, self._journal)
            undoing.pop_all()
        self._writer = SessionWriter(path, connection)
        self._reader = SessionReader(path)
        self._backup = BackupTask(path)

    @classmethod
    def create(cls, path: Path, info: SessionInfo | None = None) -> Self:
        """Begin a session.

        Raises:
            StoreError: there is a file of that name, or it cannot be written.
        """
        return cls._begin(path.resolve(), info, None)

    @classmethod
    def temporary(cls, info: SessionInfo | None = None) -> Self:
        """Begin a session that is gone when it is closed."""
        folder = Path(tempfile.mkdtemp(prefix="inspector-"))
        with contextlib.ExitStack() as undoing:
            undoing.callback(shutil.rmtree, folder, ignore_errors=True)
            store = cls._begin(folder / "temporary.inspection", info, folder)
            undoing.pop_all()
        return store

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a session for reading and writing; the file is checked before it is touched.

        Decisions that only the journal knows are taken over, and a backup is begun if the
        session changed since the last one.

        Raises:
            StoreError: it is missing, damaged (``backup`` names the newest whole backup), no
                session, made by a newer Inspector, or open elsewhere.
        """
        path = path.resolve()
        if not path.exists():
            raise _with_backup(path, StoreError(f"There is no session {path}."))
        with contextlib.ExitStack() as undoing:
            lock = SessionLock(path)
            undoing.callback(lock.release)
            try:
                version = _examined(path)
                if version < VERSION:
                    _migrate(path, version)
                store = cls(path, lock)
            except (sqlite3.Error, OSError) as error:
                raise write_fault(path, error) from error
            undoing.pop_all()
        store._backup.start()
        return store

    @classmethod
    def _begin(cls, path: Path, info: SessionInfo | None, folder: Path | None) -> Self:
        if path.exists():
            raise StoreError(f"{path} exists already: open it, or choose another name.")
        if not path.parent.is_dir():
            raise StoreError(f"The folder {path.parent} does not exist.")
        with contextlib.ExitStack() as undoing:
            lock = SessionLock(path)
            undoing.callback(lock.release)
            try:
                _make_file(path)
                store = cls(path, lock, folder)
            except FileExistsError as error:
                text = f"{path} exists already: open it, or choose another name."
                raise StoreError(text) from error
            except (sqlite3.Error, OSError) as error:
                raise write_fault(path, error) from error
            undoing.pop_all()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            store.set_info(info or SessionInfo(created_at=now))
        except StoreError:
            store.close()
            raise
        return store

    @property
    def path(self) -> Path:
        return self._path

    def info(self) -> SessionInfo:
        return self._reader.info()

    def set_info(self, info: SessionInfo) -> None:
        self._writer.perform(lambda connection: write_info(connection, info))

    def put(self, item: Item, thumbnail: NDArray[np.uint8] | None) -> None:
        """Queue an item; without a thumbnail, the stored one stays while the bytes are the same."""
        self._writer.put(PendingItem.of(item, thumbnail))

    def flush(self) -> None:
        self._writer.flush()

    def decide(self, decisions: Sequence[PersonDecision]) -> None:
        """Write decisions; one without a hash is taken to be on the bytes that were scanned."""
        for decision in decisions:
            os.fsencode(decision.path)
        if decisions:
            self._writer.perform(
                lambda connection: write_decisions(connection, self._journal, decisions)
            )

    def item(self, path: str) -> Item | None:
        return self._reader.item(path)

    def items(self) -> Iterator[Item]:
        return self._reader.items()

    def columns(self) -> ItemColumns:
        return self._reader.columns()

    def count(self) -> int:
        return self._reader.count()

    def thumbnail(self, path: str) -> NDArray[np.uint8] | None:
        return self._reader.thumbnail(path)

    def heatmap(self, path: str, pts_s: float | None = None) -> Heatmap | None:
        return self._reader.heatmap(path, pts_s)

    def history(self, path: str) -> Sequence[PersonDecision]:
        return self._reader.history(path)

    def close(self) -> None:
        """Write what waits and close the file; closing again does nothing.

        Raises:
            StoreError: the last items could not be written; the file is closed all the same.
        """
        if self._closed:
            return
        self._closed = True
        try:
            self._backup.stop(_BACKUP_PATIENCE_S)
            self._reader.close()
            self._writer.close()
        finally:
            self._lock.release()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        if exc[0] is None:
            self.close()
            return
        with contextlib.suppress(StoreError):
            self.close()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        session_uri(path, "mode=rw"),
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=30,
    )
    distrust(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA journal_size_limit = {_LOG_LIMIT_BYTES}")
    return connection


def _make_file(path: Path) -> None:
    """Make an empty session under another name first, so that no half-made one is ever seen."""
    unfinished = path.with_name(path.name + "-new")
    unfinished.unlink(missing_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(unfinished, isolation_level=None)) as connection:
            migrate(connection, 0)
            connection.execute("PRAGMA journal_mode = WAL")
        if path.exists():
            raise FileExistsError(path)
        unfinished.rename(path)
        sync_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _examined(path: Path) -> int:
    try:
        return examine(path)
    except DamagedFileError as error:
        raise _with_backup(path, error) from error
    except ForeignFileError as error:
        # Somebody's file in the place of a session; where none ever was, that is all there is.
        offered = _with_backup(path, error)
        raise (offered if offered.backup else error) from error


def _with_backup(path: Path, error: StoreError) -> StoreError:
    backup = newest_whole_backup(path)
    if backup is None:
        return StoreError(f"{error} It was left as it is; no backup of it is whole.")
    return StoreError(
        f"{error} It was left as it is; the backup {backup.name} is whole: copy it to this name "
        "and open it again, decisions taken since come back from the journal.",
        backup,
    )


def _migrate(path: Path, version: int) -> None:
    back_up_whole(path)
    with contextlib.closing(_connect(path)) as connection:
        migrate(connection, version)
