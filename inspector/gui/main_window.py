"""The window: it docks the parts and wires them together, nothing else."""

from collections.abc import Mapping

from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QIcon,
)
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from inspector.domain.item import Item
from inspector.gui.actions.action_set import ActionSet
from inspector.gui.actions.catalogue import ActionId, Menu, Scope
from inspector.gui.commands.deciding import DecideCommands
from inspector.gui.commands.files import FileCommands
from inspector.gui.commands.looking import LookCommands
from inspector.gui.commands.preferences import PreferenceCommands
from inspector.gui.commands.scoring import ScoreCommands
from inspector.gui.controller import DeskController
from inspector.gui.dropped import local_paths
from inspector.gui.evidence.panel import EvidencePanel
from inspector.gui.look import Look
from inspector.gui.models.arrangement import Facet
from inspector.gui.models.facets import FacetModel
from inspector.gui.services import DeskServices
from inspector.gui.status_feed import StatusFeed
from inspector.gui.views.empty_desk import EmptyDesk
from inspector.gui.views.facet_panel import FacetPanel
from inspector.gui.views.frame import ScrollingFrame, make_side, make_tool_bar
from inspector.gui.views.library_page import LibraryPage
from inspector.gui.views.notice import Notice
from inspector.gui.views.stage import Page, Stage
from inspector.gui.views.status import DeskStatus


class MainWindow(QMainWindow):
    """One desk over one open session; lives in the UI thread."""

    def __init__(self, services: DeskServices, look: Look) -> None:
        super().__init__()
        self.setObjectName("desk")
        self.setAcceptDrops(True)
        self._services = services
        self._look = look
        self.controller = DeskController(services, self)
        self.actions_of_desk = ActionSet(look, self)
        self.status = DeskStatus(
            self.actions_of_desk[ActionId.STOP_SCAN], self.actions_of_desk[ActionId.GO_ON], self
        )
        self.status_feed = StatusFeed(self.controller, self.status)
        self.notice = Notice(look, self)
        self.stage = Stage(services, self.controller.jobs, self)
        self.empty = self._make_empty()
        self.library_page = LibraryPage(
            self.controller.library,
            self.controller.thumbnails,
            look,
            services.settings.desk.thumbnail_px,
            self,
        )
        self.stage.take_pages(self.empty, self.library_page)
        self.facets = FacetModel(look, self)
        self.facet_panel = FacetPanel(self.facets, self)
        self.evidence = EvidencePanel(self)
        self._lay_out()
        self._command()
        self._wire()
        self._show_title()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self.empty.set_hot(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self.empty.set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.empty.set_hot(False)
        paths = local_paths(event.mimeData().urls())
        if paths:
            event.acceptProposedAction()
            self.controller.add(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.hide()
        self.status_feed.stop()
        self.controller.close()
        super().closeEvent(event)

    def _make_empty(self) -> EmptyDesk:
        ways = (
            ActionId.ADD_FOLDER,
            ActionId.ADD_FILES,
            ActionId.OPEN_SESSION,
            ActionId.TRY_SAMPLE,
        )
        return EmptyDesk(self._look, [self.actions_of_desk[way] for way in ways], self)

    def _lay_out(self) -> None:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(ScrollingFrame(self.stage, middle), 1)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)
        self.addToolBar(make_tool_bar(self.actions_of_desk, self))
        self.actions_of_desk.fill(self.menuBar())
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        filters, evidence = ActionId.FILTER_PANEL.value, ActionId.EVIDENCE_PANEL.value
        self._filter_dock = make_side(self.facet_panel, self.tr("Filters"), filters, left, self)
        self._evidence_dock = make_side(self.evidence, self.tr("Evidence"), evidence, right, self)
        line = self.fontMetrics().height()
        self.resizeDocks(
            [self._filter_dock, self._evidence_dock],
            [19 * line, 20 * line],
            Qt.Orientation.Horizontal,
        )

    @Slot()
    def _show_docks(self) -> None:
        """The panels have nothing to say beside the empty desk."""
        is_empty = self.stage.page is Page.EMPTY
        for dock in (self._filter_dock, self._evidence_dock):
            toggle = self.actions_of_desk[ActionId(dock.objectName())]
            toggle.setEnabled(not is_empty)
            dock.setVisible(toggle.isChecked() and not is_empty)

    def _command(self) -> None:
        actions, controller = self.actions_of_desk, self.controller
        gallery = self.library_page.gallery
        self.files = FileCommands(controller, actions, self)
        self.deciding = DecideCommands(controller, actions, self.stage)
        self.scoring = ScoreCommands(controller, actions, self.stage, self)
        self.looking = LookCommands(controller.library, actions, self.stage, self.library_page)
        self.preferences = PreferenceCommands(controller, actions, gallery, self._look, self)
        actions[ActionId.FULL_SCREEN].toggled.connect(self._set_full_screen)
        actions.attach(Scope.STAGE, self.stage)
        actions.attach(Scope.GALLERY, gallery, self.library_page.table)
        actions.attach(Scope.VIEWERS, self.stage.loupe, self.stage.clip, self.stage.provenance)
        actions.attach(Scope.PICTURE, self.stage.loupe.canvas, self.stage.clip.canvas)

    def _wire(self) -> None:
        controller, library = self.controller, self.controller.library
        controller.told.connect(self.notice.tell)
        controller.session_changed.connect(self._begin_session)
        controller.scans.busy_changed.connect(self._show_busy)
        controller.focus.item_changed.connect(self._show_item)
        library.size_changed.connect(self._show_rows)
        library.counted.connect(self._show_facets)
        self.evidence.kin_wanted.connect(self.looking.show_kin)
        self.facets.ticked.connect(library.set_facet)
        self.facet_panel.cleared.connect(self.looking.clear_filters)
        self.actions_of_desk[ActionId.CLEAR_FILTERS].triggered.connect(self.facets.untick)
        self.facet_panel.cleared.connect(self.facets.untick)
        for action in (ActionId.FILTER_PANEL, ActionId.EVIDENCE_PANEL):
            self.actions_of_desk[action].toggled.connect(self._show_docks)
        self.stage.page_changed.connect(self._show_docks)
        self._show_docks()
        self.library_page.gallery.menu_wanted.connect(self._show_context_menu)
        self.library_page.table.menu_wanted.connect(self._show_context_menu)

    @Slot(bool)
    def _show_busy(self, is_busy: bool) -> None:
        self.empty.tell_busy(is_busy, self.controller.scans.has_scanned)

    @Slot()
    def _show_rows(self) -> None:
        if self.stage.page is Page.EMPTY and len(self.controller.library.rows):
            self.stage.show_page(Page.GALLERY)

    @Slot(dict)
    def _show_facets(self, counts: Mapping[Facet, NDArray]) -> None:  # type: ignore[type-arg]
        self.facets.set_counts(counts, self.controller.library.rows)

    @Slot(object)
    def _show_item(self, item: Item | None) -> None:
        limits = self._services.thresholds(item.media, item.model) if item else None
        self.evidence.show_item(item, limits)
        self.evidence.show_kin(self._kin_of(item))
        self.stage.show_item(item)

    def _kin_of(self, item: Item | None) -> tuple[str, int] | None:
        rows = self.controller.library.rows
        row = rows.id_of(item.path) if item is not None else None
        return rows.kin.widest(row) if row is not None else None

    @Slot()
    def _begin_session(self) -> None:
        self.facets.clear()
        self.library_page.search.clear()
        self.notice.dismiss()
        self.stage.show_page(Page.EMPTY)
        self._show_title()

    def _show_title(self) -> None:
        store = self._services.store
        words = self.tr("{0} (read only) — Inspector") if store.only_looks else "{0} — Inspector"
        self.setWindowTitle(words.format(store.path.stem))
        self.setWindowIcon(QIcon(self._look.icon("inspector", "accent")))

    @Slot(bool)
    def _set_full_screen(self, is_full: bool) -> None:
        self.showFullScreen() if is_full else self.showNormal()

    @Slot(QPoint)
    def _show_context_menu(self, at: QPoint) -> None:
        self.actions_of_desk.menus[Menu.DECIDE].popup(at)
