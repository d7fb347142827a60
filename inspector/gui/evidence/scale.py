"""The likelihood on a line from 0 to 1, with the thresholds in force."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.domain.policy import Thresholds


class LikelihoodScale(QWidget):
    """Paints one likelihood; an abstaining detector's is hollow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._likelihood = 0.0
        self._counts = True
        self._limits: Thresholds | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Likelihood"))

    def set_likelihood(self, likelihood: float, counts: bool, limits: Thresholds | None) -> None:
        """Show a likelihood in [0, 1]; ``counts`` is False where the detector abstains."""
        self._likelihood, self._counts, self._limits = likelihood, counts, limits
        self.setAccessibleDescription(f"{likelihood:.2f}")
        self.update()

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height()
        return QSize(height * 12, height * 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = self.fontMetrics().height()
        text = self.palette().color(QPalette.ColorRole.WindowText)
        rail = QRectF(unit * 0.6, unit * 1.3, self.width() - unit * 1.2, unit * 0.4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(rail, rail.height() / 2, rail.height() / 2)
        self._paint_limits(painter, rail)
        at = rail.left() + rail.width() * self._likelihood
        pointer = QPolygonF(
            [
                QPointF(at, rail.top() + 1),
                QPointF(at - unit * 0.35, rail.top() - unit * 0.5),
                QPointF(at + unit * 0.35, rail.top() - unit * 0.5),
            ]
        )
        painter.setPen(QPen(text, 1.4))
        painter.setBrush(text if self._counts else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(pointer)
        self._paint_number(painter, at, unit)

    def _paint_limits(self, painter: QPainter, rail: QRectF) -> None:
        if self._limits is None:
            return
        unit = self.fontMetrics().height()
        text = self.palette().color(QPalette.ColorRole.WindowText)
        names = ((self._limits.review, self.tr("review")), (self._limits.drop, self.tr("drop")))
        painter.setPen(QPen(text, 1))
        apart = (self._limits.drop - self._limits.review) * rail.width()
        wide = self.fontMetrics().horizontalAdvance(self.tr("review") + "  ")
        for number, (limit, name) in enumerate(names):
            at = rail.left() + rail.width() * limit
            painter.drawLine(QPointF(at, rail.top() - 2), QPointF(at, rail.bottom() + unit * 0.25))
            left = at - wide / 2
            if apart < wide:
                left = at - wide if number == 0 else at + 2
            left = min(max(0.0, left), self.width() - wide)
            place = QRectF(left, rail.bottom() + unit * 0.2, wide, unit * 1.1)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)

    def _paint_number(self, painter: QPainter, at: float, unit: int) -> None:
        words = f"{self._likelihood:.2f}"
        wide = self.fontMetrics().horizontalAdvance(words)
        right_of = at + unit * 0.6
        left = right_of if right_of + wide < self.width() else at - unit * 0.6 - wide
        place = QRectF(left, 0, wide + 1, unit * 1.2)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(place.adjusted(0, 0, unit, 0), Qt.AlignmentFlag.AlignVCenter, words)
