"""A row of controls that breaks into two rows where the view is narrow."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget


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
