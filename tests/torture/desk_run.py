"""The desk without a display: a folder is dropped, scanned, exported, and the desk closed.

Run as ``python -m tests.torture.desk_run FOLDER LISTS``.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from inspector.bootstrap.desk import open_desk
from inspector.gui.app import make_application, make_window

LINGER_MS = 15_000


class _Hands(QObject):
    """Waits until the scan is over, exports, and closes the window."""

    def __init__(self, folder: str, lists: Path) -> None:
        super().__init__()
        self._lists = lists
        self._desk, _ = open_desk([])
        self.window = make_window(self._desk)
        self.window.show()
        self.window.controller.read_session()
        self.window.controller.add([folder])
        self._seen_busy = False
        self._timer = QTimer(self, interval=50)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        busy = self.window.controller.scans.is_busy
        judged = self.window.controller.library.rows.judged
        self._seen_busy = self._seen_busy or busy
        if self._seen_busy and not busy and judged:
            self._timer.stop()
            self._desk.export(["txt", "jsonl"], self._lists, None)
            # What a library does behind our back, it does after a while.
            QTimer.singleShot(LINGER_MS, self.window.close)


def main() -> int:
    application = make_application()
    hands = _Hands(sys.argv[1], Path(sys.argv[2]))
    code = int(application.exec())
    assert hands is not None
    rows = (Path(sys.argv[2]) / "items.jsonl").read_text("utf-8").splitlines()
    return code if rows else 4


if __name__ == "__main__":
    sys.exit(main())
