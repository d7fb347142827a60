"""Going from page to page and from file to file, searching, and the sheet of keys."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from inspector.gui.actions.action_set import ActionSet
from inspector.gui.actions.catalogue import ActionId
from inspector.gui.dialogs.key_sheet import KeySheet
from inspector.gui.models.library import Library
from inspector.gui.models.selection import NO_ROW
from inspector.gui.views.library_page import LibraryPage
from inspector.gui.views.stage import Page, Stage


class LookCommands(QObject):
    """The View and Edit menus, as far as they move about."""

    def __init__(
        self, library: Library, actions: ActionSet, stage: Stage, page: LibraryPage
    ) -> None:
        super().__init__(stage)
        self._library = library
        self._actions = actions
        self._stage = stage
        self._page = page
        actions.connect_all(
            {
                ActionId.CHOOSE_ALL: page.gallery.moves.choose_all,
                ActionId.COPY_PATHS: self._copy_paths,
                ActionId.FIND: self._find,
                ActionId.CLEAR_FILTERS: self.clear_filters,
                ActionId.GALLERY: self.show_gallery,
                ActionId.LOUPE: self.show_loupe,
                ActionId.PROVENANCE: self._show_provenance,
                ActionId.PREVIOUS: self._previous,
                ActionId.NEXT: self._next,
                ActionId.KEY_SHEET: self._show_keys,
            }
        )
        library.size_changed.connect(self._enable)
        stage.page_changed.connect(self._enable)
        actions[ActionId.TABLE].toggled.connect(self._show_table)
        page.gallery.opened.connect(self.show_loupe)
        page.table.opened.connect(self.show_loupe)
        self._enable()

    @Slot()
    def show_gallery(self) -> None:
        self._stage.show_page(Page.GALLERY if len(self._library.rows) else Page.EMPTY)

    @Slot(bool)
    def _show_table(self, is_table: bool) -> None:
        self._page.show_table(is_table)
        self.show_gallery()

    @Slot(str)
    def show_kin(self, identity: str) -> None:
        """Show the files that rest on one manifest or ingredient."""
        self._page.search.search_for(f'ingredient:"{identity}"')
        self.show_gallery()

    @Slot()
    def show_loupe(self) -> None:
        if self._has_current():
            self._stage.show_page(Page.LOUPE)

    @Slot()
    def _show_provenance(self) -> None:
        if self._has_current():
            self._stage.show_page(Page.PROVENANCE)

    def _has_current(self) -> bool:
        """Look at the first file where none is looked at; return whether there is one."""
        selection, order = self._library.selection, self._library.model.order
        if selection.current == NO_ROW and len(order):
            selection.choose_only(int(order[0]))
        return selection.current != NO_ROW

    @Slot()
    def _previous(self) -> None:
        self._step(-1)

    @Slot()
    def _next(self) -> None:
        self._step(1)

    def _step(self, step: int) -> None:
        row = self._library.neighbour(self._library.selection.current, step)
        if row is not None:
            self._library.selection.choose_only(row)

    @Slot()
    def _copy_paths(self) -> None:
        chosen = self._library.selection.among(self._library.model.order)
        paths = [self._library.rows.paths[row] for row in chosen]
        QGuiApplication.clipboard().setText("\n".join(paths))

    @Slot()
    def _find(self) -> None:
        self.show_gallery()
        self._page.search.field.setFocus()
        self._page.search.field.selectAll()

    @Slot()
    def clear_filters(self) -> None:
        self._library.clear_facets()
        self._page.search.clear()

    @Slot()
    def _show_keys(self) -> None:
        self.key_sheet().open()

    def key_sheet(self) -> KeySheet:
        """Return the sheet of every key there is now."""
        sections = {
            menu.title().replace("&", ""): menu.actions() for menu in self._actions.menus.values()
        }
        sections[self.tr("Loupe")] = self._stage.loupe.actions()
        sections[self.tr("Clip")] = self._stage.clip.actions()
        return KeySheet(sections, self._stage.window())

    @Slot()
    def _enable(self) -> None:
        for action in (
            ActionId.CHOOSE_ALL,
            ActionId.COPY_PATHS,
            ActionId.FIND,
            ActionId.CLEAR_FILTERS,
            ActionId.LOUPE,
            ActionId.PROVENANCE,
        ):
            self._actions[action].setEnabled(len(self._library.rows) > 0)
        self._actions[ActionId.GALLERY].setEnabled(self._stage.is_viewer)
