"""The widget that shows one picture or frame with its overlay, zoomed and panned."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.gui.loupe.overlay import HeatmapOverlay
from inspector.gui.loupe.pyramid import Pyramid
from inspector.gui.loupe.viewport import Viewport

ZOOM_STEP = 1.25
_NEAREST_FROM = 3.0
"""Device pixels per picture pixel from which single pixels are shown as squares."""


class PictureCanvas(QWidget):
    """Owns the viewport and the overlay; lives in the UI thread and never decodes."""

    pointed = Signal(QPointF)  # the cursor moved; picture pixels, may lie outside the picture
    left = Signal()  # the cursor left the widget
    viewport_changed = Signal(object)  # Viewport, after zoom, pan or resize

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.overlay = HeatmapOverlay()
        self._pyramid: Pyramid | None = None
        self._viewport = Viewport((1, 1), (1.0, 1.0))
        self._message = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def viewport(self) -> Viewport:
        return self._viewport

    @property
    def has_picture(self) -> bool:
        return self._pyramid is not None

    @property
    def message(self) -> str:
        """Return the words shown in place of a picture, empty where there is one."""
        return self._message

    @property
    def zoom(self) -> float:
        """Return device pixels per picture pixel: 1.0 is 100 %."""
        return self._viewport.scale * self.devicePixelRatioF()

    def show_picture(self, pyramid: Pyramid, size: tuple[int, int] | None = None) -> None:
        """Show pixels; the viewport stays where the picture's size stays.

        Args:
            pyramid: the pixels.
            size: size of the picture they stand for, where they are a thumbnail of it.
        """
        size = size or pyramid.size
        self._pyramid = pyramid
        self._message = ""
        if size != self._viewport.picture:
            self._viewport = Viewport(size, self._widget_size()).fit()
            self.viewport_changed.emit(self._viewport)
        self.update()

    def clear(self) -> None:
        """Show nothing for now; the viewport stays, for a next picture of the same size."""
        self._pyramid = None
        self._message = ""
        self.update()

    def show_message(self, message: str) -> None:
        """Show plain words in place of a picture."""
        self._pyramid = None
        self._message = message
        self._viewport = Viewport((1, 1), self._widget_size())
        self.update()

    def set_viewport(self, viewport: Viewport) -> None:
        """Take another view's viewport, or one made from this one's."""
        self._viewport = viewport.resized(self._widget_size())
        self.viewport_changed.emit(self._viewport)
        self.update()

    def fit(self) -> None:
        self.set_viewport(self._viewport.fit())

    def zoom_by(self, factor: float) -> None:
        """Magnify about the middle."""
        self.set_viewport(self._viewport.zoomed(factor))

    def toggle_fit(self) -> None:
        """Go to 100 % at the cursor, or back to the whole picture."""
        if not self._viewport.fitted:
            self.fit()
            return
        cursor = self.mapFromGlobal(self.cursor().pos())
        at = (float(cursor.x()), float(cursor.y())) if self.rect().contains(cursor) else None
        self.set_viewport(self._viewport.scaled(1 / self.devicePixelRatioF(), at))

    def picture_to_screen(self) -> QTransform:
        """Return the transform from picture pixels to screen points."""
        x, y = self._viewport.origin
        if self.zoom >= 1:
            ratio = self.devicePixelRatioF()
            x, y = round(x * ratio) / ratio, round(y * ratio) / ratio
        return QTransform(self._viewport.scale, 0, 0, self._viewport.scale, x, y)

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._viewport = self._viewport.resized(self._widget_size())
        self.viewport_changed.emit(self._viewport)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().color(QPalette.ColorRole.Window))
        if self._pyramid is None:
            self._paint_message(painter)
            return
        level = self._pyramid.level_for(self.zoom)
        to_screen = self.picture_to_screen()
        enlarged = self.zoom * self._viewport.picture[0] / max(1, level.width())
        smooth = enlarged < _NEAREST_FROM or level.width() < self._viewport.picture[0]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(to_screen.mapRect(QRectF(0, 0, *self._viewport.picture)), level)
        self.overlay.paint(painter, to_screen, self._viewport.picture)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pyramid is not None:
            at = event.position()
            self.pointed.emit(QPointF(*self._viewport.to_picture((at.x(), at.y()))))

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()
        super().leaveEvent(event)

    def _widget_size(self) -> tuple[float, float]:
        return (float(max(1, self.width())), float(max(1, self.height())))

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        margin = self.fontMetrics().height() * 2
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(
            self.rect().adjusted(margin, margin, -margin, -margin), flags, self._message
        )
