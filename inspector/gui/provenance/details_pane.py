"""Everything known of one node: its picture, and its facts in reading order."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from inspector.domain.provenance import ManifestNode
from inspector.gui.evidence.facts_view import FactsView
from inspector.gui.provenance.node_words import node_facts
from inspector.gui.provenance.pictures import SIDE_PX, pixmap_of

_ROOM_FOR_BOTH = 70
"""Characters across from which the picture lies beside the facts, else above them."""


class DetailsPane(QScrollArea):
    """Shows one node; scrolls with arrow keys while it has the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.facts = FactsView(self)
        self.facts.setAccessibleName(self.tr("Details of the chosen row"))
        self.picture = QLabel(self)
        self.picture.setAccessibleName(self.tr("The picture that the credential carries"))
        inside = QWidget(self)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._box.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addWidget(self.facts, 1, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(inside)
        column.addLayout(self._box)
        column.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("Details"))
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def show_node(self, node: ManifestNode | None, *, is_active: bool) -> None:
        """Show another node, from its start; ``is_active``: it is the file's own manifest."""
        self.facts.show_facts(node_facts(node, is_active=is_active) if node else ())
        picture = pixmap_of(node.thumbnail) if node and node.thumbnail else None
        self.picture.setVisible(picture is not None)
        self.picture.setPixmap(picture or QPixmap())
        self.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the picture above the facts where there is no room beside them."""
        super().resizeEvent(event)
        room = event.size().width() - SIDE_PX
        beside = room > self.fontMetrics().averageCharWidth() * _ROOM_FOR_BOTH
        directions = QBoxLayout.Direction
        wanted = directions.RightToLeft if beside else directions.TopToBottom
        if self._box.direction() is not wanted:
            self._box.setDirection(wanted)
