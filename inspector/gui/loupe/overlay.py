"""What the detector saw, painted over a picture or a frame; knows nothing of widgets."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen, QTransform

from inspector.domain.score import NOT_SCORED, Heatmap, Region
from inspector.gui.loupe.colour_map import MapColours, coloured, overlay_table
from inspector.gui.loupe.contour import contour, unscored_rectangles

_DARK = QColor(0, 0, 0, 190)
_LIGHT = QColor(255, 255, 255, 235)
_HATCH_PX = 8
_HATCH_DARK = QColor(0, 0, 0, 90)
_HATCH_LIGHT = QColor(255, 255, 255, 90)
_HATCH_VEIL = QColor(128, 128, 128, 30)
_MOST_SMOOTH_LINES = 3000
"""Longer contours are drawn as plain thin lines, to keep a paint within a frame."""


class HeatmapOverlay:
    """Owns one heatmap with its regions, ready to paint; used in the UI thread.

    Whatever lies on a picture must show on any picture, so lines are light on a dark edge.
    """

    def __init__(self) -> None:
        self.visible = True
        self.held_away = False
        self.opacity = 0.55
        self.shows_contour = True
        self.shows_regions = True
        self._colours = MapColours.INFERNO
        self._level = 0.7
        self._heatmap: Heatmap | None = None
        self._regions: tuple[Region, ...] = ()
        self._image = QImage()
        self._lines: list[QLineF] = []
        self._unscored: tuple[QRectF, ...] = ()
        self._hatch = _hatch()

    @property
    def heatmap(self) -> Heatmap | None:
        return self._heatmap

    @property
    def level(self) -> float:
        return self._level

    @property
    def colours(self) -> MapColours:
        return self._colours

    def set_map(self, heatmap: Heatmap | None, regions: tuple[Region, ...] = ()) -> None:
        """Take what is painted from now on; None paints nothing."""
        self._heatmap = heatmap
        self._regions = regions
        self._unscored = ()
        if heatmap is not None:
            self._unscored = tuple(QRectF(*rect) for rect in unscored_rectangles(heatmap))
        self._colour()
        self._outline()

    def set_colours(self, colours: MapColours) -> None:
        self._colours = colours
        self._colour()

    def set_level(self, level: float) -> None:
        """Set the likelihood that the contour follows, in (0, 1)."""
        self._level = level
        self._outline()

    def likelihood_at(self, x: float, y: float) -> float | None:
        """Return the likelihood of the cell under a picture pixel; None where none stands."""
        if self._heatmap is None or x < 0 or y < 0:
            return None
        row, col = int(y // self._heatmap.cell_px), int(x // self._heatmap.cell_px)
        if row >= self._heatmap.rows or col >= self._heatmap.cols:
            return None
        value = int(self._heatmap.values[row, col])
        return None if value == NOT_SCORED else value / (NOT_SCORED - 1)

    def paint(self, painter: QPainter, to_screen: QTransform, picture: tuple[int, int]) -> None:
        """Paint in screen points.

        Args:
            painter: its transform is the widget's own, and is left so.
            to_screen: from native picture pixels to screen points.
            picture: width and height in native pixels; nothing is painted outside.
        """
        if not self.visible or self.held_away or self._heatmap is None:
            return
        painter.save()
        painter.setClipRect(
            to_screen.mapRect(QRectF(0, 0, *picture)), Qt.ClipOperation.IntersectClip
        )
        self._paint_unscored(painter, to_screen)
        self._paint_cells(painter, to_screen, self._heatmap)
        if self.shows_contour:
            self._paint_contour(painter, to_screen)
        if self.shows_regions:
            self._paint_regions(painter, to_screen)
        painter.restore()

    def _colour(self) -> None:
        table = overlay_table(self._colours)
        self._image = QImage() if self._heatmap is None else coloured(self._heatmap.values, table)

    def _outline(self) -> None:
        self._lines = []
        if self._heatmap is not None:
            segments = contour(self._heatmap, self._level).tolist()
            self._lines = [QLineF(*segment) for segment in segments]

    def _paint_cells(self, painter: QPainter, to_screen: QTransform, heatmap: Heatmap) -> None:
        side = heatmap.cell_px
        target = to_screen.mapRect(QRectF(0, 0, heatmap.cols * side, heatmap.rows * side))
        painter.setOpacity(self.opacity)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, self._image)
        painter.setOpacity(1.0)

    def _paint_unscored(self, painter: QPainter, to_screen: QTransform) -> None:
        if not self._unscored:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(self._hatch))
        painter.drawRects([to_screen.mapRect(rect) for rect in self._unscored])
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_contour(self, painter: QPainter, to_screen: QTransform) -> None:
        if not self._lines:
            return
        painter.save()
        painter.setTransform(to_screen, combine=True)
        painter.setRenderHint(
            QPainter.RenderHint.Antialiasing, len(self._lines) < _MOST_SMOOTH_LINES
        )
        ratio = painter.device().devicePixelRatioF()
        strokes = ((_DARK, 3.0), (_LIGHT, 1.2))
        for colour, width in strokes if len(self._lines) < _MOST_SMOOTH_LINES else strokes[1:]:
            pen = QPen(colour, width * ratio)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines(self._lines)
        painter.restore()

    def _paint_regions(self, painter: QPainter, to_screen: QTransform) -> None:
        metrics = QFontMetricsF(painter.font())
        for region in self._regions:
            box = to_screen.mapRect(QRectF(region.x, region.y, region.w, region.h))
            for colour, width in ((_DARK, 4.0), (_LIGHT, 2.0)):
                painter.setPen(QPen(colour, width))
                painter.drawRect(box)
            _paint_label(painter, box.topLeft(), f"{region.likelihood:.2f}", metrics)


def _hatch() -> QImage:
    """Return a tile of slanted lines, light beside dark, so that they show on any picture."""
    tile = QImage(_HATCH_PX, _HATCH_PX, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(_HATCH_VEIL)
    for row in range(_HATCH_PX):
        tile.setPixelColor(_HATCH_PX - 1 - row, row, _HATCH_LIGHT)
        tile.setPixelColor((_HATCH_PX - row) % _HATCH_PX, row, _HATCH_DARK)
    return tile


def _paint_label(painter: QPainter, at: QPointF, text: str, metrics: QFontMetricsF) -> None:
    """Paint a number on a dark plate inside the corner of its box."""
    margin = metrics.height() / 4
    size = metrics.size(0, text)
    plate = QRectF(at.x(), at.y(), size.width() + 2 * margin, size.height() + margin)
    painter.fillRect(plate, _DARK)
    painter.setPen(_LIGHT)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
