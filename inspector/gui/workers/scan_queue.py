"""Dropped folders, one scan after the other, as the window sees them."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Signal, Slot

from inspector.domain.errors import InspectorError
from inspector.domain.events import FilesFound, ItemJudged, ScanEvent
from inspector.domain.item import Item
from inspector.gui.services import DeskServices
from inspector.gui.workers.scan_runner import Scan, ScanRunner
from inspector.ports import Rescore, Store

READ_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A scan that waits, and whether it scores files anew."""

    scan: Scan
    is_again: bool


class ScanQueue(QObject):
    """Owns the running scan and what waits behind it; lives in the UI thread."""

    events = Signal(list)  # list[ScanEvent] of the running scan
    failed = Signal(InspectorError)  # a scan could not go on; those that wait still run
    busy_changed = Signal(bool)  # a scan began, or none runs and none waits

    def __init__(self, services: DeskServices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._waiting: deque[_Waiting] = deque()
        self._runner: ScanRunner | None = None
        self._runs_again = False
        self.has_scanned = False

    @property
    def is_busy(self) -> bool:
        return self._runner is not None

    @property
    def waiting(self) -> int:
        """Return how many drops wait for the scan that runs."""
        return len(self._waiting)

    @property
    def is_again(self) -> bool:
        """Return whether what runs scores files that have been scored before."""
        return self._runner is not None and self._runs_again

    def score_again(self, wanted: Rescore) -> None:
        """Score files of the session anew, after what is under way."""
        self._push(partial(self._services.score_again, wanted), is_again=True)

    def add(self, roots: Sequence[str]) -> None:
        """Scan dropped paths, after what was dropped before."""
        self.has_scanned = True
        self._push(partial(self._services.scan, tuple(roots)))

    def read_session(self) -> None:
        """Show what the session holds, then go on with the scan it was begun with."""
        self._push(partial(_read_back, self._services))

    @Slot()
    def go_on(self) -> None:
        """Go on with what the session was begun with, as far as it is not done."""
        self._push(partial(_scan_again, self._services))

    @Slot()
    def cancel(self) -> None:
        """Stop the scan and forget what waits; everything judged so far stays."""
        self._waiting.clear()
        if self._runner is not None:
            self._runner.cancel()

    def abandon(self, timeout_s: float) -> bool:
        """Stop at once and for good; return whether the scan's thread ended in time."""
        self._waiting.clear()
        runner, self._runner = self._runner, None
        return runner is None or runner.abandon(timeout_s)

    def _push(self, scan: Scan, *, is_again: bool = False) -> None:
        self._waiting.append(_Waiting(scan, is_again))
        if self._runner is None:
            self._start_next()

    def _start_next(self) -> None:
        first = self._waiting.popleft()
        self._runs_again = first.is_again
        runner = ScanRunner(first.scan, self)
        runner.events.connect(self.events)
        runner.failed.connect(self.failed)
        runner.finished.connect(self._go_on)
        self._runner = runner
        runner.start()
        self.busy_changed.emit(True)

    @Slot()
    def _go_on(self) -> None:
        if self._runner is not None:
            self._runner.deleteLater()
            self._runner = None
        if self._waiting:
            self._start_next()
        else:
            self.busy_changed.emit(False)


def _read_back(services: DeskServices, cancel: Event) -> Iterator[ScanEvent]:
    """Yield a session's items as events, then those of its scan; in the scan thread."""
    store = services.store
    for batch in _batches(store, cancel):
        yield FilesFound(tuple(item.file for item in batch))
        for item in batch:
            yield ItemJudged(item, resumed=True)
    yield from _scan_again(services, cancel)


def _scan_again(services: DeskServices, cancel: Event) -> Iterator[ScanEvent]:
    store = services.store
    roots = () if store.only_looks else store.info().roots
    if roots and not cancel.is_set():
        yield from services.scan(roots, cancel)


def _batches(store: Store, cancel: Event) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in store.items():
        if cancel.is_set():
            return
        batch.append(item)
        if len(batch) == READ_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
