"""The library screen: search and sort above, the gallery below."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.gui.look import Look
from inspector.gui.models.library import Library
from inspector.gui.views.gallery import GalleryView
from inspector.gui.views.search_bar import SearchBar
from inspector.gui.workers.thumbnails import ThumbnailLoader


class LibraryPage(QWidget):
    """Lays out the search bar and the gallery, and connects both to the library."""

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
        self.setFocusProxy(self.gallery)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.search)
        whole.addWidget(self.gallery, 1)
        self.search.searched.connect(library.set_query)
        self.search.sorted_by.connect(library.set_sort)
        self.search.left.connect(self.gallery.setFocus)
        library.counted.connect(self._show_counts)
        library.rearranged.connect(self._show_counts)
        library.selection.changed.connect(self._show_counts)

    @Slot()
    def _show_counts(self) -> None:
        order = self._library.model.order
        chosen = len(self._library.selection.among(order))
        self.search.show_counts(len(order), len(self._library.rows), chosen)
