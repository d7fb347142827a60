"""Runs a scan in its own thread and hands its events to the window."""

from collections.abc import Callable, Iterator
from threading import Event, Thread

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from inspector.domain.errors import InspectorError
from inspector.domain.events import ScanEvent
from inspector.gui.workers.event_queue import EventQueue

Scan = Callable[[Event], Iterator[ScanEvent]]

DRAIN_MS = 33
"""30 times a second."""

MOST_AT_ONCE = 400
"""Events handed over at once: what the window takes in about 10 ms."""


class ScanRunner(QObject):
    """Owns the scan's thread; everything it emits is emitted in the UI thread.

    The scan knows nothing of Qt: it is any callable that takes a cancel event and yields
    ``ScanEvent``s. ``cancel`` asks; ``finished`` follows, always last, always once.
    """

    events = Signal(list)  # list[ScanEvent], never empty, at most 30 times a second
    failed = Signal(InspectorError)  # the scan as a whole could not go on
    finished = Signal()

    def __init__(self, scan: Scan, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scan = scan
        self._cancel = Event()
        self._queue = EventQueue()
        self._error: InspectorError | None = None
        self._thread = Thread(target=self._run, name="scan", daemon=True)
        self._timer = QTimer(self, interval=DRAIN_MS)
        self._timer.timeout.connect(self._drain)

    def start(self) -> None:
        self._thread.start()
        self._timer.start()

    @Slot()
    def cancel(self) -> None:
        self._cancel.set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancel.is_set()

    def abandon(self, timeout_s: float) -> bool:
        """Cancel, emit nothing more, and wait for the thread; return whether it ended."""
        self._timer.stop()
        self._cancel.set()
        self._queue.shut()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        error: InspectorError | None = InspectorError("The scan stopped because of a fault in it.")
        try:
            for event in self._scan(self._cancel):
                self._queue.put(event)
            error = None
        except InspectorError as raised:
            error = raised
        finally:
            self._error = error

    @Slot()
    def _drain(self) -> None:
        # Asked before the events are taken: what is put later is taken the next time.
        has_ended = not self._thread.is_alive()
        taken = self._queue.take(MOST_AT_ONCE)
        if taken:
            self.events.emit(taken)
        elif has_ended:
            self._timer.stop()
            if self._error is not None:
                self.failed.emit(self._error)
            self.finished.emit()
