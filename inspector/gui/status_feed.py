"""Tells the status bar what the scan and the device are doing."""

from PySide6.QtCore import QObject, QTimer, Slot

from inspector.domain.events import Progress
from inspector.gui.controller import DeskController
from inspector.gui.views.status import DeskStatus

DEVICE_MS = 1000
"""How often the device in use is asked for."""


class StatusFeed(QObject):
    """Connects a controller to a status bar; lives in the UI thread."""

    def __init__(self, controller: DeskController, status: DeskStatus) -> None:
        super().__init__(status)
        self._controller = controller
        self._status = status
        self._timer = QTimer(self, interval=DEVICE_MS)
        self._timer.timeout.connect(self.show_device)
        self._timer.start()
        controller.progressed.connect(self._show_progress)
        controller.scans.busy_changed.connect(self._show_busy)
        controller.library.size_changed.connect(self._show_counts)

    def stop(self) -> None:
        """Ask for the device no more: the services are about to close."""
        self._timer.stop()

    @Slot()
    def show_device(self) -> None:
        services = self._controller.services
        detector = services.detector()
        self._status.show_device(services.device(), detector.id if detector else "")

    @Slot(Progress)
    def _show_progress(self, progress: Progress) -> None:
        rows, scans = self._controller.library.rows, self._controller.scans
        if scans.is_again:
            self._status.show_again(progress, scans.waiting)
            return
        self._status.show_progress(progress, rows.judged, len(rows), scans.waiting)

    @Slot(bool)
    def _show_busy(self, is_busy: bool) -> None:
        self._status.set_busy(is_busy)
        self._tell_counts()
        self.show_device()

    @Slot()
    def _show_counts(self) -> None:
        """While a scan runs its own progress says more."""
        if not self._controller.scans.is_busy:
            self._tell_counts()

    def _tell_counts(self) -> None:
        rows, scans = self._controller.library.rows, self._controller.scans
        self._status.show_counts(rows.judged, len(rows), scans.waiting, scans.is_busy)
