"""The left panel: tick findings, decisions, credentials and more to narrow the gallery."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.models.facets import FacetModel
from inspector.gui.wording import grouped


class _FacetTree(QTreeView):
    """A tree whose lines are ticked by a click anywhere on them, or by Space."""

    keyed = Signal(QModelIndex)  # Space or Enter on a line

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keyed.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _LineDelegate(QStyledItemDelegate):
    """Gives every value the same height, with or without a sign, and headings more.

    Widths are the header's; asking the style for them costs more than all else here.
    """

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        line = option.fontMetrics.height()
        return QSize(line, round(line * (1.5 if index.parent().isValid() else 2.1)))


class FacetPanel(QWidget):
    """Shows a ``FacetModel``; values without files are hidden unless they are ticked."""

    cleared = Signal()  # the user wants every tick gone

    def __init__(self, model: FacetModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        title = QLabel(self.tr("Filters"), self)
        title.setObjectName("panelTitle")
        self._clear = QToolButton(self)
        self._clear.setText(self.tr("Clear"))
        self._clear.setAutoRaise(True)
        self._clear.setToolTip(self.tr("Untick every filter"))
        self._clear.clicked.connect(self.cleared)
        self.tree = _FacetTree(self)
        self._prepare_tree()
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self._clear)
        whole = QVBoxLayout(self)
        whole.addLayout(head)
        whole.addWidget(self.tree, 1)
        model.counted.connect(self._hide_empty)
        model.modelReset.connect(self._unfold)
        self._unfold()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance("Valid, signer not on a list 100 000  ")
        return QSize(width + 4 * self.fontMetrics().height(), 400)

    def minimumSizeHint(self) -> QSize:
        """Keep room for the sign, the start of a name and its count."""
        least = super().minimumSizeHint()
        return QSize(max(least.width(), 11 * self.fontMetrics().height()), least.height())

    def _prepare_tree(self) -> None:
        self.tree.setObjectName("facets")
        self.tree.setAccessibleName(self.tr("Filters"))
        self.tree.setModel(self._model)
        self.tree.setItemDelegate(_LineDelegate(self.tree))
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(True)
        self.tree.setIndentation(self.fontMetrics().height() // 2)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(1)
        self.tree.clicked.connect(self._model.toggle)
        self.tree.keyed.connect(self._model.toggle)

    @Slot()
    def _unfold(self) -> None:
        self.tree.expandAll()
        for place in range(self._model.rowCount()):
            self.tree.setFirstColumnSpanned(place, QModelIndex(), True)
        self._hide_empty()

    @Slot()
    def _hide_empty(self) -> None:
        """Hide lines without files; only what changes is touched, as each touch is a layout."""
        highest = 0
        for place in range(self._model.rowCount()):
            parent = self._model.index(place, 0)
            any_shown = False
            for row in range(self._model.rowCount(parent)):
                index = self._model.index(row, 0, parent)
                is_shown = self._model.count(index) > 0 or self._model.is_ticked(index)
                self._hide(row, parent, not is_shown)
                highest = max(highest, self._model.count(index))
                any_shown = any_shown or is_shown
            self._hide(place, QModelIndex(), not any_shown)
            if any_shown and not self.tree.isExpanded(parent):
                self.tree.setExpanded(parent, True)

        width = self.fontMetrics().horizontalAdvance(f"00{grouped(highest)}")
        if self.tree.header().sectionSize(1) != width:
            self.tree.header().resizeSection(1, width)

    def _hide(self, row: int, parent: QModelIndex, is_hidden: bool) -> None:
        if self.tree.isRowHidden(row, parent) != is_hidden:
            self.tree.setRowHidden(row, parent, is_hidden)
