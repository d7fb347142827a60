"""The bottom line: how far the scan is, how fast, and the device really in use."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from inspector.domain.detector import DeviceReport
from inspector.domain.events import Progress
from inspector.gui.wording import grouped, plain_tip


class DeskStatus(QStatusBar):
    """Shows what it is told; red with the reason where the device is not the one asked for."""

    def __init__(self, stop: QAction, go_on: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(12 * self.fontMetrics().height())
        self._bar.setAccessibleName(self.tr("Progress of the scan"))
        self.progress = QLabel(self)
        self._stop = self._button(stop)
        self._go_on = self._button(go_on)
        self.device = QLabel(self)
        self.device.setTextFormat(Qt.TextFormat.PlainText)
        self.device.setObjectName("device")
        for widget in (self._bar, self.progress, self._stop, self._go_on):
            self.addWidget(widget)
        self.addPermanentWidget(self.device)
        self.set_busy(False)
        self.show_device(None)

    def set_busy(self, is_busy: bool) -> None:
        self._bar.setVisible(is_busy)
        self._stop.setVisible(is_busy)
        self._go_on.hide()
        self._bar.setRange(0, 0)

    def show_counts(self, judged: int, total: int, waiting_drops: int, is_busy: bool) -> None:
        """Say how far it is, where no speed is known."""
        if not total:
            self.progress.setText(self.tr("Looking for files…") if is_busy else "")
        elif judged == total and not is_busy:
            self.progress.setText(self.tr("{0} files judged").format(grouped(total)))
        else:
            words = self.tr("{0} of {1} files").format(grouped(judged), grouped(total))
            if not is_busy:
                words += self.tr(" judged; the scan was stopped")
            self._go_on.setVisible(not is_busy)
            self.progress.setText(words + _queued(self, waiting_drops))

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def show_progress(
        self, progress: Progress, judged: int, total: int, waiting_drops: int
    ) -> None:
        words = self.tr("{0} of {1} files").format(grouped(judged), grouped(total))
        if not progress.discovered:
            words += self.tr(" so far")
        if progress.files_per_s > 0:
            words += self.tr(" · {0:.3g} files/s").format(progress.files_per_s)
        if progress.seconds_left is not None:
            words += self.tr(" · {0} left").format(time_words(progress.seconds_left))
        self.progress.setText(words + _queued(self, waiting_drops))
        self._bar.setRange(0, max(1, total) if progress.discovered else 0)
        self._bar.setValue(judged)

    def show_again(self, progress: Progress, waiting_drops: int) -> None:
        """Say how far a scoring of chosen files is."""
        words = self.tr("Scoring again: {0} of {1} files").format(
            grouped(progress.done), grouped(progress.found)
        )
        if progress.seconds_left is not None:
            words += self.tr(" · {0} left").format(time_words(progress.seconds_left))
        self.progress.setText(words + _queued(self, waiting_drops))
        self._bar.setRange(0, max(1, progress.found) if progress.discovered else 0)
        self._bar.setValue(progress.done)

    def show_device(self, report: DeviceReport | None, model: str = "") -> None:
        """Show the session's detector and the device that it really got."""
        name = model or self.tr("Detector")
        fallback = report.fallback_reason if report else None
        if report is None:
            self.device.setText(self.tr("Detector not loaded yet"))
        elif fallback is not None:
            self.device.setText(
                self.tr("{0} on {1} only — {2}").format(name, report.name, fallback)
            )
        else:
            speed = report.tiles_per_s
            rate = self.tr(" · {0:.3g} tiles/s").format(speed) if speed else ""
            self.device.setText(self.tr("{0} on {1}{2}").format(name, report.name, rate))
        usual = self.tr("This session's detector, and the device that it really runs on")
        self.device.setToolTip(plain_tip(fallback or usual))
        if self.device.property("fallback") != (fallback is not None):
            self.device.setProperty("fallback", fallback is not None)
            self.device.style().unpolish(self.device)
            self.device.style().polish(self.device)


def time_words(seconds: float) -> str:
    """Return a time span as people say it: 40 s, 12 min, 2 h 5 min."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def _queued(status: DeskStatus, waiting_drops: int) -> str:
    if not waiting_drops:
        return ""
    return status.tr(" · {0} more to scan after").format(waiting_drops)
