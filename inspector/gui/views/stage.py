"""The middle of the window: one page at a time, and the viewers fed with the item in focus."""

from enum import IntEnum

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from inspector.domain.item import Item
from inspector.domain.media import MediaKind
from inspector.gui.clip.view import ClipView
from inspector.gui.loupe.view import LoupeView
from inspector.gui.provenance.view import ManifestView
from inspector.gui.services import DeskServices
from inspector.gui.views.empty_desk import EmptyDesk
from inspector.gui.views.library_page import LibraryPage
from inspector.gui.workers.background import BackgroundJobs


class Page(IntEnum):
    """Pages in the order they are stacked."""

    EMPTY = 0
    GALLERY = 1
    LOUPE = 2
    CLIP = 3
    PROVENANCE = 4


class Stage(QStackedWidget):
    """Owns the pages. Only the viewer that is shown holds an item, so only that one works."""

    page_changed = Signal(Page)

    def __init__(self, services: DeskServices, jobs: BackgroundJobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._item: Item | None = None
        self.loupe = LoupeView(services, jobs, self)
        self.clip = ClipView(services, jobs, self)
        self.provenance = ManifestView(services, jobs, self)

    def take_pages(self, empty: EmptyDesk, library: LibraryPage) -> None:
        """Stack the pages; called once."""
        for page in (empty, library, self.loupe, self.clip, self.provenance):
            self.addWidget(page)

    @property
    def page(self) -> Page:
        return Page(self.currentIndex())

    @property
    def is_viewer(self) -> bool:
        return self.page in (Page.LOUPE, Page.CLIP, Page.PROVENANCE)

    def minimumSizeHint(self) -> QSize:
        """Ask for what the page on screen needs, not for what the largest would."""
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else super().minimumSizeHint()

    def show_page(self, page: Page) -> None:
        if page in (Page.LOUPE, Page.CLIP):
            page = self._picture_page()
        if page != self.page:
            self.setCurrentIndex(page)
            self.updateGeometry()
            self._feed()
            self.page_changed.emit(page)
        shown = self.currentWidget()
        if shown is not None:
            shown.setFocus()

    def show_item(self, item: Item | None) -> None:
        """Show another item, or the same one with other facts, in the viewer that is open."""
        is_same = _is_same(item, self._item)
        self._item = item
        if is_same:
            return
        if self.page in (Page.LOUPE, Page.CLIP) and item is not None:
            page = self._picture_page()
            if page != self.page:
                self.show_page(page)
                return
        self._feed()

    def _picture_page(self) -> Page:
        is_clip = self._item is not None and self._item.media is MediaKind.VIDEO
        return Page.CLIP if is_clip else Page.LOUPE

    def _feed(self) -> None:
        page = self.page
        self.loupe.show_item(self._item if page is Page.LOUPE else None)
        self.clip.show_item(self._item if page is Page.CLIP else None)
        self.provenance.show_item(self._item if page is Page.PROVENANCE else None)


def _is_same(item: Item | None, other: Item | None) -> bool:
    """Return whether a viewer would show the same, a person's decision apart."""
    if item is None or other is None:
        return item is other
    return item.file == other.file and item.score is other.score and item.info == other.info
