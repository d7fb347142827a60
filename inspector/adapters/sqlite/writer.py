"""The one thread that writes a session: items in batches, everything else as jobs between them."""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Generic, TypeVar

from inspector.adapters.sqlite.faults import write_fault
from inspector.adapters.sqlite.writing import PendingItem, put_items
from inspector.domain.errors import StoreError

T = TypeVar("T")

BATCH_ITEMS = 250
COMMIT_EVERY_S = 0.5
QUEUE_ITEMS = 4000
QUEUE_BYTES = 64 << 20


class _Job(Generic[T]):
    """Something to do with the writing connection, and the caller's way to its result."""

    def __init__(self, path: Path, work: Callable[[sqlite3.Connection], T]) -> None:
        self.result: Future[T] = Future()
        self._path = path
        self._work = work

    def run(self, connection: sqlite3.Connection) -> None:
        try:
            self.result.set_result(self._work(connection))
        except (sqlite3.Error, OSError) as error:
            self.result.set_exception(write_fault(self._path, error))
        finally:
            self.give_up()

    def give_up(self) -> None:
        if not self.result.done():
            self.result.set_exception(_closed_error(self._path))


class SessionWriter:
    """Owns the writing connection and the thread named ``session-writer``.

    Items wait in a queue bounded in count and bytes; a batch is written when it is full, half a
    second old, or asked for. Jobs (decisions, facts) overtake waiting items. No transaction is
    open while the thread waits.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        self._changed = threading.Condition()
        self._items: deque[tuple[PendingItem, int]] = deque()
        self._bytes = 0
        self._oldest_at = 0.0
        self._jobs: deque[_Job[Any]] = deque()
        self._given = 0
        self._done = 0
        self._flush_to = 0
        self._fault: StoreError | None = None
        self._closing = False
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="session-writer", daemon=True)
        self._thread.start()

    def put(self, item: PendingItem) -> None:
        """Queue an item; wait while the queue is full.

        Raises:
            StoreError: an earlier item could not be written, or the session is closed.
        """
        size = item.nbytes
        with self._changed:
            self._changed.wait_for(lambda: self._has_room(size) or self._stopped())
            self._raise_fault()
            if self._stopped():
                raise _closed_error(self._path)
            if not self._items:
                self._oldest_at = time.monotonic()
            self._items.append((item, size))
            self._bytes += size
            self._given += 1
            self._changed.notify_all()

    def flush(self) -> None:
        """Return once every queued item is written.

        Raises:
            StoreError: one could not be.
        """
        with self._changed:
            target = self._given
            self._flush_to = max(self._flush_to, target)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._done >= target or self._ended)
            self._raise_fault()
            if self._done < target:
                raise _closed_error(self._path)

    def perform(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a job in the writer's thread, before any waiting item, and return its result.

        Raises:
            StoreError: it could not be written.
        """
        job = _Job(self._path, work)
        with self._changed:
            if self._stopped():
                raise _closed_error(self._path)
            self._jobs.append(job)
            self._changed.notify_all()
        return job.result.result()

    def close(self) -> None:
        """Write what waits, end the thread and close the connection.

        Raises:
            StoreError: the last items could not be written.
        """
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        with self._changed:
            self._raise_fault()

    def _run(self) -> None:
        try:
            while self._step():
                pass
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()
            for job in self._jobs:
                job.give_up()
            self._connection.close()

    def _step(self) -> bool:
        """Wait for work and do a piece of it; return False when closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._has_work())
            self._changed.wait_for(self._has_work, timeout=self._patience())
            jobs = list(self._jobs)
            self._jobs.clear()
            batch = [] if jobs or not self._batch_is_due() else self._take_batch()
            if not jobs and not batch:
                return not (self._closing and not self._items)
        for job in jobs:
            job.run(self._connection)
        if batch:
            self._write(batch)
        return True

    def _write(self, batch: list[PendingItem]) -> None:
        fault: StoreError | None = None
        try:
            put_items(self._connection, batch)
        except (sqlite3.Error, OSError) as error:
            fault = write_fault(self._path, error)
        with self._changed:
            self._done += len(batch)
            self._fault = fault or self._fault
            self._changed.notify_all()

    def _take_batch(self) -> list[PendingItem]:
        batch: list[PendingItem] = []
        while self._items and len(batch) < BATCH_ITEMS:
            pending, size = self._items.popleft()
            self._bytes -= size
            batch.append(pending)
        self._oldest_at = time.monotonic()
        self._changed.notify_all()
        return batch

    def _has_room(self, size: int) -> bool:
        if not self._items:
            return True
        return len(self._items) < QUEUE_ITEMS and self._bytes + size <= QUEUE_BYTES

    def _batch_is_due(self) -> bool:
        if not self._items:
            return False
        return (
            len(self._items) >= BATCH_ITEMS
            or self._bytes >= QUEUE_BYTES // 2
            or self._closing
            or self._flush_to > self._done
            or time.monotonic() - self._oldest_at >= COMMIT_EVERY_S
        )

    def _has_work(self) -> bool:
        return bool(self._jobs) or self._closing or self._batch_is_due()

    def _patience(self) -> float:
        return max(0.0, COMMIT_EVERY_S - (time.monotonic() - self._oldest_at))

    def _stopped(self) -> bool:
        return self._closing or self._ended

    def _raise_fault(self) -> None:
        fault, self._fault = self._fault, None
        if fault is not None:
            raise fault


def _closed_error(path: Path) -> StoreError:
    return StoreError(f"The session {path.name} is closed; nothing more is saved in it.")
