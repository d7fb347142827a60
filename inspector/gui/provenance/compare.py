"""Compares a node of the manifest tree with another, or with the file as it is now."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.errors import InspectorError
from inspector.domain.provenance import ManifestNode
from inspector.gui.evidence.facts import Fact
from inspector.gui.evidence.facts_view import FactsView
from inspector.gui.evidence.panel import plain_label
from inspector.gui.provenance.node_words import name_words, node_facts
from inspector.gui.provenance.picture_pair import PicturePair, Way
from inspector.gui.provenance.pictures import (
    GAIN,
    image_of,
    is_stretched,
    mean_difference,
    rgb_image,
)
from inspector.gui.workers.background import BackgroundJobs
from inspector.ports import MediaReader

FILE_PX = 512
_STEPS = 100


class CompareView(QWidget):
    """The node chosen in the tree at left, what it is compared with at right.

    The file's own picture is decoded in the background, once this is on screen.
    """

    def __init__(
        self, reader: MediaReader, jobs: BackgroundJobs, job: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._jobs = jobs
        self._job = job
        self._path: str | None = None
        self._wants_file = False
        self._file: QImage | None = None
        self._node: ManifestNode | None = None
        self._others: list[ManifestNode] = []
        self.with_what = QComboBox(self)
        self.how = QComboBox(self)
        self.pair = PicturePair(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.told = plain_label(self)
        self.facts = FactsView(self)
        self._area = QScrollArea(self)
        self._prepare()

    def show_tree(self, path: str | None, root: ManifestNode | None) -> None:
        """Take another file with the nodes that can be compared."""
        self._jobs.forget(self._job)
        self._path, self._file, self._wants_file = path, None, path is not None
        self._others = list(_nodes(root)) if root is not None else []
        self.with_what.clear()
        self.with_what.addItem(self.tr("The file as it is"))
        self.with_what.addItems([_line(node) for node in self._others])
        self._load_file()

    def show_node(self, node: ManifestNode | None) -> None:
        """Compare another node of the tree."""
        self._node = node
        self._compare()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load_file()

    def _load_file(self) -> None:
        if self._path is not None and self._wants_file and self.isVisible():
            self._wants_file = False
            work = partial(self._reader.thumbnail, self._path, FILE_PX)
            self._jobs.submit(self._job, work, self._take_file, self._tell)

    def _take_file(self, pixels: NDArray[np.uint8]) -> None:
        height, width = pixels.shape[:2]
        self._file = rgb_image(pixels.tobytes(), width, height)
        self._compare()

    def _tell(self, error: InspectorError) -> None:
        self.told.setText(str(error))

    @Slot()
    def _compare(self) -> None:
        place = self.with_what.currentIndex() - 1
        other = self._others[place] if 0 <= place < len(self._others) else None
        left = _picture(self._node)
        right = self._file if other is None else _picture(other)
        names = (_line(self._node) if self._node else "", self.with_what.currentText())
        self.pair.show_pair(left, right, names)
        gone = names[0] if left is None else names[1] if other and right is None else ""
        if gone:
            words = self.tr("The credential carries no picture of {name}.")
            self.told.setText(words.format(name=gone))
        else:
            self.told.setText(self._difference_words(left, right))
        differing = differing_facts(self._node, other) if self._node and other else ()
        self.facts.show_facts(differing)
        self._area.setVisible(bool(differing))

    @Slot()
    def _change_way(self) -> None:
        way = Way(self.how.currentData())
        self.slider.setVisible(way is Way.SLIDER)
        self.pair.set_way(way)
        self._compare()

    def _difference_words(self, left: QImage | None, right: QImage | None) -> str:
        """Return in figures what the picture of the difference shows."""
        if self.pair.way is not Way.DIFFERENCE or left is None or right is None:
            return ""
        words = self.tr("On average {mean:.1f} of 255 apart, shown {gain} times as strong.").format(
            mean=mean_difference(left, right), gain=GAIN
        )
        if is_stretched(left, right):
            return f"{words} " + self.tr("Their shapes differ, so one is stretched.")
        return words

    @Slot(int)
    def _slide(self, value: int) -> None:
        self.pair.set_share(value / _STEPS)

    def _prepare(self) -> None:
        label = QLabel(self.tr("Compare with"), self)
        label.setBuddy(self.with_what)
        self.with_what.setAccessibleName(label.text())
        self.with_what.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.with_what.currentIndexChanged.connect(self._compare)
        self.how.setAccessibleName(self.tr("How to compare"))
        self.how.setAccessibleDescription(self.tr("How to compare"))
        self.how.addItem(self.tr("Side by side"), Way.BESIDE.value)
        self.how.addItem(self.tr("Slider"), Way.SLIDER.value)
        self.how.addItem(self.tr("Difference"), Way.DIFFERENCE.value)
        self.how.currentIndexChanged.connect(self._change_way)
        self.slider.setRange(0, _STEPS)
        self.slider.setValue(_STEPS // 2)
        self.slider.setAccessibleName(self.tr("Where one picture ends and the other begins"))
        self.slider.valueChanged.connect(self._slide)
        self.slider.hide()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setWidget(self.facts)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setAccessibleName(self.tr("What is said of the two otherwise"))
        self.facts.setAccessibleName(self.tr("What is said of the two otherwise"))
        self.facts.setAutoFillBackground(False)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.with_what, 1)
        row.addWidget(self.how)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(self.pair, 1)
        column.addWidget(self.slider)
        column.addWidget(self.told)
        column.addWidget(self._area, 1)


def differing_facts(one: ManifestNode, other: ManifestNode) -> tuple[Fact, ...]:
    """Return what is said of two nodes otherwise, first the one's words, then the other's."""
    left, right = _by_name(one), _by_name(other)
    names = dict.fromkeys([*left, *right])
    return tuple(
        Fact(name, f"{left.get(name, '–')}\n≠ {right.get(name, '–')}")
        for name in names
        if left.get(name) != right.get(name)
    )


def _by_name(node: ManifestNode) -> dict[str, str]:
    found: dict[str, str] = {}
    for fact in node_facts(node, is_active=node.relationship is None and node.label is not None):
        found[fact.name] = f"{found[fact.name]}\n{fact.value}" if fact.name in found else fact.value
    return found


def _line(node: ManifestNode) -> str:
    return name_words(node).replace("\n", " ")


def _nodes(root: ManifestNode) -> Iterator[ManifestNode]:
    yield root
    for node in root.ingredients:
        yield from _nodes(node)


def _picture(node: ManifestNode | None) -> QImage | None:
    return image_of(node.thumbnail) if node is not None and node.thumbnail is not None else None
