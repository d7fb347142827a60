"""The gallery: a table view used as a grid, with its own selection by row id."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHeaderView, QWidget

from inspector.gui.delegates.cell import CellDelegate, CellMetrics
from inspector.gui.look import Look
from inspector.gui.models.library import Library
from inspector.gui.models.selection import NO_ROW
from inspector.gui.views.files_view import FilesView
from inspector.gui.views.grid_moves import GridMoves
from inspector.gui.workers.thumbnails import ThumbnailLoader

ASK_MS = 20
"""A scroll must rest this long before thumbnails are read."""


class GalleryView(FilesView):
    """Shows a ``Library``; keys and clicks change its selection."""

    def __init__(
        self,
        library: Library,
        thumbnails: ThumbnailLoader,
        look: Look,
        picture_px: int,
        parent: QWidget,
    ) -> None:
        model = library.model
        super().__init__(library, GridMoves(library, model.columnCount), model.row_at, parent)
        self.setObjectName("gallery")
        self._thumbnails = thumbnails
        self._picture_px = picture_px
        self._keep_row = NO_ROW
        self._keep_offset = 0
        self._delegate = CellDelegate(look, library.selection, thumbnails, self)
        self._be_a_grid()
        self.setModel(library.model)
        self.setItemDelegate(self._delegate)
        self._asking = QTimer(self, singleShot=True, interval=ASK_MS)
        self._asking.timeout.connect(self._ask_thumbnails)
        self.verticalScrollBar().valueChanged.connect(self._ask_soon)
        library.model.rowsInserted.connect(self._ask_soon)
        library.about_to_rearrange.connect(self._remember_place)
        library.rearranged.connect(self._find_place)
        library.selection.current_changed.connect(self._follow_current)
        library.selection.changed.connect(self._paint_anew)
        thumbnails.loaded.connect(self._paint_anew)
        look.changed.connect(self._paint_anew)

    def set_picture_size(self, picture_px: int) -> None:
        self._picture_px = picture_px
        self._fit(force=True)

    def visible_rows(self, screens_ahead: int = 0) -> list[int]:
        """Return the rows on screen in order, and those of so many screens below."""
        height = max(1, self.verticalHeader().defaultSectionSize())
        columns = self._library.model.columnCount()
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height() * (1 + screens_ahead)
        first, last = top // height * columns, (bottom // height + 1) * columns
        return [int(row) for row in self._library.model.order[first:last]]

    # Qt's own events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        self._follow_current(self._library.selection.current)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not len(self._library.model.order) and len(self._library.rows):
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            words = self.tr("No file matches the search and the filters.")
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, words)

    @Slot(int)
    def _follow_current(self, row: int) -> None:
        position = self._library.model.position_of(row)
        if position is not None:
            self.setCurrentIndex(self._library.model.index_at(position))
        self._paint_anew()

    # Layout and place

    def _be_a_grid(self) -> None:
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def _fit(self, *, force: bool = False) -> None:
        """Choose the number of columns for the width, and keep the place."""
        metrics = CellMetrics.of(self.font(), self._picture_px)
        ratio = self.devicePixelRatioF()
        self._delegate.set_metrics(metrics, ratio)
        self._thumbnails.set_size(metrics.picture, ratio)
        width = self.viewport().width()
        columns = max(1, width // metrics.width)
        model = self._library.model
        if force or columns != model.columnCount():
            self._remember_place()
            model.set_columns(columns)
            self._size_sections(width // columns, metrics.height)
            self._find_place()
        else:
            self._size_sections(width // columns, metrics.height)
        self._asking.start()

    def _size_sections(self, width: int, height: int) -> None:
        self.horizontalHeader().setDefaultSectionSize(width)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(max(1, height // 4))

    @Slot()
    def _remember_place(self) -> None:
        """Note a row to hold on to: the current one if it is on screen, else the first."""
        visible = self.visible_rows()
        current = self._library.selection.current
        at_top = self.verticalScrollBar().value() == 0
        self._keep_row = current if current in visible else visible[0] if visible else NO_ROW
        position = self._library.model.position_of(self._keep_row)
        if at_top and current not in visible:
            position = None
        if position is None:
            self._keep_row = NO_ROW
            return
        self._keep_offset = self.visualRect(self._library.model.index_at(position)).top()

    @Slot()
    def _find_place(self) -> None:
        position = self._library.model.position_of(self._keep_row)
        if position is not None:
            line = position // self._library.model.columnCount()
            height = self.verticalHeader().defaultSectionSize()
            self.verticalScrollBar().setValue(line * height - self._keep_offset)
        current = self._library.model.position_of(self._library.selection.current)
        if current is not None:
            self.setAutoScroll(False)
            self.setCurrentIndex(self._library.model.index_at(current))
            self.setAutoScroll(True)
        self._asking.start()
        self._paint_anew()

    @Slot()
    def _ask_soon(self) -> None:
        self._asking.start()

    @Slot()
    def _ask_thumbnails(self) -> None:
        paths = self._library.rows.paths
        wanted = self.visible_rows(screens_ahead=1)
        self._thumbnails.want([(row, paths[row]) for row in reversed(wanted)])

    @Slot()
    def _paint_anew(self) -> None:
        self.viewport().update()
