"""The manifest tree with its filter, its buttons, and columns that share the room."""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.provenance import ManifestNode
from inspector.gui.loupe.bar import WrappingBar
from inspector.gui.loupe.parts import line_label
from inspector.gui.provenance.marks_delegate import MarksDelegate
from inspector.gui.provenance.tree_model import SEARCH_ROLE, Column, ManifestModel, node_at
from inspector.gui.provenance.zoom_tree import ZoomTree
from inspector.gui.views.column_widths import shared_widths

_OPEN_DEPTH = 2
"""Levels of the tree that are open at first."""

_ICON_PX = 32
_LEAST = {
    Column.NAME: 15,
    Column.RELATIONSHIP: 9,
    Column.SAYS: 16,
    Column.SIGNER: 16,
    Column.SIGNED_AT: 11,
}
"""Characters below which a column is of no use."""

_MOST_MEASURED = 100
"""Rows that are looked at to see how wide columns are, which are empty, and how deep it goes."""

_INDENT_PX = (10, 20)
_INDENT_SHARE = 0.25
"""Steps of the tree are narrower where it is deep: all take this share of its width at most."""


class TreePanel(QWidget):
    """Shows one manifest tree; what is searched for stays with the way that leads to it."""

    chosen = Signal(object, bool)  # ManifestNode or None: the current row; whether it is the root

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.model = ManifestModel(self)
        self._filtered = QSortFilterProxyModel(self)
        self._filtered.setSourceModel(self.model)
        self._filtered.setRecursiveFilteringEnabled(True)
        self._filtered.setFilterRole(SEARCH_ROLE)
        self._filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.filter = QLineEdit(self)
        self.tree = ZoomTree(_ICON_PX, self)
        self._found = line_label(self)
        self._found.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._depth = 0
        self._prepare_tree()
        self._lay_out()

    @property
    def found(self) -> str:
        """Return what is told of a search, in words; empty while nothing is searched for."""
        return self._found.text()

    def show_root(self, root: ManifestNode | None) -> None:
        """Show another tree, or none; its root is chosen."""
        self.filter.clear()
        self._depth = _depth_of(root) if root is not None else 0
        self.model.set_root(root)
        self.tree.expandToDepth(_OPEN_DEPTH - 1)
        self.fit()
        if root is not None:
            self.tree.setCurrentIndex(self._filtered.index(0, 0))

    @Slot()
    def expand_all(self) -> None:
        self.tree.expandAll()
        self.fit()

    @Slot()
    def collapse_all(self) -> None:
        """Close every row, the first one's too, and come back to it."""
        self.tree.collapseAll()
        self.tree.setCurrentIndex(self._filtered.index(0, 0))
        self.fit()

    @Slot()
    def start_search(self) -> None:
        """Take the keys to the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """Share the width among the columns; the details and tooltips hold what is cut short."""
        tree, room = self.tree, self.tree.viewport().width()
        narrowest, widest = (round(px * tree.zoom) for px in _INDENT_PX)
        step = int(room * _INDENT_SHARE / max(1, self._depth))
        tree.setIndentation(min(max(step, narrowest), widest))
        character = tree.fontMetrics().averageCharWidth()
        rows = list(self._first_rows())
        wanted, least = [], []
        for column in Column:
            shows = any(index.siblingAtColumn(column).data() for index in rows)
            hint = max(tree.sizeHintForColumn(column), tree.header().sectionSizeHint(column))
            wanted.append(hint + character if shows else 0)
            least.append(_LEAST[column] * character)
        steps = max((_depth_at(index) for index in rows), default=0)
        least[Column.NAME] += steps * tree.indentation() + tree.iconSize().width()
        for column, width in zip(Column, shared_widths(wanted, least, room), strict=True):
            tree.setColumnHidden(column, not width)
            if width:
                tree.setColumnWidth(column, width)

    @Slot(str)
    def _filter_by(self, wanted: str) -> None:
        self._filtered.setFilterFixedString(wanted)
        if not wanted:
            self._found.setVisible(False)
            self._found.clear()
            self.tree.scrollTo(self.tree.currentIndex())
            return
        self.expand_all()
        folded = wanted.casefold()
        hits = [row for row in self._rows() if folded in str(row.data(SEARCH_ROLE)).casefold()]
        if hits:
            self.tree.setCurrentIndex(hits[0])
            self.tree.scrollTo(hits[0])
        words = self.tr("{count} found") if hits else self.tr("Nothing found")
        self._found.setText(words.format(count=len(hits)))
        self._found.setVisible(True)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        node = node_at(index) if index.isValid() else None
        self.chosen.emit(node, index.isValid() and not index.parent().isValid())

    def _rows(self, above: QModelIndex | None = None) -> Iterator[QModelIndex]:
        """Yield every row that the filter leaves, from the top."""
        above = above if above is not None else QModelIndex()
        for place in range(self._filtered.rowCount(above)):
            index = self._filtered.index(place, 0, above)
            yield index
            yield from self._rows(index)

    def _first_rows(self) -> Iterator[QModelIndex]:
        """Yield the first rows that can be seen once scrolled to, ``_MOST_MEASURED`` at most."""
        index = self._filtered.index(0, 0)
        for _ in range(_MOST_MEASURED):
            if not index.isValid():
                return
            yield index
            index = self.tree.indexBelow(index)

    def _prepare_tree(self) -> None:
        tree = self.tree
        tree.setModel(self._filtered)
        tree.setItemDelegate(MarksDelegate(tree))
        tree.setUniformRowHeights(True)
        tree.setAlternatingRowColors(True)
        tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setAccessibleName(self.tr("Manifests and ingredients"))
        tree.setAccessibleDescription(
            self.tr("Left and Right close and open a row, the star key all below it.")
        )
        tree.header().setStretchLastSection(False)
        tree.header().setMinimumSectionSize(1)
        tree.header().setResizeContentsPrecision(_MOST_MEASURED)
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        tree.selectionModel().currentChanged.connect(self._choose)
        tree.zoomed.connect(self.fit)
        tree.room_changed.connect(self.fit)

    def _lay_out(self) -> None:
        self.filter.setPlaceholderText(self.tr("Search titles, signers, software, actions, codes"))
        self.filter.setAccessibleName(self.tr("Search the tree"))
        self.filter.setToolTip(self.tr("Search the tree (Ctrl+F)"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter_by)
        self.filter.returnPressed.connect(self.tree.setFocus)
        self._found.setVisible(False)
        search, buttons = QWidget(self), QWidget(self)
        row = QHBoxLayout(search)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.filter, 1)
        row.addWidget(self._found)
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        last: QWidget = self.filter
        for text, name, pressed in (
            (self.tr("Expand all"), "", self.expand_all),
            (self.tr("Collapse all"), "", self.collapse_all),
            ("−", self.tr("Smaller tree (Ctrl+-)"), self.tree.zoom_out),
            ("+", self.tr("Larger tree (Ctrl++)"), self.tree.zoom_in),
        ):
            button = QToolButton(self)
            button.setText(text)
            button.setToolTip(name)
            button.setAccessibleName(name or text)
            button.clicked.connect(pressed)
            row.addWidget(button)
            self.setTabOrder(last, button)
            last = button
        self.setTabOrder(last, self.tree)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(WrappingBar((search, buttons), self))
        whole.addWidget(self.tree, 1)


def _depth_at(index: QModelIndex) -> int:
    """Return how deep a row stands, 1 for the root."""
    depth = 0
    while index.isValid():
        index, depth = index.parent(), depth + 1
    return depth


def _depth_of(node: ManifestNode) -> int:
    return 1 + max((_depth_of(below) for below in node.ingredients), default=0)
