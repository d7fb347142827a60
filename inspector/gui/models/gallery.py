"""The gallery's model: an order of rows laid out as a grid."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.domain.media import display_path
from inspector.gui.models.columns import Column
from inspector.gui.models.rows import LibraryRows
from inspector.gui.wording import describe_row, plain_tip

Index = QModelIndex | QPersistentModelIndex

NO_PARENT = QModelIndex()


class GalleryModel(QAbstractTableModel):
    """Shows ``order`` as cells of ``columns`` a line; the last line may be part empty.

    No proxy: sorting and filtering give another order, and a reset of a million rows costs no
    more than one of a thousand, as nothing is kept per cell.
    """

    def __init__(self, rows: LibraryRows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = rows
        self._order: Column[np.int32] = Column(np.int32)
        self._columns = 1

    @property
    def order(self) -> NDArray[np.int32]:
        return self._order.values

    def set_rows(self, rows: LibraryRows) -> None:
        """Show another session, empty until an order is set."""
        self.beginResetModel()
        self.rows = rows
        self._order = Column(np.int32)
        self.endResetModel()

    def set_order(self, order: NDArray[np.int32]) -> None:
        self.beginResetModel()
        self._order.replace(order)
        self.endResetModel()

    def set_columns(self, columns: int) -> None:
        if columns != self._columns:
            self.beginResetModel()
            self._columns = columns
            self.endResetModel()

    def extend_order(self, rows: NDArray[np.int32]) -> None:
        """Show more rows at the end."""
        if not len(rows):
            return
        before = len(self._order.values)
        lines, more = self.rowCount(), -(-(before + len(rows)) // self._columns)
        if more > lines:
            self.beginInsertRows(NO_PARENT, lines, more - 1)
            self._order.append(rows)
            self.endInsertRows()
        else:
            self._order.append(rows)
        if before % self._columns:
            last = lines - 1
            self.dataChanged.emit(self.index(last, 0), self.index(last, self._columns - 1))

    def touch(self) -> None:
        """Have what is on screen painted anew."""
        if len(self._order.values):
            last = self.index(self.rowCount() - 1, self._columns - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def row_at(self, index: Index) -> int | None:
        """Return the id of the row in a cell, None for an empty cell."""
        position = self.position_at(index)
        return None if position is None else int(self._order.values[position])

    def position_at(self, index: Index) -> int | None:
        if not index.isValid():
            return None
        position = index.row() * self._columns + index.column()
        return position if position < len(self._order.values) else None

    def index_at(self, position: int) -> QModelIndex:
        return self.index(position // self._columns, position % self._columns)

    def position_of(self, row: int) -> int | None:
        """Return where a row is shown, None where it is not."""
        found = np.flatnonzero(self._order.values == row)
        return int(found[0]) if len(found) else None

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else -(-len(self._order.values) // self._columns)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else self._columns

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.position_at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index)
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return display_path(self.rows.name(row))
            case Qt.ItemDataRole.ToolTipRole:
                path = display_path(self.rows.paths[row])
                return plain_tip(f"{path}\n{describe_row(self.rows, row)}")
            case Qt.ItemDataRole.AccessibleTextRole:
                name = display_path(self.rows.name(row))
                return f"{name}, {describe_row(self.rows, row)}"
            case _:
                return None
