"""The provenance view: the credential's state, its tree, the details of a node, the raw JSON."""

import itertools
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Slot
from PySide6.QtGui import QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.errors import InspectorError
from inspector.domain.item import Item
from inspector.domain.provenance import ManifestStore, Provenance, ProvenanceState
from inspector.gui.evidence.facts import Mark
from inspector.gui.evidence.facts_view import FactsView
from inspector.gui.provenance.compare import CompareView
from inspector.gui.provenance.marks_delegate import MarksDelegate
from inspector.gui.provenance.node_words import node_facts
from inspector.gui.provenance.pictures import pixmap_of
from inspector.gui.provenance.raw_json import RawJson
from inspector.gui.provenance.state_head import StateHead
from inspector.gui.provenance.tree_model import Column, ManifestModel, node_at
from inspector.gui.provenance.zoom_tree import ZoomTree
from inspector.gui.workers.background import BackgroundJobs
from inspector.ports import MediaReader

_numbers = itertools.count()
_OPEN_DEPTH = 2
"""Levels of the tree that are open at first."""

_ICON_PX = 32

_WIDEST = {
    Column.NAME: 44,
    Column.SAYS: 76,
    Column.SIGNER: 30,
    Column.SIGNED_AT: 14,
    Column.RELATIONSHIP: 30,
}
"""Columns are as wide as what they hold, but not wider than this many characters."""

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
        self.model = ManifestModel(self)
        self._filtered = QSortFilterProxyModel(self)
        self._filtered.setSourceModel(self.model)
        self._filtered.setRecursiveFilteringEnabled(True)
        self._filtered.setFilterKeyColumn(-1)
        self._filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.tree = self._make_tree()
        self.filter = QLineEdit(self)
        self.details = FactsView(self)
        self.picture = QLabel(self)
        self.picture.setAccessibleName(self.tr("The picture that the credential carries"))
        self.raw = RawJson(jobs, self)
        self.compare = CompareView(services.reader, jobs, f"{self._job}-picture", self)
        self._lay_out()
        self.setFocusProxy(self.tree)
        self.show_item(None)

    def show_item(self, item: Item | None) -> None:
        """Show another item's credential; the tree follows once it was read."""
        self._jobs.forget(self._job)
        self._item = item
        self.filter.clear()
        self._show_store(None)
        if item is None:
            self._head.show_words(self.tr("No file is chosen."), Mark.NOTHING, "", "")
            self._head.offer_fetch("")
            return
        self._head.show_state(item.provenance)
        self._offer_fetch(item.provenance)
        self._waits_to_be_seen = item.provenance.state is not ProvenanceState.ABSENT
        if self.isVisible():
            self._load()

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

    @Slot()
    def expand_all(self) -> None:
        self.tree.expandAll()
        self._tree_fits()

    @Slot()
    def collapse_all(self) -> None:
        self.tree.collapseAll()

    def _load(self) -> None:
        if self._item is None or not self._waits_to_be_seen:
            return
        self._waits_to_be_seen = False
        self._head.tell_more(self.tr("Reading the credential…"))
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
        self._head.tell_more(
            self.tr("Fetched for this view; what the scan recorded of the file stays as it is.")
        )

    def _tell_not_fetched(self, error: InspectorError) -> None:
        if self._remote is not None:
            self._offer_fetch(self._remote)
        self._head.tell_more(str(error))

    def _show_store(self, store: ManifestStore | None) -> None:
        root = store.root if store else None
        self.model.set_root(root)
        self.compare.show_tree(self._item.path if self._item and root else None, root)
        self.raw.show_text(store.raw_json if store else "")
        self._split.setVisible(bool(store and (root or store.raw_json)))
        self._filler.setVisible(not self._split.isVisibleTo(self))
        self._tree_side.setVisible(root is not None)
        if root is not None and not self._tabs.isTabVisible(0):
            self._tabs.setTabVisible(0, True)
            self._tabs.setCurrentIndex(0)
        self._tabs.setTabVisible(0, root is not None)
        self._tabs.setTabVisible(1, root is not None)
        self.tree.expandToDepth(_OPEN_DEPTH - 1)
        self._tree_fits()
        if root is not None:
            self.tree.setCurrentIndex(self._filtered.index(0, 0))

    def _tell_failed(self, error: InspectorError) -> None:
        headline = self.tr("The credential could not be read again")
        self._head.show_words(headline, Mark.NOTICE, str(error), "")

    @Slot(str)
    def _filter_by(self, wanted: str) -> None:
        self._filtered.setFilterFixedString(wanted)
        if wanted:
            self.expand_all()

    @Slot(QModelIndex)
    def _show_node(self, index: QModelIndex) -> None:
        node = node_at(index) if index.isValid() else None
        is_active = not index.parent().isValid()
        self.details.show_facts(node_facts(node, is_active=is_active) if node else ())
        self.compare.show_node(node)
        picture = pixmap_of(node.thumbnail) if node and node.thumbnail else None
        self.picture.setVisible(picture is not None)
        self.picture.setPixmap(picture or QPixmap())

    @Slot()
    def _tree_fits(self) -> None:
        character = self.tree.fontMetrics().averageCharWidth()
        for column, most in _WIDEST.items():
            self.tree.resizeColumnToContents(column)
            wide = min(self.tree.columnWidth(column) + character, most * character)
            self.tree.setColumnWidth(column, wide)

    def _make_tree(self) -> ZoomTree:
        tree = ZoomTree(_ICON_PX, self)
        tree.setModel(self._filtered)
        tree.setItemDelegateForColumn(Column.SAYS, MarksDelegate(tree))
        tree.setUniformRowHeights(True)
        tree.setAlternatingRowColors(True)
        tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setAccessibleName(self.tr("Manifests and ingredients"))
        tree.header().setStretchLastSection(True)
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        tree.selectionModel().currentChanged.connect(self._show_node)
        tree.zoomed.connect(self._tree_fits)
        return tree

    def _lay_out(self) -> None:
        self.filter.setPlaceholderText(self.tr("Filter: title, signer, what it says"))
        self.filter.setAccessibleName(self.tr("Filter the tree"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter_by)
        above = QHBoxLayout()
        above.addWidget(self.filter, 1)
        for text, pressed in (
            (self.tr("Expand all"), self.expand_all),
            (self.tr("Collapse all"), self.collapse_all),
        ):
            button = QToolButton(self)
            button.setText(text)
            button.clicked.connect(pressed)
            above.addWidget(button)
        for sign, name, pressed in (
            ("−", self.tr("Smaller tree (Ctrl+-)"), self.tree.zoom_out),
            ("+", self.tr("Larger tree (Ctrl++)"), self.tree.zoom_in),
        ):
            button = QToolButton(self)
            button.setText(sign)
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.clicked.connect(pressed)
            above.addWidget(button)
        self._tree_side = QWidget(self)
        left = QVBoxLayout(self._tree_side)
        left.setContentsMargins(0, 0, 0, 0)
        left.addLayout(above)
        left.addWidget(self.tree, 1)
        self._tabs = QTabWidget(self)
        self._tabs.addTab(_scrolling((self.picture, self.details), self), self.tr("Details"))
        self._tabs.addTab(self.compare, self.tr("Compare"))
        self._tabs.addTab(self.raw, self.tr("Raw JSON"))
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._tree_side)
        self._split.addWidget(self._tabs)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self._filler = QWidget(self)
        whole = QVBoxLayout(self)
        whole.addWidget(self._head)
        whole.addWidget(self._split, 1)
        whole.addWidget(self._filler, 1)


def _scrolling(parts: Sequence[QWidget], parent: QWidget) -> QScrollArea:
    inside = QWidget(parent)
    column = QVBoxLayout(inside)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    area = QScrollArea(parent)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(inside)
    return area
