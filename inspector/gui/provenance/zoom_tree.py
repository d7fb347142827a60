"""A tree that can be read from afar or taken in at a glance: its words and pictures zoom."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QTreeView, QWidget

STEP = 1.2
SMALLEST, LARGEST = -5, 6
"""Steps away from the size of all other words: from 40 % to 300 %."""

_WHEEL_NOTCH = 120
_STEPS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}


class ZoomTree(QTreeView):
    """Zooms by Ctrl with plus, minus and 0, and with the wheel, while it has the keys."""

    zoomed = Signal()  # words and pictures have another size
    room_changed = Signal()  # the rows have another width to lie in

    def __init__(self, icon_px: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon_px = icon_px
        self._points = self.font().pointSizeF()
        self._level = 0
        self._wheel = 0
        self._apply()

    @property
    def zoom(self) -> float:
        """Return how much larger than other words those of the tree are; 1 at first."""
        return STEP**self._level

    @Slot()
    def zoom_in(self) -> None:
        self._zoom_to(self._level + 1)

    @Slot()
    def zoom_out(self) -> None:
        self._zoom_to(self._level - 1)

    @Slot()
    def zoom_back(self) -> None:
        self._zoom_to(0)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of zooming from the menus, whose pictures they change elsewhere."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and _step_of(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.room_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _step_of(event)
        if step is None:
            super().keyPressEvent(event)
        else:
            self._zoom_to(self._level + step if step else 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / _WHEEL_NOTCH)  # a touch pad sends parts of a notch
        self._wheel -= steps * _WHEEL_NOTCH
        self._zoom_to(self._level + steps)
        event.accept()

    def _zoom_to(self, level: int) -> None:
        level = min(max(level, SMALLEST), LARGEST)
        if level != self._level:
            self._level = level
            self._apply()
            self.zoomed.emit()

    def _apply(self) -> None:
        font = self.font()
        font.setPointSizeF(self._points * self.zoom)
        self.setFont(font)
        side = round(self._icon_px * self.zoom)
        self.setIconSize(QSize(side, side))


def _step_of(event: QKeyEvent) -> int | None:
    """Return a step of zooming, 0 for the way back, None for any other key."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return None
    if event.key() == Qt.Key.Key_0:
        return 0
    return _STEPS.get(Qt.Key(event.key()))
