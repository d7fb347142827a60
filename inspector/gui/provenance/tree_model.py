"""The manifest tree as a Qt model: one row a manifest or unsigned ingredient."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QIcon

from inspector.domain.provenance import ManifestNode
from inspector.gui.evidence.facts import Mark
from inspector.gui.evidence.words import shown
from inspector.gui.provenance.node_words import (
    name_words,
    node_facts,
    place_words,
    relationship_words,
    says,
)
from inspector.gui.provenance.pictures import pixmap_of
from inspector.gui.wording import plain_tip

NODE_ROLE = Qt.ItemDataRole.UserRole
"""Gives the ``ManifestNode`` of a row."""

MARKS_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the marks of a row as a tuple of ``Mark``."""

SEARCH_ROLE = Qt.ItemDataRole.UserRole + 2
"""Gives everything that is told of a row, for searching."""

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class Column(IntEnum):
    NAME = 0
    RELATIONSHIP = 1
    SAYS = 2
    SIGNER = 3
    SIGNED_AT = 4


@dataclass(eq=False)
class _Row:
    """A node with its place; rows below are made when they are first asked for."""

    node: ManifestNode
    above: "_Row | None"
    place: int
    below: list["_Row"] | None = field(default=None, repr=False)
    _icon: QIcon | None = field(default=None, repr=False)
    _searched: str = field(default="", repr=False)

    @property
    def is_active(self) -> bool:
        return self.above is None

    def children(self) -> list["_Row"]:
        if self.below is None:
            self.below = [_Row(n, self, place) for place, n in enumerate(self.node.ingredients)]
        return self.below

    def icon(self) -> QIcon | None:
        if self._icon is None and self.node.thumbnail is not None:
            picture = pixmap_of(self.node.thumbnail)
            if picture is not None:
                self._icon = QIcon(picture)
                self._icon.addPixmap(picture, QIcon.Mode.Selected)  # as it is, not tinted
        return self._icon

    def searched(self) -> str:
        if not self._searched:
            facts = node_facts(self.node, is_active=self.is_active)
            words = [relationship_words(self.node.relationship), *(fact.value for fact in facts)]
            self._searched = "\n".join(words)
        return self._searched


class ManifestModel(QAbstractItemModel):
    """Holds one manifest tree; lives in the UI thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._root: _Row | None = None

    def set_root(self, root: ManifestNode | None) -> None:
        """Show another tree, or none."""
        self.beginResetModel()
        self._root = _Row(root, None, 0) if root is not None else None
        self.endResetModel()

    def index(self, row: int, column: int, parent: Index = _TOP) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        above = self._row(parent)
        found = above.children()[row] if above is not None else self._root
        return self.createIndex(row, column, found)

    def parent(self, index: Index = _TOP) -> QModelIndex:  # type: ignore[override]
        row = self._row(index)
        if row is None or row.above is None:
            return QModelIndex()
        return self.createIndex(row.above.place, 0, row.above)

    def rowCount(self, parent: Index = _TOP) -> int:
        if parent.column() > 0:
            return 0
        row = self._row(parent)
        if row is None:
            return 1 if self._root is not None else 0
        return len(row.node.ingredients)

    def columnCount(self, parent: Index = _TOP) -> int:
        return len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._row(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _words(row, Column(index.column()))
        if role == Qt.ItemDataRole.DecorationRole and index.column() == Column.NAME:
            return row.icon()
        if role == NODE_ROLE:
            return row.node
        if role == MARKS_ROLE and index.column() == Column.SAYS:
            return tuple(mark for mark, _ in says(row.node))
        if role == SEARCH_ROLE:
            return row.searched()
        return _spoken(row, role)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = {
            Column.NAME: self.tr("File"),
            Column.SAYS: self.tr("Says"),
            Column.SIGNER: self.tr("Signer"),
            Column.SIGNED_AT: self.tr("Signed at"),
            Column.RELATIONSHIP: self.tr("Role"),
        }
        return names[Column(section)]

    def _row(self, index: Index) -> _Row | None:
        held = index.internalPointer() if index.isValid() else None
        return held if isinstance(held, _Row) else None


def _words(row: _Row, column: Column) -> str:
    node = row.node
    match column:
        case Column.NAME:
            return name_words(node).replace("\n", " ")
        case Column.SAYS:
            return " · ".join(words for _, words in says(node))
        case Column.SIGNER:
            return shown(node.signer or "").replace("\n", " ")
        case Column.SIGNED_AT:
            return shown(node.signed_at or "")[:10]
        case Column.RELATIONSHIP:
            if row.above is None:
                return QCoreApplication.translate("Manifest", "this file")
            return relationship_words(node.relationship)


def _spoken(row: _Row, role: int) -> str | None:
    """Return a row read out whole, its place, or both as a tooltip; None for another role."""
    match role:
        case Qt.ItemDataRole.AccessibleTextRole:
            words = [_words(row, column) for column in Column]
            return ", ".join(word for word in words if word)
        case Qt.ItemDataRole.AccessibleDescriptionRole:
            return place_words(row.node, is_active=row.is_active)
        case Qt.ItemDataRole.ToolTipRole:
            words = [_words(row, column) for column in Column]
            words[Column.RELATIONSHIP] = place_words(row.node, is_active=row.is_active)
            return plain_tip("\n".join(word for word in words if word))
        case _:
            return None


def marks_at(index: Index) -> tuple[Mark, ...]:
    """Return the marks of a row, none where the column has none."""
    marks = index.data(MARKS_ROLE)
    return marks if isinstance(marks, tuple) else ()


def node_at(index: Index) -> ManifestNode | None:
    """Return the node of a row of this model, or of a proxy over it."""
    node = index.data(NODE_ROLE)
    return node if isinstance(node, ManifestNode) else None
