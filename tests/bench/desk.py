"""The desk with 100,000 files dropped on it: first thumbnail and event-loop gaps (T10)."""

import os
import tempfile
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QEventLoop, QObject, QTimer

from inspector.adapters.samples import draw_photo, encode_jpeg
from inspector.bootstrap.desk import Desk
from inspector.gui.app import begin, make_application, make_window
from inspector.settings import Places, Settings
from tests.bench.measured import Measured, peak_bytes

FOLDERS, FILES = 100, 1000
WATCHED_S = 15.0
STANDING_MS = 2000


class LoopWatch(QObject):
    """Notes how long the event loop went without coming round; lives in the UI thread."""

    def __init__(self) -> None:
        super().__init__()
        self.worst_s = 0.0
        self._last = perf_counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self._last = perf_counter()
        self._timer.start(0)

    def _beat(self) -> None:
        now = perf_counter()
        self.worst_s = max(self.worst_s, now - self._last)
        self._last = now


class FirstSight(QObject):
    """Notes when the first thumbnail is there."""

    def __init__(self) -> None:
        super().__init__()
        self.at: float | None = None

    def see(self) -> None:
        self.at = self.at or perf_counter()


def run() -> list[Measured]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as place:
        root = Path(place, "media")
        photo = encode_jpeg(draw_photo(1, 160, 120), quality=70)
        for folder in range(FOLDERS):
            parent = root / f"{folder:03d}"
            parent.mkdir(parents=True)
            for name in range(FILES):
                (parent / f"{name:04d}.jpg").write_bytes(photo)
        return _dropped(root, Path(place))


def _dropped(root: Path, place: Path) -> list[Measured]:
    make_application()
    desk = Desk(Places(place / "home"), Settings(), place / "desk.inspection")
    window = make_window(desk)
    window.resize(1280, 800)
    begin(window)
    # A desk stands for a moment before anything is dropped on it; its workers start meanwhile.
    _run_for(STANDING_MS)
    watch, sight = LoopWatch(), FirstSight()
    window.controller.thumbnails.loaded.connect(sight.see)
    watch.start()
    started = perf_counter()
    window.controller.add([str(root)])
    _run_for(int(WATCHED_S * 1000))
    found = len(window.controller.library.rows)
    judged = window.controller.library.rows.judged
    window.close()
    first = sight.at - started if sight.at else float("inf")
    note = f"{found:,} found, {judged:,} judged in {WATCHED_S:.0f} s"
    return [
        Measured(
            "T10 first thumbnail after dropping 100,000 files", first * 1000, 200, False, "ms"
        ),
        Measured("T10 worst event-loop gap", watch.worst_s * 1000, 50, False, "ms", note),
        Measured("desk process, resident", peak_bytes() / 2**20, 1024, False, "MiB"),
    ]


def _run_for(milliseconds: int) -> None:
    """Run the event loop for a while; quitting the application would close the desk."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
