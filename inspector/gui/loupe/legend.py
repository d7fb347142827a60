"""A small scale that says which colour stands for which likelihood."""

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.domain.score import NOT_SCORED
from inspector.gui.loupe.colour_map import MapColours, colour_table


class ColourLegend(QWidget):
    """Paints the colours from 0 to 1, and the hatching of what was not scored."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ramp = _ramp(MapColours.INFERNO)
        self._blank_words = self.tr("not scored")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Colour scale"))
        self._describe()

    @property
    def blank_words(self) -> str:
        """Return what the hatching stands for."""
        return self._blank_words

    def set_blank_words(self, words: str) -> None:
        """Say what the hatching stands for on the map that is shown."""
        if words != self._blank_words:
            self._blank_words = words
            self._describe()
            self.updateGeometry()
            self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(
            self.tr("Lighter is a higher likelihood; hatched: {0}.").format(self._blank_words)
        )

    def set_colours(self, colours: MapColours) -> None:
        self._ramp = _ramp(colours)
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        words = metrics.horizontalAdvance("0.0 1.0" + self._blank_words)
        return QSize(words + metrics.height() * 9, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        """Leave the words out where there is no room: the readout says them too."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance("0.0 1.0") + metrics.height() * 9, metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        height = self.fontMetrics().height()
        top = (self.height() - height) // 2
        left = self._text(painter, 0, "0")
        bar = QRect(left, top + height // 6, height * 6, height * 2 // 3)
        painter.drawImage(bar, self._ramp)
        painter.drawRect(bar.adjusted(0, 0, -1, -1))
        left = self._text(painter, bar.right() + height // 3, "1") + height // 2
        swatch = QRect(left, bar.top(), height, bar.height())
        colour = self.palette().color(QPalette.ColorRole.WindowText)
        painter.fillRect(swatch, QBrush(colour, Qt.BrushStyle.DiagCrossPattern))
        painter.drawRect(swatch.adjusted(0, 0, -1, -1))
        left = swatch.right() + height // 3
        room = self.width() - left
        elided = Qt.TextElideMode.ElideRight
        self._text(painter, left, self.fontMetrics().elidedText(self._blank_words, elided, room))

    def _text(self, painter: QPainter, left: int, text: str) -> int:
        """Draw at ``left`` and return where the next thing may start."""
        width = self.fontMetrics().horizontalAdvance(text)
        painter.drawText(
            QRect(left, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        return left + width + self.fontMetrics().height() // 3


def _ramp(colours: MapColours) -> QImage:
    table = np.ascontiguousarray(colour_table(colours)[:NOT_SCORED])
    width = table.shape[0]
    return QImage(table.data, width, 1, width * 3, QImage.Format.Format_RGB888).copy()
