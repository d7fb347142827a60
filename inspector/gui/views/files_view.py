"""What the gallery and the table share: keys and clicks that change the library's selection."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from inspector.gui.models.library import Library
from inspector.gui.views.grid_moves import GridMoves

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class FilesView(QTableView):
    """A view of a ``Library`` whose selection is the library's, by row id, and not Qt's own."""

    opened = Signal(int)  # row id: the user wants to look at one file closely
    menu_wanted = Signal(QPoint)  # global position of a context menu on the selection

    def __init__(
        self,
        library: Library,
        moves: GridMoves,
        row_at: Callable[[QModelIndex], int | None],
        parent: QWidget,
    ) -> None:
        """Prepare.

        Args:
            row_at: returns the id of the file in a cell, None for a cell without one.
        """
        super().__init__(parent)
        self._library = library
        self._row_at = row_at
        self.moves = moves
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)

    def row_under(self, place: QPoint) -> int | None:
        """Return the id of the file at a place in the viewport, None where there is none."""
        return self._row_at(self.indexAt(place))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_under(event.position().toPoint())
        selection = self._library.selection
        if row is None:
            if event.button() is Qt.MouseButton.LeftButton and not event.modifiers():
                selection.choose_only(selection.current)
        elif event.button() is Qt.MouseButton.RightButton:
            if row not in selection:
                selection.choose_only(row)
        elif event.modifiers() & _SHIFT:
            self.moves.choose_range(row)
        elif event.modifiers() & _CTRL:
            selection.toggle(row)
        else:
            selection.choose_only(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.row_under(event.position().toPoint())
        if row is not None:
            self.opened.emit(row)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        lines = max(1, self.viewport().height() // max(1, self.rowHeight(0)))
        step = self.moves.step_of(event.key(), lines)
        if step is None:
            event.ignore()
        else:
            extend, keep = bool(event.modifiers() & _SHIFT), bool(event.modifiers() & _CTRL)
            self.moves.move(step, extend=extend, keep=keep)
