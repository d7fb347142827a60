"""The library screen: search and sort above, the gallery or the table below."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.gui.look import Look
from inspector.gui.models.library import Library
from inspector.gui.views.gallery import GalleryView
from inspector.gui.views.search_bar import SearchBar
from inspector.gui.views.table import FileTable
from inspector.gui.workers.thumbnails import ThumbnailLoader


class LibraryPage(QWidget):
    """Lays out the search bar, the gallery and the table, and connects them to the library."""

    def __init__(
        self,
        library: Library,
        thumbnails: ThumbnailLoader,
        look: Look,
        picture_px: int,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self.search = SearchBar(look, self)
        self.gallery = GalleryView(library, thumbnails, look, picture_px, self)
        self.gallery.setAccessibleName(self.tr("Gallery"))
        self.table = FileTable(library, look, self)
        self.table.setAccessibleName(self.tr("Table of files"))
        self._middle = QStackedWidget(self)
        self._middle.addWidget(self.gallery)
        self._middle.addWidget(self.table)
        self.setFocusProxy(self.gallery)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.search)
        whole.addWidget(self._middle, 1)
        self.search.searched.connect(library.set_query)
        self.search.sorted_by.connect(library.set_sort)
        self.search.left.connect(self.setFocus)
        self.table.sorted_by.connect(self.search.sort_by)
        library.counted.connect(self._show_counts)
        library.rearranged.connect(self._show_counts)
        library.selection.changed.connect(self._show_counts)

    @Slot(bool)
    def show_table(self, is_table: bool) -> None:
        """Show the files in columns, or as pictures."""
        shown = self.table if is_table else self.gallery
        has_keys = self.gallery.hasFocus() or self.table.hasFocus()
        self._middle.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        if has_keys:
            shown.setFocus()

    @Slot()
    def _show_counts(self) -> None:
        order = self._library.model.order
        chosen = len(self._library.selection.among(order))
        self.search.show_counts(len(order), len(self._library.rows), chosen)
