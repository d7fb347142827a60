"""Two pictures to be compared: beside one another, under a slider, or as their difference."""

from enum import StrEnum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.gui.provenance.pictures import difference

_GAP = 8


class Way(StrEnum):
    """How two pictures are compared."""

    BESIDE = "beside"
    SLIDER = "slider"
    DIFFERENCE = "difference"


class PicturePair(QWidget):
    """Paints both pictures as large as they fit, each under its name.

    One that is missing leaves its place empty.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._left: QImage | None = None
        self._right: QImage | None = None
        self._apart: QImage | None = None
        self._names = ("", "")
        self.way = Way.BESIDE
        self.share = 0.5
        self.setMinimumHeight(160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("The two pictures"))

    def show_pair(
        self, left: QImage | None, right: QImage | None, names: tuple[str, str] = ("", "")
    ) -> None:
        """Show two pictures.

        Args:
            names: what each is called, on one line, as it may be shown.
        """
        both = left is not None and right is not None
        self._left, self._right = left, right
        self._apart = difference(left, right) if both and left and right else None
        self._names = names
        if any(names):
            words = self.tr("Left: {left}. Right: {right}.")
            self.setAccessibleDescription(words.format(left=names[0], right=names[1]))
        self.update()

    def set_way(self, way: Way) -> None:
        self.way = way
        self.update()

    def set_share(self, share: float) -> None:
        """Show the first picture up to this share of the width, [0, 1], the other beyond it."""
        self.share = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        above = self.fontMetrics().height() + _GAP if any(self._names) else 0
        room = self.rect().adjusted(0, above, 0, 0)
        half = (room.width() - _GAP) // 2
        left = QRect(0, above, half, room.height())
        right = left.translated(half + _GAP, 0)
        self._name(painter, self._names[0], left)
        self._name(painter, self._names[1], right)
        match self.way:
            case Way.BESIDE:
                self._draw(painter, self._left, left)
                self._draw(painter, self._right, right)
            case Way.DIFFERENCE:
                self._draw(painter, self._apart, room)
            case Way.SLIDER:
                self._draw_slider(painter, room)

    def _name(self, painter: QPainter, name: str, below: QRect) -> None:
        fitting = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, below.width())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        line = QRect(below.left(), 0, below.width(), below.top())
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, fitting)

    def _draw_slider(self, painter: QPainter, room: QRect) -> None:
        first = self._left or self._right
        if first is None:
            return
        place = fitted(first.size(), room)
        line = place.left() + round(place.width() * self.share)
        for image, start, end in (
            (self._left, place.left(), line),
            (self._right, line, place.right() + 1),
        ):
            if image is not None:
                painter.setClipRect(QRect(start, 0, end - start, self.height()))
                painter.drawImage(place, image)
        painter.setClipping(False)
        painter.setPen(self.palette().highlight().color())
        painter.drawLine(line, place.top(), line, place.bottom())

    def _draw(self, painter: QPainter, image: QImage | None, room: QRect) -> None:
        if image is not None:
            painter.drawImage(fitted(image.size(), room), image)


def fitted(size: QSize, room: QRect) -> QRect:
    """Return where a picture of this size lies when it fills a room as far as it fits."""
    place = QRect(room.topLeft(), size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio))
    place.moveCenter(room.center())
    return place
