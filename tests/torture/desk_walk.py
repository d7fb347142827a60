"""The desk over a folder of bad files: scanned, then every file looked at, the event loop watched.

Run as ``python -m tests.torture.desk_walk REPORT SERVER FOLDER...``; REPORT gets a JSON object,
SERVER is the process id of the display's server, 0 where there is none.
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, thread_time

from PySide6.QtCore import QEventLoop, QObject, QTimer

from inspector.bootstrap.desk import open_desk
from inspector.gui.app import begin, make_application, make_window
from inspector.gui.main_window import MainWindow
from inspector.gui.views.stage import Page

STANDING_MS = 2000
BEAT_MS = 5
LOOK_MS, DWELL_MS, PATIENCE_MS = 20, 300, 10_000
"""How often it is asked whether a file is shown, how long each page is looked at at most, and how
long the session may take to tell what is known of a file."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The event loop did not come round for a while.

    Attributes:
        wall_ms: how long.
        own_ms: the same without the time that threads of the desk, which may have held the
            interpreter, or the display's server were ready to run and no processor was free; at
            least ``computed_ms``.
        computed_ms: what the thread of the desk itself computed.
        during: what was being done.
    """

    wall_ms: float
    own_ms: float
    computed_ms: float
    during: str


class LoopWatch(QObject):
    """Notes the longest gaps of the event loop; lives in the UI thread (Linux)."""

    def __init__(self, server: str) -> None:
        super().__init__()
        self.during = ""
        self._processes = ("self", server) if server != "0" else ("self",)
        self.gaps: list[Gap] = []
        self._last, self._waited, self._busy = perf_counter(), self._waits_s(), thread_time()
        self._timer = QTimer(self, interval=BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self._last, self._waited, self._busy = perf_counter(), self._waits_s(), thread_time()
        self._timer.start()

    def _beat(self) -> None:
        now, waited = perf_counter(), self._waits_s()
        wall = now - self._last - BEAT_MS / 1000
        starved = sum(so_far - self._waited.get(thread, 0.0) for thread, so_far in waited.items())
        computed = thread_time() - self._busy
        own = max(computed, wall - starved)
        self._last, self._waited, self._busy = now, waited, self._busy + computed
        self.gaps.append(Gap(wall * 1000, own * 1000, computed * 1000, self.during))
        if len(self.gaps) > 1000:
            self.gaps = self.worst(50)

    def worst(self, count: int) -> list[Gap]:
        """Return the longest gaps: by wall time, by the desk's share, and by computing."""
        by_wall = sorted(self.gaps, key=lambda gap: gap.wall_ms)[-count:]
        by_own = sorted(self.gaps, key=lambda gap: gap.own_ms)[-count:]
        by_computing = sorted(self.gaps, key=lambda gap: gap.computed_ms)[-count:]
        return list({id(gap): gap for gap in (*by_wall, *by_own, *by_computing)}.values())

    def _waits_s(self) -> dict[str, float]:
        """Return how long each thread has waited for a processor so far, seconds (Linux)."""
        waits = {}
        for process in self._processes:
            for thread in os.listdir(f"/proc/{process}/task"):
                with contextlib.suppress(OSError):  # it has just ended
                    fields = Path(f"/proc/{process}/task/{thread}/schedstat").read_bytes().split()
                    waits[thread] = int(fields[1]) / 1e9
        return waits


def main() -> int:
    report, server, folders = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    make_application()
    desk, _ = open_desk([])
    window = make_window(desk)
    window.resize(1280, 800)
    begin(window)
    _run_until(lambda: False, STANDING_MS)
    watch = LoopWatch(server)
    watch.start()
    watch.during = "scan"
    controller = window.controller
    controller.add(folders)
    _run_until(lambda: controller.scans.is_busy, 10_000)
    _run_until(lambda: not controller.scans.is_busy, 3_600_000)
    shown = _walk(window, watch)
    rows = controller.library.rows
    worst = [asdict(gap) for gap in watch.worst(5)]
    outcome = {
        "found": len(rows),
        "judged": rows.judged,
        "listed": len(controller.library.model.order),
        "shown": shown,
        "gaps": worst,
    }
    watch.during = "close"
    window.close()
    report.write_text(json.dumps(outcome), "utf-8")
    return 0


def _walk(window: MainWindow, watch: LoopWatch) -> int:
    """Look at every file in the loupe or the clip view, and at its credential; return how many."""
    library, jobs = window.controller.library, window.controller.jobs
    focus, shown = window.controller.focus, 0

    def is_told() -> bool:
        return focus.item is not None and focus.item.path == path

    for row in library.model.order:
        path = library.rows.paths[int(row)]
        watch.during = ascii(path)
        library.selection.choose_only(int(row))
        _run_until(is_told, PATIENCE_MS)
        shown += is_told()
        for page in (Page.LOUPE, Page.PROVENANCE):
            window.stage.show_page(page)
            _run_until(jobs._is_idle, DWELL_MS)
    window.stage.show_page(Page.GALLERY)
    return shown


def _run_until(done: Callable[[], bool], milliseconds: int) -> None:
    """Run the event loop until something holds, or for so long at most."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    looker = QTimer(interval=LOOK_MS)
    looker.timeout.connect(lambda: loop.quit() if done() else None)
    looker.start()
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
