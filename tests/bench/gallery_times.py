"""Measures the gallery: populate, sort, smooth scroll, jumps, and a large drop."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from threading import Event

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from inspector.domain.events import FilesFound, ScanEvent
from inspector.domain.media import FoundFile, MediaKind
from inspector.domain.verdict import Decision, Finding
from inspector.gui.app import make_application
from inspector.gui.look import Look
from inspector.gui.models.arrangement import Sort, SortKey
from inspector.gui.models.library import Library
from inspector.gui.models.rows import DECISIONS, FINDINGS, MEDIA, LibraryRows
from inspector.gui.services import DeskServices
from inspector.gui.views.gallery import GalleryView
from inspector.gui.workers.scan_runner import ScanRunner
from inspector.gui.workers.thumbnails import ThumbnailLoader
from inspector.settings import Theme, data_folder

FRAMES = 60


@dataclass(frozen=True, slots=True)
class GalleryTimes:
    """CPU milliseconds for so many rows; frames are medians, the worst beside them."""

    rows: int
    append_ms: float
    populate_ms: float
    sort_ms: float
    bare_sort_ms: float
    frame_ms: float
    worst_frame_ms: float
    jump_ms: float
    bytes_per_row: int


class _StoredThumbnails(ThumbnailLoader):
    """One pixmap for every row: painting is measured, not reading."""

    def __init__(self, services: DeskServices | None, parent: QWidget) -> None:
        super().__init__(services, parent)  # type: ignore[arg-type]
        self._pixmap = QPixmap(160, 120)
        self._pixmap.fill("#567")

    def get(self, row: int) -> QPixmap | None:
        return self._pixmap

    def want(self, rows: object) -> None:
        return


def measure_gallery(rows: int) -> GalleryTimes:
    """Fill a 1280 x 800 gallery with made-up rows and measure it."""
    application = make_application()
    host, library, view = _gallery(application)
    files = [FoundFile(f"/set/{n // 1000:04}/{n:07}.jpg", n, n, "/set") for n in range(rows)]
    append_ms = _cpu_ms(lambda: library.rows.append(files))
    _fill(library.rows)
    populate_ms = _cpu_ms(lambda: _shown(application, library.rearrange))
    sort = Sort(SortKey.LIKELIHOOD, descending=True)
    sort_ms = _cpu_ms(lambda: library.set_sort(sort))
    bare_ms = _cpu_ms(lambda: np.argsort(-library.rows.likelihood.values, kind="stable"))
    bar = view.verticalScrollBar()
    frames = [
        _cpu_ms(partial(_shown, application, partial(bar.setValue, at)))
        for at in range(0, FRAMES * 23, 23)
    ]
    places = np.random.default_rng(1).integers(0, bar.maximum(), FRAMES)
    jumps = [
        _cpu_ms(partial(_shown, application, partial(bar.setValue, at))) for at in places.tolist()
    ]
    host.close()
    return GalleryTimes(
        rows,
        *(append_ms, populate_ms, sort_ms, bare_ms),
        *(statistics.median(frames), max(frames), statistics.median(jumps)),
        library.rows.bytes_per_row(),
    )


@dataclass(frozen=True, slots=True)
class DropTimes:
    """A drop of so many files: until the first row shows, until all do, and the worst stutter.

    ``worst_gap_ms`` is the longest time between two turns of the event loop.
    """

    rows: int
    first_row_ms: float
    all_rows_ms: float
    worst_gap_ms: float


class _Stutter(QObject):
    """Watches the event loop from within."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.worst_ms = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    @Slot()
    def _turn(self) -> None:
        now = time.perf_counter()
        self.worst_ms = max(self.worst_ms, (now - self._last) * 1000)
        self._last = now


def measure_drop(rows: int) -> DropTimes:
    """Stream a drop into a gallery, as the scan thread does, and watch the event loop."""
    application = make_application()
    host, library, _ = _gallery(application)
    runner = ScanRunner(partial(_found, rows), host)
    runner.events.connect(partial(_take_found, library))
    stutter = _Stutter(host)
    started = time.perf_counter()
    first_ms = 0.0
    runner.start()
    while len(library.rows) < rows:
        application.processEvents()
        if not first_ms and len(library.model.order):
            first_ms = (time.perf_counter() - started) * 1000
    all_ms = (time.perf_counter() - started) * 1000
    runner.abandon(1.0)
    host.close()
    return DropTimes(rows, first_ms, all_ms, stutter.worst_ms)


def _found(rows: int, cancel: Event) -> Iterator[ScanEvent]:
    batch = 500
    for start in range(0, rows, batch):
        if cancel.is_set():
            return
        numbers = range(start, min(start + batch, rows))
        yield FilesFound(tuple(FoundFile(f"/set/{n:07}.jpg", n, n, "/set") for n in numbers))


def _take_found(library: Library, events: list[ScanEvent]) -> None:
    files = [file for event in events if isinstance(event, FilesFound) for file in event.files]
    library.take_found(files)


def _gallery(application: QApplication) -> tuple[QWidget, Library, GalleryView]:
    host = QWidget()
    look = Look(data_folder("resources"), Theme.DARK, host)
    look.apply(Theme.DARK)
    library = Library(host)
    view = GalleryView(library, _StoredThumbnails(None, host), look, 160, host)
    host.resize(1280, 800)
    view.resize(1280, 800)
    host.show()
    application.processEvents()
    return host, library, view


def _fill(rows: LibraryRows) -> None:
    random = np.random.default_rng(0)
    rows.likelihood.values[:] = random.random(len(rows), dtype=np.float32)
    rows.status.values[:] = 0
    rows.finding.values[:] = FINDINGS.code(Finding.SUSPECT)
    rows.by_rule.values[:] = DECISIONS.code(Decision.REVIEW)
    rows.media.values[:] = MEDIA.code(MediaKind.IMAGE)


def _shown(application: QApplication, change: Callable[[], object]) -> None:
    change()
    application.sendPostedEvents()
    application.processEvents()


def _cpu_ms(work: Callable[[], object]) -> float:
    started = time.process_time_ns()
    work()
    return (time.process_time_ns() - started) / 1e6
