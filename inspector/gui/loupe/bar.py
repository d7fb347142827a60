"""Rows of controls that break into more rows where the view is narrow."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

_GAP = 0.45
"""Between two parts of a row, in heights of the text."""


class WrappingBar(QWidget):
    """Lays groups side by side where they fit, else one above the other."""

    def __init__(self, groups: Sequence[QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self._groups = tuple(groups)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        for group in self._groups:
            self._box.addWidget(group, 1 if group is self._groups[0] else 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        widest = max(group.minimumSizeHint().width() for group in self._groups)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        gaps = self._box.spacing() * (len(self._groups) + 1)
        wanted = sum(group.sizeHint().width() for group in self._groups) + gaps
        fits = wanted <= event.size().width()
        directions = QBoxLayout.Direction
        direction = directions.LeftToRight if fits else directions.TopToBottom
        if self._box.direction() is not direction:
            self._box.setDirection(direction)
            self.updateGeometry()


class FlowRow(QWidget):
    """Lays parts in a row, and those that do not fit in further rows below it.

    A part whose width is ignored takes the rest of its row; its text may wrap.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts: tuple[QWidget, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: Sequence[QWidget]) -> None:
        """Take the parts, in the order of reading."""
        self._parts = tuple(parts)
        for part in self._parts:
            part.setParent(self)
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(self._one_row(), self._height())

    def minimumSizeHint(self) -> QSize:
        widest = max((_least(part) for part in self._shown()), default=0)
        return QSize(widest, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Lay out again when a part has other words, or was hidden."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _shown(self) -> list[QWidget]:
        return [part for part in self._parts if not part.isHidden()]

    def _gap(self) -> int:
        return round(self.fontMetrics().height() * _GAP)

    def _one_row(self) -> int:
        shown = self._shown()
        return sum(_least(part) for part in shown) + self._gap() * max(0, len(shown) - 1)

    def _height(self) -> int:
        rows = self._rows()
        return sum(height for _, height in rows) + self._gap() * max(0, len(rows) - 1)

    def _rows(self) -> list[tuple[list[tuple[QWidget, int]], int]]:
        """Return the parts with their widths, row by row, with the height of each row."""
        whole, gap = max(self.width(), 1), self._gap()
        rows: list[list[tuple[QWidget, int]]] = [[]]
        left = whole
        for part in self._shown():
            least = min(_least(part), whole)
            if rows[-1] and least > left:
                rows.append([])
                left = whole
            width = left if _gives_way(part) else least
            rows[-1].append((part, width))
            left -= width + gap
        return [(row, max((_high(*placed) for placed in row), default=0)) for row in rows]

    def _arrange(self) -> None:
        top = 0
        for row, height in self._rows():
            left = 0
            for part, width in row:
                high = min(height, _high(part, width))
                place = QRect(left, top + (height - high) // 2, width, high)
                part.setGeometry(self._mirrored(place))
                left += width + self._gap()
            top += height + self._gap()
        if self.height() != self._height():
            self.updateGeometry()

    def _mirrored(self, place: QRect) -> QRect:
        if self.isRightToLeft():
            place.moveRight(self.width() - 1 - place.left())
        return place


def _gives_way(part: QWidget) -> bool:
    return part.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored


def _least(part: QWidget) -> int:
    """Return the width that a part must have."""
    if _gives_way(part):
        return part.minimumWidth()
    least = max(part.minimumWidth(), part.sizeHint().width())
    return min(least, part.maximumWidth())


def _high(part: QWidget, width: int) -> int:
    return part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
