"""The provenance view: the credential's state, its tree, the details of a node, the raw JSON."""

import itertools
import os
from contextlib import suppress
from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.errors import InspectorError
from inspector.domain.item import Item
from inspector.domain.media import display_path
from inspector.domain.provenance import ManifestNode, ManifestStore, Provenance, ProvenanceState
from inspector.gui.evidence.facts import Mark
from inspector.gui.provenance.compare import CompareView
from inspector.gui.provenance.details_pane import DetailsPane
from inspector.gui.provenance.raw_json import RawJson
from inspector.gui.provenance.state_head import StateHead
from inspector.gui.provenance.tree_panel import TreePanel
from inspector.gui.workers.background import BackgroundJobs
from inspector.ports import MediaReader

_numbers = itertools.count()
_ROOM_FOR_BOTH = 140
"""Characters across from which the details stand beside the tree."""


class ManifestServices(Protocol):
    """What the provenance view asks of the desk's services."""

    @property
    def reader(self) -> MediaReader: ...

    def remote_host(self, provenance: Provenance) -> str: ...

    def fetch_manifests(self, path: str, provenance: Provenance) -> ManifestStore: ...


class ManifestView(QWidget):
    """Shows the credential of one item; reads it, in the background, only while on screen."""

    def __init__(self, services: ManifestServices, jobs: BackgroundJobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._jobs = jobs
        self._job = f"manifests-{next(_numbers)}"
        self._item: Item | None = None
        self._remote: Provenance | None = None
        self._waits_to_be_seen = False
        self._head = StateHead(self)
        self._head.fetch.clicked.connect(self._fetch)
        self.panel = TreePanel(self)
        self.panel.chosen.connect(self._show_node)
        self._tabs = QTabWidget(self)
        self.details = DetailsPane(self)
        self.raw = RawJson(jobs, self)
        self.compare = CompareView(services.reader, jobs, f"{self._job}-picture", self)
        self._lay_out()
        self.setFocusProxy(self.panel.tree)
        self.show_item(None)

    def show_item(self, item: Item | None) -> None:
        """Show another item's credential; the tree follows once it was read."""
        self._jobs.forget(self._job)
        self._item = item
        self._show_store(None)
        self._head.show_name(display_path(os.path.basename(item.path)) if item else "")
        if item is None:
            self._head.show_words(self.tr("No file is chosen."), Mark.NOTHING, "", "")
            self._head.offer_fetch("")
            return
        self._head.show_state(item.provenance)
        self._offer_fetch(item.provenance)
        self._waits_to_be_seen = item.provenance.state is not ProvenanceState.ABSENT
        if self.isVisible():
            self._load()

    def event(self, event: QEvent) -> bool:
        """Keep the key of finding from the menus: here it finds in what is shown."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and event.matches(QKeySequence.StandardKey.Find)
            and self._split.isVisible()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not event.matches(QKeySequence.StandardKey.Find):
            super().keyPressEvent(event)
        elif self.panel.isVisible() and not self.raw.isAncestorOf(self.focusWidget()):
            self.panel.start_search()
        else:
            self.raw.start_search()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the details below the tree where there is no room beside it."""
        super().resizeEvent(event)
        beside = event.size().width() > self.fontMetrics().averageCharWidth() * _ROOM_FOR_BOTH
        orientation = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if self._split.orientation() is not orientation:
            self._split.setOrientation(orientation)

    def _load(self) -> None:
        if self._item is None or not self._waits_to_be_seen:
            return
        self._waits_to_be_seen = False
        self._head.tell(self.tr("Reading the credential…"))
        work = partial(self._services.reader.manifests, self._item.path)
        self._jobs.submit(self._job, work, self._take_store, self._tell_failed)

    def _take_store(self, store: ManifestStore) -> None:
        self._head.show_state(store.summary)
        self._offer_fetch(store.summary)
        self._show_store(store)

    def _offer_fetch(self, provenance: Provenance) -> None:
        """Offer to connect to one host where the credential is kept elsewhere; never unasked."""
        host = ""
        if provenance.state is ProvenanceState.REMOTE:
            with suppress(InspectorError):
                host = self._services.remote_host(provenance)
        self._remote = provenance if host else None
        self._head.offer_fetch(host)

    @Slot()
    def _fetch(self) -> None:
        if self._item is None or self._remote is None:
            return
        self._head.show_fetching()
        work = partial(self._services.fetch_manifests, self._item.path, self._remote)
        self._jobs.submit(self._job, work, self._take_fetched, self._tell_not_fetched)

    def _take_fetched(self, store: ManifestStore) -> None:
        self._take_store(store)
        self._head.tell(
            self.tr("Fetched for this view; what the scan recorded of the file stays as it is.")
        )

    def _tell_not_fetched(self, error: InspectorError) -> None:
        if self._remote is not None:
            self._offer_fetch(self._remote)
        self._head.tell(str(error))

    def _show_store(self, store: ManifestStore | None) -> None:
        root = store.root if store else None
        self.compare.show_tree(self._item.path if self._item and root else None, root)
        self.raw.show_text(store.raw_json if store else "")
        self._split.setVisible(bool(store and (root or store.raw_json)))
        self._filler.setVisible(not self._split.isVisibleTo(self))
        self.panel.setVisible(root is not None)
        if root is not None and not self._tabs.isTabVisible(0):
            self._tabs.setTabVisible(0, True)
            self._tabs.setCurrentIndex(0)
        self._tabs.setTabVisible(0, root is not None)
        self._tabs.setTabVisible(1, root is not None)
        self.panel.show_root(root)

    def _tell_failed(self, error: InspectorError) -> None:
        headline = self.tr("The credential could not be read again")
        self._head.show_words(headline, Mark.NOTICE, str(error), "")

    @Slot(object, bool)
    def _show_node(self, node: ManifestNode | None, is_active: bool) -> None:
        self.details.show_node(node, is_active=is_active)
        self.compare.show_node(node)

    def _lay_out(self) -> None:
        self._tabs.setAccessibleName(self.tr("What is shown of the chosen row"))
        self._tabs.addTab(self.details, self.tr("Details"))
        self._tabs.addTab(self.compare, self.tr("Compare"))
        self._tabs.addTab(self.raw, self.tr("Raw JSON"))
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.panel)
        self._split.addWidget(self._tabs)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self._filler = QWidget(self)
        whole = QVBoxLayout(self)
        whole.addWidget(self._head)
        whole.addWidget(self._split, 1)
        whole.addWidget(self._filler, 1)
