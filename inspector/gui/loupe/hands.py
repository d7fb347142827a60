"""Zoom and pan of a canvas by wheel, mouse and arrow keys."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from inspector.gui.loupe.canvas import ZOOM_STEP, PictureCanvas

_PAN_SHARE = 0.12
"""An arrow key moves the picture by this share of the widget."""

_PAN_KEYS = {
    Qt.Key.Key_Left: (1.0, 0.0),
    Qt.Key.Key_Right: (-1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class CanvasHands(QObject):
    """Turns the events of one canvas into viewports; lives in the UI thread."""

    def __init__(self, canvas: PictureCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._dragged_from: QPointF | None = None
        canvas.installEventFilter(self)
        canvas.viewport_changed.connect(self._show_cursor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._canvas.has_picture:
            return False
        if isinstance(event, QWheelEvent):
            return self._turn_wheel(event)
        if isinstance(event, QKeyEvent):
            return self._press_key(event)
        if isinstance(event, QMouseEvent):
            return self._handle_mouse(event)
        return False

    def _turn_wheel(self, event: QWheelEvent) -> bool:
        at, steps = event.position(), event.angleDelta().y() / 120
        viewport = self._canvas.viewport.zoomed(ZOOM_STEP**steps, (at.x(), at.y()))
        self._canvas.set_viewport(viewport)
        return True

    def _press_key(self, event: QKeyEvent) -> bool:
        """Pan where there is something to pan; else leave the key to whoever wants it."""
        step = _PAN_KEYS.get(Qt.Key(event.key())) if event.modifiers() in _PLAIN else None
        if step is None or not self._canvas.viewport.pannable:
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() is not QEvent.Type.KeyPress:
            return False
        across = step[0] * self._canvas.width() * _PAN_SHARE
        down = step[1] * self._canvas.height() * _PAN_SHARE
        self._canvas.set_viewport(self._canvas.viewport.panned(across, down))
        return True

    def _handle_mouse(self, event: QMouseEvent) -> bool:
        is_left = event.button() is Qt.MouseButton.LeftButton
        match event.type():
            case QEvent.Type.MouseButtonDblClick if is_left:
                self._canvas.toggle_fit()
                return True
            case QEvent.Type.MouseButtonPress if is_left:
                self._dragged_from = event.position()
            case QEvent.Type.MouseButtonRelease:
                self._dragged_from = None
            case QEvent.Type.MouseMove if self._dragged_from is not None:
                moved = event.position() - self._dragged_from
                self._dragged_from = event.position()
                self._canvas.set_viewport(self._canvas.viewport.panned(moved.x(), moved.y()))
            case _:
                return False
        self._show_cursor()
        return False

    def _show_cursor(self) -> None:
        if not self._canvas.viewport.pannable:
            self._canvas.unsetCursor()
        elif self._dragged_from is not None:
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self._canvas.setCursor(Qt.CursorShape.OpenHandCursor)
