"""The library as a table: one line a file, sorted by a click on a heading."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from inspector.gui.look import Look
from inspector.gui.models.arrangement import Sort
from inspector.gui.models.library import Library
from inspector.gui.models.table import SORTED_BY, TableColumn, TableModel
from inspector.gui.views.column_widths import shared_widths
from inspector.gui.views.files_view import FilesView
from inspector.gui.views.grid_moves import GridMoves
from inspector.gui.wording import row_icon

Index = QModelIndex | QPersistentModelIndex

_CHARACTERS = {
    TableColumn.NAME: (20, 40),
    TableColumn.FINDING: (20, 22),
    TableColumn.SIGNER: (14, 26),
    TableColumn.GENERATOR: (14, 30),
    TableColumn.SAYS: (14, 28),
    TableColumn.TRAINING: (9, 9),
    TableColumn.BROKEN: (9, 10),
    TableColumn.DECISION: (9, 9),
    TableColumn.LIKELIHOOD: (10, 10),
    TableColumn.CREDENTIAL: (20, 22),
    TableColumn.DISAGREES: (20, 24),
}
"""Characters that a column needs at least, and those it takes where there is room."""


class _LineDelegate(QStyledItemDelegate):
    """Paints a line as chosen where the library's selection has its file."""

    def __init__(self, library: Library, model: TableModel, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._library = library
        self._model = model

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        row = self._model.row_at(index)
        if row is not None and row in self._library.selection:
            option.state |= QStyle.StateFlag.State_Selected
            if index.column() == TableColumn.FINDING:
                option.icon = self._look.icon(row_icon(self._library.rows, row), "on_accent")
        option.state &= ~QStyle.StateFlag.State_HasFocus  # it would dim the words

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Frame the cell that has the keys."""
        super().paint(painter, option, index)
        if option.state & QStyle.StateFlag.State_HasFocus:
            row = self._model.row_at(index)
            is_chosen = row is not None and row in self._library.selection
            role = QPalette.ColorRole.HighlightedText if is_chosen else QPalette.ColorRole.Text
            painter.setPen(option.palette.color(role))
            painter.drawRect(option.rect.adjusted(1, 1, -2, -2))


class FileTable(FilesView):
    """Shows a ``Library`` in columns; keys and clicks change its selection.

    Left and Right go from column to column, so that a screen reader reads them one by one.
    """

    sorted_by = Signal(Sort)  # the user wants this order

    def __init__(self, library: Library, look: Look, parent: QWidget) -> None:
        self._model = TableModel(library, look)
        super().__init__(library, GridMoves(library, lambda: 1), self._model.row_at, parent)
        self.setObjectName("table")
        self.setModel(self._model)
        self.setItemDelegate(_LineDelegate(library, self._model, look, self))
        self._be_a_list()
        library.rearranged.connect(self._show_sort)
        library.selection.current_changed.connect(self._follow_current)
        library.selection.changed.connect(self._paint_anew)
        look.changed.connect(self._paint_anew)

    def showEvent(self, event: QShowEvent) -> None:
        self._model.wake(True)
        super().showEvent(event)
        self._share_room()
        self._show_sort()
        self._follow_current(self._library.selection.current)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._model.wake(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._share_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self.setCurrentIndex(self.currentIndex().siblingAtColumn(self._column() + step))
        else:
            super().keyPressEvent(event)

    def _column(self) -> int:
        return max(0, self.currentIndex().column())

    def _be_a_list(self) -> None:
        lines, headings = self.verticalHeader(), self.horizontalHeader()
        lines.hide()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setDefaultSectionSize(round(self.fontMetrics().height() * 1.6))
        headings.setSectionsClickable(True)
        headings.setSectionsMovable(True)
        headings.setSortIndicatorShown(True)
        headings.setHighlightSections(False)
        headings.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        headings.sectionClicked.connect(self._sort)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    @Slot(int)
    def _sort(self, section: int) -> None:
        """Sort by a column; by the one that sorts already, the other way round."""
        key, now = SORTED_BY[TableColumn(section)], self._library.sort
        self.sorted_by.emit(Sort(key, descending=key is now.key and not now.descending))

    @Slot()
    def _show_sort(self) -> None:
        sort = self._library.sort
        section = next((column for column, key in SORTED_BY.items() if key is sort.key), -1)
        order = Qt.SortOrder.DescendingOrder if sort.descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(section, order)
        self._follow_current(self._library.selection.current)

    @Slot(int)
    def _follow_current(self, row: int) -> None:
        position = self._library.model.position_of(row) if self.isVisible() else None
        if position is not None:
            self.setCurrentIndex(self._model.index(position, self._column()))
        self._paint_anew()

    @Slot()
    def _paint_anew(self) -> None:
        self.viewport().update()

    def _share_room(self) -> None:
        """Share the width among the columns; they scroll where even the least does not fit."""
        character = self.fontMetrics().horizontalAdvance("n")
        least = [character * few for few, _ in _CHARACTERS.values()]
        wanted = [character * many for _, many in _CHARACTERS.values()]
        widths = shared_widths(wanted, least, max(self.viewport().width(), sum(least)))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
