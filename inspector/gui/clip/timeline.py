"""The timeline of a clip: likelihood of every scored frame as a curve and as heat, with spans."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
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
from inspector.gui.clip.timeline_drawing import TimelineDrawing, TimelineLayout
from inspector.gui.clip.timing import nearest, time_words
from inspector.gui.loupe.colour_map import MapColours


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
        self._marks: tuple[float | None, float | None] = (None, None)
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
        self._marks = (None, None)
        self.setAccessibleDescription(self._describe())
        self._redraw()

    def set_position(self, time_s: float) -> None:
        self._position_s = time_s
        self.update()

    def set_marks(self, start_s: float | None, end_s: float | None) -> None:
        """Show where the user marked in and out, in seconds; None for no mark."""
        self._marks = (start_s, end_s)
        self.update()

    def show_frames(self, frames: Sequence[FrameScore]) -> None:
        """Show other scored frames of the same clip, in order of pts."""
        self._frames = tuple(frames)
        self.setAccessibleDescription(self._describe())
        self._redraw()

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
        self._paint_marks(painter)
        colour = self.palette().color(QPalette.ColorRole.Accent)
        at = self._layout().x(self._position_s)
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QPointF(at, 0), QPointF(at, self._layout().strip.bottom() + 3))
        painter.setBrush(colour)
        half = self.fontMetrics().height() * 0.35
        painter.drawPolygon(
            QPolygonF([QPointF(at - half, 0), QPointF(at + half, 0), QPointF(at, half * 1.4)])
        )

    def _paint_marks(self, painter: QPainter) -> None:
        """Draw brackets at the marks and dim what lies outside them."""
        if self._marks == (None, None):
            return
        layout = self._layout()
        start_s, end_s = self._marks
        left = layout.x(start_s if start_s is not None else 0.0)
        right = layout.x(end_s if end_s is not None else self._duration_s)
        veil = self.palette().color(QPalette.ColorRole.Window)
        veil.setAlpha(170)
        top, height = layout.graph.top(), layout.strip.bottom() - layout.graph.top()
        painter.fillRect(QRectF(0, top, left, height), veil)
        painter.fillRect(QRectF(right, top, self.width() - right, height), veil)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 2))
        reach = layout.unit * 0.4
        for at, is_set, inward in (
            (left, start_s is not None, reach),
            (right, end_s is not None, -reach),
        ):
            if is_set:
                ends = [QPointF(at + inward, top), QPointF(at, top)]
                painter.drawPolyline(
                    [*ends, QPointF(at, top + height), QPointF(at + inward, top + height)]
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
            self.sought.emit(self._layout().time_s(x))

    def _words_at(self, at: QPoint) -> str:
        frame = nearest(self._frames, self._layout().time_s(at.x()))
        if frame is None:
            return time_words(self._layout().time_s(at.x()))
        return self.tr(
            "{time}: likelihood {likelihood:.2f} of the frame scored at {scored}"
        ).format(
            time=time_words(self._layout().time_s(at.x())),
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

    def _layout(self) -> TimelineLayout:
        return TimelineLayout(self.size(), self.fontMetrics().height(), self._duration_s)

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(self.palette().color(QPalette.ColorRole.Window))
        painter = QPainter(pixmap)
        painter.setFont(self.font())
        TimelineDrawing(
            self._layout(),
            self._frames,
            self._spans,
            self._limits,
            self._colours,
            self.palette(),
            self.tr("review"),
            self.tr("drop"),
        ).draw(painter)
        painter.end()
        return pixmap


def _likelihood(frame: FrameScore) -> float:
    return frame.likelihood
