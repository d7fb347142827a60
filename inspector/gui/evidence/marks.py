"""Draws the marks in the colour of the text beside them, at any size and pixel density."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.gui.evidence.facts import Mark


def mark_image(mark: Mark, colour: QColor, side: int, ratio: float) -> QImage:
    """Return a mark on a transparent ground.

    Args:
        side: screen points.
        ratio: device pixels per screen point.
    """
    image = QImage(
        math.ceil(side * ratio), math.ceil(side * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.fill(Qt.GlobalColor.transparent)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    paint_mark(painter, mark, QRectF(0, 0, side, side), colour)
    painter.end()
    return image


def paint_mark(painter: QPainter, mark: Mark, place: QRectF, colour: QColor) -> None:
    """Paint a mark into a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(place.topLeft())
    painter.scale(place.width() / 16, place.height() / 16)
    strokes, filled = _DRAWINGS[mark]()
    pen = QPen(colour, 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.fillPath(filled, colour)
    painter.setPen(pen)
    painter.drawPath(strokes)
    painter.restore()


class MarkWidget(QWidget):
    """One mark, as high as the text around it; says nothing to screen readers, the words do."""

    def __init__(self, parent: QWidget, scale: float = 1.0) -> None:
        super().__init__(parent)
        self._mark = Mark.NOTHING
        self._scale = scale
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_mark(self, mark: Mark) -> None:
        self._mark = mark
        self.update()

    def sizeHint(self) -> QSize:
        side = round(self.fontMetrics().height() * self._scale)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        side = float(min(self.width(), self.height()))
        colour = self.palette().color(self.foregroundRole())
        paint_mark(QPainter(self), self._mark, QRectF(0, 0, side, side), colour)


_Drawing = tuple[QPainterPath, QPainterPath]
"""What is stroked, and what is filled, on a field of 16 x 16."""


def _star(cx: float, cy: float, outer: float) -> QPainterPath:
    path = QPainterPath()
    for corner in range(8):
        radius = outer if corner % 2 == 0 else outer * 0.36
        angle = math.pi / 4 * corner - math.pi / 2
        point = QPointF(cx + radius * math.cos(angle), cy + radius * math.sin(angle))
        if corner == 0:
            path.moveTo(point)
        else:
            path.lineTo(point)
    path.closeSubpath()
    return path


def _lines(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    return path


def _circle(cx: float, cy: float, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(cx, cy), radius, radius)
    return path


def _ai() -> _Drawing:
    filled = _star(6.5, 9, 6)
    filled.addPath(_star(12.8, 3.6, 3))
    return QPainterPath(), filled


def _ai_part() -> _Drawing:
    return _star(6.5, 9, 5.4), _star(12.8, 3.6, 3)


def _camera() -> _Drawing:
    body = QPainterPath()
    body.addRoundedRect(QRectF(1.5, 4.5, 13, 9), 1.5, 1.5)
    body.addPath(_lines((5, 4.5), (6, 2.5), (10, 2.5), (11, 4.5)))
    body.addEllipse(QPointF(8, 9), 2.6, 2.6)
    return body, QPainterPath()


def _matches() -> _Drawing:
    return _lines((2.5, 8.5), (6.5, 12.5), (13.5, 3.5)), QPainterPath()


def _broken() -> _Drawing:
    path = _circle(8, 8, 6.6)
    path.addPath(_lines((5.4, 5.4), (10.6, 10.6)))
    path.addPath(_lines((10.6, 5.4), (5.4, 10.6)))
    return path, QPainterPath()


def _notice() -> _Drawing:
    path = _lines((8, 1.8), (14.8, 14), (1.2, 14), (8, 1.8))
    path.addPath(_lines((8, 6), (8, 9.6)))
    return path, _circle(8, 11.9, 0.9)


def _refuses() -> _Drawing:
    path = _circle(8, 8, 6.6)
    path.addPath(_lines((3.6, 3.6), (12.4, 12.4)))
    return path, QPainterPath()


def _raised() -> _Drawing:
    path = _lines((2, 14), (14, 14))
    path.addPath(_lines((8, 11), (8, 2.4)))
    path.addPath(_lines((4.2, 6.2), (8, 2.4), (11.8, 6.2)))
    return path, QPainterPath()


def _nothing() -> _Drawing:
    return _lines((4, 8), (12, 8)), QPainterPath()


def _info() -> _Drawing:
    path = _circle(8, 8, 6.6)
    path.addPath(_lines((8, 7.4), (8, 11.4)))
    return path, _circle(8, 4.8, 0.9)


_DRAWINGS = {
    Mark.AI: _ai,
    Mark.AI_PART: _ai_part,
    Mark.CAMERA: _camera,
    Mark.MATCHES: _matches,
    Mark.BROKEN: _broken,
    Mark.NOTICE: _notice,
    Mark.REFUSES: _refuses,
    Mark.RAISED: _raised,
    Mark.NOTHING: _nothing,
    Mark.INFO: _info,
}
