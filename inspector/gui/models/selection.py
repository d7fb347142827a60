"""Which files are chosen and which one is looked at, by row id, so that it outlives a sort."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

NO_ROW = -1


class Selection(QObject):
    """Owns the chosen rows and the current one; lives in the UI thread.

    A bit per row instead of Qt's ranges of indexes: choosing 100,000 rows costs nothing, and
    a grid's ranges would be rectangles.
    """

    current_changed = Signal(int)  # id of the row now looked at, or NO_ROW
    changed = Signal()  # other rows are chosen

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bits: NDArray[np.bool_] = np.zeros(1024, np.bool_)
        self.current = NO_ROW
        self.anchor = NO_ROW

    def __contains__(self, row: int) -> bool:
        return 0 <= row < len(self._bits) and bool(self._bits[row])

    def among(self, order: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the chosen rows of an order, in that order."""
        self._grow_to(int(order.max()) + 1 if len(order) else 0)
        return order[self._bits[order]]

    def choose_only(self, row: int) -> None:
        """Choose one row and look at it; a range starts here."""
        self._bits[:] = False
        self.anchor = row
        if row != NO_ROW:
            self._grow_to(row + 1)
            self._bits[row] = True
        self.look_at(row)
        self.changed.emit()

    def choose(self, rows: NDArray[np.int32], current: int) -> None:
        """Choose these rows instead; the range's start stays."""
        self._bits[:] = False
        if len(rows):
            self._grow_to(int(rows.max()) + 1)
            self._bits[rows] = True
        self.look_at(current)
        self.changed.emit()

    def toggle(self, row: int) -> None:
        """Choose a row as well, or no longer, and look at it."""
        self._grow_to(row + 1)
        self._bits[row] = not self._bits[row]
        self.anchor = row
        self.look_at(row)
        self.changed.emit()

    def keep_among(self, order: NDArray[np.int32]) -> None:
        """Forget chosen rows that are no longer shown."""
        kept = self.among(order)
        self._bits[:] = False
        self._bits[kept] = True
        self.changed.emit()

    def look_at(self, row: int) -> None:
        if row != self.current:
            self.current = row
            self.current_changed.emit(row)

    def clear(self) -> None:
        self.choose_only(NO_ROW)

    def _grow_to(self, count: int) -> None:
        if count > len(self._bits):
            grown = np.zeros(max(count, 2 * len(self._bits)), np.bool_)
            grown[: len(self._bits)] = self._bits
            self._bits = grown
