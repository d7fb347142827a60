"""Runs Python's cyclic collector in the UI thread alone, between two turns of the event loop."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

CHECK_MS = 2000

YOUNG = 20_000
"""Objects made since the last look before one is worth its time."""

FULL_EVERY = 30
"""Looks at everything, once in so many looks."""


class UiCollector(QObject):
    """Switches the automatic collector off and collects on a timer instead.

    Left alone it runs in whichever thread happens to make objects; if that is the scan's and a
    widget is among the garbage, Qt is taken apart in the wrong thread and crashes. It also
    stutters where 100,000 rows are held, so what exists at the start is never looked at again.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._looks = 0
        gc.disable()
        gc.collect()
        gc.freeze()
        timer = QTimer(self, interval=CHECK_MS)
        timer.timeout.connect(self._look)
        timer.start()

    @Slot()
    def _look(self) -> None:
        if gc.get_count()[0] < YOUNG:
            return
        self._looks += 1
        gc.collect(2 if self._looks % FULL_EVERY == 0 else 1)
