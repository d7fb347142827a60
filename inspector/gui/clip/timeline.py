"""The timeline of a clip: likelihood of every scored frame as a curve and as heat, with spans."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from inspector.domain.policy import Thresholds
from inspector.domain.score import FrameScore, Span
from inspector.gui.clip.timing import cell_edges, nearest, time_words
from inspector.gui.loupe.colour_map import MapColours, colour_of

_MOST_DOTS = 120
_TICKS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)


class Timeline(QWidget):
    """Paints what was scored, once, and the playhead over it; asks for times with the mouse."""

    sought = Signal(float)  # seconds, while the user presses or drags on the timeline

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._duration_s = 0.0
        self._frames: tuple[FrameScore, ...] = ()
        self._spans: tuple[Span, ...] = ()
        self._limits: Thresholds | None = None
        self._colours = MapColours.INFERNO
        self._position_s = 0.0
        self._drawn: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Timeline"))

    def show_clip(
        self,
        duration_s: float,
        frames: Sequence[FrameScore],
        spans: Sequence[Span],
        limits: Thresholds | None,
    ) -> None:
        """Show another clip.

        Args:
            duration_s: seconds; 0 where unknown.
            frames: every scored frame, in order of pts.
            spans: stretches over the review threshold.
            limits: the detector's thresholds for clips.
        """
        last_s = frames[-1].pts_s if frames else 0.0
        self._duration_s = max(duration_s, last_s)
        self._frames, self._spans, self._limits = tuple(frames), tuple(spans), limits
        self._position_s = 0.0
        self.setAccessibleDescription(self._describe())
        self._redraw()

    def set_position(self, time_s: float) -> None:
        self._position_s = time_s
        self.update()

    def set_colours(self, colours: MapColours) -> None:
        self._colours = colours
        self._redraw()

    def sizeHint(self) -> QSize:
        unit = self.fontMetrics().height()
        return QSize(unit * 30, round(unit * 7.0))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawn is None:
            self._drawn = self._draw()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        if self._duration_s <= 0:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(QPalette.ColorRole.Accent)
        at = self._x(self._position_s)
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QPointF(at, 0), QPointF(at, self._strip().bottom() + 3))
        painter.setBrush(colour)
        half = self.fontMetrics().height() * 0.35
        painter.drawPolygon(
            QPolygonF([QPointF(at - half, 0), QPointF(at + half, 0), QPointF(at, half * 1.4)])
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._redraw()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._seek(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event.position().x())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._words_at(event.pos()), self)
            return True
        return super().event(event)

    def _seek(self, x: float) -> None:
        if self._duration_s > 0:
            self.sought.emit(self._time(x))

    def _words_at(self, at: QPoint) -> str:
        frame = nearest(self._frames, self._time(at.x()))
        if frame is None:
            return time_words(self._time(at.x()))
        return self.tr(
            "{time}: likelihood {likelihood:.2f} of the frame scored at {scored}"
        ).format(
            time=time_words(self._time(at.x())),
            likelihood=frame.likelihood,
            scored=time_words(frame.pts_s),
        )

    def _describe(self) -> str:
        if not self._frames:
            return self.tr("No frame was scored.")
        top = max(self._frames, key=_likelihood)
        words = [
            self.tr("{count} frames scored; highest {likelihood:.2f} at {time}.").format(
                count=len(self._frames), likelihood=top.likelihood, time=time_words(top.pts_s)
            )
        ]
        words += [
            self.tr("Span from {start} to {end}, likelihood {likelihood:.2f}.").format(
                start=time_words(span.start_s),
                end=time_words(span.end_s),
                likelihood=span.likelihood,
            )
            for span in self._spans
        ]
        return " ".join(words)

    def _redraw(self) -> None:
        self._drawn = None
        self.update()

    def _margin(self) -> float:
        return self.fontMetrics().height() * 0.8

    def _graph(self) -> QRectF:
        unit = self.fontMetrics().height()
        return QRectF(self._margin(), unit * 0.6, self.width() - 2 * self._margin(), unit * 3.4)

    def _strip(self) -> QRectF:
        unit, graph = self.fontMetrics().height(), self._graph()
        return QRectF(graph.left(), graph.bottom() + unit * 0.55, graph.width(), unit * 0.9)

    def _x(self, time_s: float) -> float:
        graph = self._graph()
        return graph.left() + graph.width() * min(1.0, time_s / max(1e-9, self._duration_s))

    def _time(self, x: float) -> float:
        graph = self._graph()
        share = (x - graph.left()) / max(1.0, graph.width())
        return min(1.0, max(0.0, share)) * self._duration_s

    def _y(self, likelihood: float) -> float:
        graph = self._graph()
        return graph.bottom() - graph.height() * likelihood

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(self.palette().color(QPalette.ColorRole.Window))
        painter = QPainter(pixmap)
        painter.setFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self._graph(), self.palette().color(QPalette.ColorRole.Base))
        if self._duration_s > 0:
            self._draw_spans(painter)
            self._draw_limits(painter)
            self._draw_curve(painter)
            self._draw_strip(painter)
            self._draw_ticks(painter)
        painter.end()
        return pixmap

    def _draw_spans(self, painter: QPainter) -> None:
        graph, unit = self._graph(), self.fontMetrics().height()
        for span in self._spans:
            left, right = self._x(span.start_s), self._x(span.end_s)
            wide = max(2.0, right - left)
            colour = self.palette().color(QPalette.ColorRole.Accent)
            painter.fillRect(QRectF(left, graph.bottom() + unit * 0.12, wide, unit * 0.25), colour)
            colour.setAlpha(70)
            hatched = QBrush(colour, Qt.BrushStyle.BDiagPattern)
            painter.fillRect(QRectF(left, graph.top(), wide, graph.height()), hatched)

    def _draw_limits(self, painter: QPainter) -> None:
        if self._limits is None:
            return
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        graph = self._graph()
        for limit, name in (
            (self._limits.review, self.tr("review")),
            (self._limits.drop, self.tr("drop")),
        ):
            y = self._y(limit)
            painter.setPen(QPen(muted, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(graph.left(), y), QPointF(graph.right(), y))
            below = QRectF(graph.left() + 3, y, graph.width(), self.fontMetrics().height())
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name)

    def _draw_curve(self, painter: QPainter) -> None:
        points = [QPointF(self._x(f.pts_s), self._y(f.likelihood)) for f in self._frames]
        text = self.palette().color(QPalette.ColorRole.WindowText)
        painter.setPen(QPen(text, 1.4))
        painter.drawPolyline(points)
        if len(points) <= _MOST_DOTS:
            painter.setBrush(text)
            for point in points:
                painter.drawEllipse(point, 2.2, 2.2)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_strip(self, painter: QPainter) -> None:
        strip = self._strip()
        edges = cell_edges(self._frames, self._duration_s)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for frame, start_s, end_s in zip(self._frames, edges, edges[1:], strict=False):
            left, right = self._x(start_s), self._x(end_s)
            cell = QRectF(left, strip.top(), max(1.0, right - left), strip.height())
            painter.fillRect(cell, colour_of(frame.likelihood, self._colours))
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(strip)
        if not self._frames:
            hatched = QBrush(
                self.palette().color(QPalette.ColorRole.Mid), Qt.BrushStyle.DiagCrossPattern
            )
            painter.fillRect(strip, hatched)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _draw_ticks(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        strip, unit = self._strip(), self.fontMetrics().height()
        wide = self.fontMetrics().horizontalAdvance("0:00:00.0") + unit
        room = max(2, int(strip.width() // wide))
        step = next((s for s in _TICKS_S if self._duration_s / s <= room), _TICKS_S[-1])
        for number in range(int(self._duration_s / step + 1e-6) + 1):
            x = self._x(number * step)
            painter.drawLine(QPointF(x, strip.bottom() + 1), QPointF(x, strip.bottom() + 4))
            left = min(max(0.0, x - wide / 2), self.width() - wide)
            flags = Qt.AlignmentFlag.AlignHCenter
            flags = Qt.AlignmentFlag.AlignLeft if x - wide / 2 < 0 else flags
            flags = Qt.AlignmentFlag.AlignRight if x + wide / 2 > self.width() else flags
            place = QRectF(left, strip.bottom() + 4, wide, unit)
            painter.drawText(place, flags, _short(number * step, step))


def _short(time_s: float, step_s: float) -> str:
    words = time_words(time_s)
    return words[:-4] if step_s >= 1 else words[:-2]


def _likelihood(frame: FrameScore) -> float:
    return frame.likelihood
