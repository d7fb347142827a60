"""Writes decisions to the session off the UI thread, in the order they were taken."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import count

from PySide6.QtCore import QObject, Qt, Signal, Slot

from inspector.domain.errors import StoreError
from inspector.domain.verdict import PersonDecision
from inspector.ports import Store


class DecisionWriter(QObject):
    """Owns one thread that calls ``store.decide``; its signals come in the UI thread."""

    written = Signal(int)  # number of the write that is safe on disk
    failed = Signal(int, StoreError)  # number of the write of which nothing counts

    _ended = Signal(int, object)  # emitted in the writing thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="decisions")
        self._numbers = count(1)
        # Queued even where a write ends at once, so that its number is known by then.
        self._ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def write(self, store: Store, decisions: Sequence[PersonDecision]) -> int:
        """Queue a write and return its number."""
        number = next(self._numbers)
        future = self._executor.submit(store.decide, decisions)
        future.add_done_callback(partial(self._end, number))
        return number

    def close(self) -> None:
        """Return once everything queued is written."""
        self._executor.shutdown(wait=True)

    def settle(self) -> None:
        """Return once what was queued so far is written: the session is about to change."""
        self._executor.submit(_nothing).result()

    def _end(self, number: int, future: Future[None]) -> None:
        error = future.exception()
        if error is not None and not isinstance(error, StoreError):
            error = StoreError("The decision could not be written because of a fault.")
        self._ended.emit(number, error)

    @Slot(int, object)
    def _tell(self, number: int, error: StoreError | None) -> None:
        if error is None:
            self.written.emit(number)
        else:
            self.failed.emit(number, error)


def _nothing() -> None:
    return
