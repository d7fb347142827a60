"""Draws what was scored of a clip: curve, heat strip, spans, thresholds, time marks."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QPainter, QPalette, QPen

from inspector.domain.policy import Thresholds
from inspector.domain.score import FrameScore, Span
from inspector.gui.clip.timing import cell_edges, time_words
from inspector.gui.loupe.colour_map import MapColours, colour_of

_MOST_DOTS = 120
_TICKS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)


@dataclass(frozen=True, slots=True)
class TimelineLayout:
    """Where times and likelihoods lie on a timeline, in screen points."""

    size: QSize
    unit: float
    duration_s: float

    @property
    def graph(self) -> QRectF:
        margin = self.unit * 0.8
        return QRectF(margin, self.unit * 0.6, self.size.width() - 2 * margin, self.unit * 3.4)

    @property
    def strip(self) -> QRectF:
        graph = self.graph
        return QRectF(
            graph.left(), graph.bottom() + self.unit * 0.55, graph.width(), self.unit * 0.9
        )

    def x(self, time_s: float) -> float:
        graph = self.graph
        return graph.left() + graph.width() * min(1.0, time_s / max(1e-9, self.duration_s))

    def time_s(self, x: float) -> float:
        share = (x - self.graph.left()) / max(1.0, self.graph.width())
        return min(1.0, max(0.0, share)) * self.duration_s

    def y(self, likelihood: float) -> float:
        return self.graph.bottom() - self.graph.height() * likelihood


@dataclass(frozen=True, slots=True)
class TimelineDrawing:
    """One drawing of one clip, in the colours of a palette.

    Attributes:
        review: word beside the review threshold.
        drop: word beside the drop threshold.
    """

    layout: TimelineLayout
    frames: Sequence[FrameScore]
    spans: Sequence[Span]
    limits: Thresholds | None
    colours: MapColours
    palette: QPalette
    review: str
    drop: str

    def draw(self, painter: QPainter) -> None:
        """Draw everything but the playhead."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.layout.graph, self.palette.color(QPalette.ColorRole.Base))
        if self.layout.duration_s > 0:
            self._draw_spans(painter)
            self._draw_limits(painter)
            self._draw_curve(painter)
            self._draw_strip(painter)
            self._draw_ticks(painter, painter.fontMetrics())

    def _draw_spans(self, painter: QPainter) -> None:
        graph, unit = self.layout.graph, self.layout.unit
        for span in self.spans:
            left, right = self.layout.x(span.start_s), self.layout.x(span.end_s)
            wide = max(2.0, right - left)
            colour = self.palette.color(QPalette.ColorRole.Accent)
            painter.fillRect(QRectF(left, graph.bottom() + unit * 0.12, wide, unit * 0.25), colour)
            colour.setAlpha(70)
            hatched = QBrush(colour, Qt.BrushStyle.BDiagPattern)
            painter.fillRect(QRectF(left, graph.top(), wide, graph.height()), hatched)

    def _draw_limits(self, painter: QPainter) -> None:
        if self.limits is None:
            return
        muted = self.palette.color(QPalette.ColorRole.PlaceholderText)
        graph = self.layout.graph
        # The words stand clear of each other: the higher limit above its line, the lower below.
        for limit, name, rise in (
            (self.limits.review, self.review, 0.0),
            (self.limits.drop, self.drop, self.layout.unit),
        ):
            y = self.layout.y(limit)
            painter.setPen(QPen(muted, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(graph.left(), y), QPointF(graph.right(), y))
            # At the end, as the playhead starts at the beginning.
            beside = QRectF(graph.left(), y - rise, graph.width() - 3, self.layout.unit)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, name)

    def _draw_curve(self, painter: QPainter) -> None:
        points = [QPointF(self.layout.x(f.pts_s), self.layout.y(f.likelihood)) for f in self.frames]
        text = self.palette.color(QPalette.ColorRole.WindowText)
        painter.setPen(QPen(text, 1.4))
        painter.drawPolyline(points)
        if len(points) <= _MOST_DOTS:
            painter.setBrush(text)
            for point in points:
                painter.drawEllipse(point, 2.2, 2.2)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_strip(self, painter: QPainter) -> None:
        strip = self.layout.strip
        edges = cell_edges(self.frames, self.layout.duration_s)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for frame, start_s, end_s in zip(self.frames, edges, edges[1:], strict=False):
            left, right = self.layout.x(start_s), self.layout.x(end_s)
            cell = QRectF(left, strip.top(), max(1.0, right - left), strip.height())
            painter.fillRect(cell, colour_of(frame.likelihood, self.colours))
        painter.setPen(self.palette.color(QPalette.ColorRole.Mid))
        painter.drawRect(strip)
        if not self.frames:
            hatched = QBrush(
                self.palette.color(QPalette.ColorRole.Mid), Qt.BrushStyle.DiagCrossPattern
            )
            painter.fillRect(strip, hatched)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _draw_ticks(self, painter: QPainter, metrics: QFontMetrics) -> None:
        painter.setPen(self.palette.color(QPalette.ColorRole.PlaceholderText))
        strip, unit = self.layout.strip, self.layout.unit
        wide = metrics.horizontalAdvance("0:00:00.0") + unit
        room = max(2, int(strip.width() // wide))
        step = next((s for s in _TICKS_S if self.layout.duration_s / s <= room), _TICKS_S[-1])
        for number in range(int(self.layout.duration_s / step + 1e-6) + 1):
            x = self.layout.x(number * step)
            painter.drawLine(QPointF(x, strip.bottom() + 1), QPointF(x, strip.bottom() + 4))
            right_edge = self.layout.size.width()
            left = min(max(0.0, x - wide / 2), right_edge - wide)
            flags = Qt.AlignmentFlag.AlignHCenter
            flags = Qt.AlignmentFlag.AlignLeft if x - wide / 2 < 0 else flags
            flags = Qt.AlignmentFlag.AlignRight if x + wide / 2 > right_edge else flags
            place = QRectF(left, strip.bottom() + 4, wide, unit)
            painter.drawText(place, flags, _short(number * step, step))


def _short(time_s: float, step_s: float) -> str:
    words = time_words(time_s)
    return words[:-4] if step_s >= 1 else words[:-2]
