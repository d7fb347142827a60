"""Draws the marks in the colour of the text beside them, at any size and pixel density."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.gui.evidence.drawings import DRAWINGS, FIELD
from inspector.gui.evidence.facts import Mark

_PEN = 2.3
_DASHES = [1.6, 1.6]
"""Of the circle that stands for no evidence, in widths of the pen."""


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
    painter.scale(place.width() / FIELD, place.height() / FIELD)
    strokes, filled = DRAWINGS[mark]()
    pen = QPen(colour, _PEN)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if mark is Mark.NO_EVIDENCE:
        pen.setDashPattern(_DASHES)
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
