"""The ``?`` sheet: every key of the desk, built from the actions themselves."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QMargins, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

COLUMNS = 4


class KeySheet(QDialog):
    """Shows sections of (what, keys); closes with Escape."""

    def __init__(self, sections: Mapping[str, Sequence[QAction]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        columns = [QVBoxLayout() for _ in range(COLUMNS)]
        heights = [0] * COLUMNS
        for title, lines in self._sections(sections).items():
            shortest = heights.index(min(heights))
            columns[shortest].addLayout(self._section(title, lines))
            columns[shortest].addSpacing(self.fontMetrics().height())
            heights[shortest] += len(lines) + 2
        sheet = QWidget(self)
        across = QHBoxLayout(sheet)
        across.setSpacing(2 * self.fontMetrics().height())
        for column in columns:
            column.addStretch(1)
            across.addLayout(column)
        area = QScrollArea(self)
        area.setWidget(sheet)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.addWidget(area, 1)
        whole.addWidget(buttons)
        frame = 5 * self.fontMetrics().height()
        size = sheet.sizeHint().grownBy(QMargins(0, 0, frame, frame))
        self.resize(size.boundedTo(parent.window().size()))

    def _sections(
        self, sections: Mapping[str, Sequence[QAction]]
    ) -> dict[str, list[tuple[str, str]]]:
        shown = {title: list(_lines(actions)) for title, actions in sections.items()}
        shown[self.tr("Gallery")] = [
            (self.tr("Move"), self.tr("Arrows, Page keys, Home, End")),
            (self.tr("Select a range"), self.tr("Shift + arrows or click")),
            (self.tr("Select one more"), self.tr("Ctrl + click")),
        ]
        return {title: lines for title, lines in shown.items() if lines}

    def _section(self, title: str, lines: Sequence[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(3)
        head = QLabel(title, self)
        head.setObjectName("panelTitle")
        grid.addWidget(head, 0, 0, 1, 2)
        for place, (what, keys) in enumerate(lines, 1):
            grid.addWidget(QLabel(what, self), place, 0)
            label = QLabel(keys, self)
            label.setObjectName("muted")
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label, place, 1)
        grid.setColumnStretch(0, 1)
        return grid


def _lines(actions: Iterable[QAction]) -> Iterable[tuple[str, str]]:
    for action in actions:
        keys = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()]
        if keys:
            yield action.text().replace("&", "").rstrip("…"), "  ".join(keys[:2])
