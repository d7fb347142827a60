"""The library in the window: rows, what is shown of them, and when that is worked out anew."""

import time
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from inspector.domain.item import Item
from inspector.domain.media import FoundFile, ItemStatus
from inspector.domain.policy import Thresholds
from inspector.gui.models.arrangement import (
    Facet,
    Filter,
    Sort,
    arrange,
    facet_counts,
    matching,
)
from inspector.gui.models.gallery import GalleryModel
from inspector.gui.models.query import Query
from inspector.gui.models.rows import LibraryRows
from inspector.gui.models.selection import Selection

RESORT_MS = 500
"""Shortest time between two sorts that a running scan asks for."""

COUNT_MS = 150

COST_SHARE = 20
"""A sort that a scan asks for waits this many times its own cost, so it takes 5 % at most."""


def _no_limits(_item: Item) -> None:
    """Stand for a detector without thresholds."""


class Library(QObject):
    """Owns rows, filter, sort, gallery model and selection; lives in the UI thread."""

    about_to_rearrange = Signal()  # the order is about to change: remember what is on screen
    rearranged = Signal()  # the order changed otherwise than at its end
    counted = Signal(dict)  # dict[Facet, NDArray]: facet counts, a few times a second at most
    size_changed = Signal()  # rows were added or judged

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = LibraryRows()
        self.filter = Filter()
        self.sort = Sort()
        self.model = GalleryModel(self.rows, self)
        self.selection = Selection(self)
        self._resort = QTimer(self, singleShot=True, interval=RESORT_MS)
        self._resort.timeout.connect(self.rearrange)
        self._recount = QTimer(self, singleShot=True, interval=COUNT_MS)
        self._recount.timeout.connect(self._count)

    def clear(self) -> None:
        """Hold no rows: another session comes."""
        self.selection.clear()
        self.rows = LibraryRows()
        self.model.set_rows(self.rows)
        self.filter = Filter()
        self._tell_changed()
        self.rearranged.emit()

    def take_found(self, files: Sequence[FoundFile]) -> None:
        """Add files; those already here stay as they are."""
        start = len(self.rows)
        if not self.rows.append(files):
            return
        if self.sort.is_arrival:
            self._show_new(start)
        else:
            self._ask_resort()
        self._tell_changed()

    def take_judged(
        self, items: Iterable[Item], limits: Callable[[Item], Thresholds | None] = _no_limits
    ) -> None:
        """Fill in rows; those that are new are added.

        Args:
            items: judged files.
            limits: gives the thresholds of the detector that scored one.
        """
        start = len(self.rows)
        any_skipped = False
        for item in items:
            thresholds = limits(item) if item.score is not None else None
            self.rows.judge(item, thresholds.review if thresholds is not None else None)
            any_skipped = any_skipped or item.status is ItemStatus.SKIPPED
        if len(self.rows) > start and self.sort.is_arrival:
            self._show_new(start)
        elif len(self.rows) > start:
            self._ask_resort()
        if any_skipped or not self.filter.is_open or not self.sort.is_settled:
            self._ask_resort()
        self.model.touch()
        self._tell_changed()

    def set_query(self, query: Query) -> None:
        self._set_filter(Filter(query, self.filter.facets))

    def set_facet(self, facet: Facet, codes: frozenset[int]) -> None:
        self._set_filter(Filter(self.filter.query, {**self.filter.facets, facet: codes}))

    def clear_facets(self) -> None:
        self._set_filter(Filter(self.filter.query))

    def set_sort(self, sort: Sort) -> None:
        if sort != self.sort:
            self.sort = sort
            self.rearrange()

    def decide(self, rows: NDArray[np.int32], codes: NDArray[np.uint8]) -> None:
        """Set decisions of rows (codes of ``DECISIONS``, or ``NONE``) and show them at once."""
        self.rows.decide(rows, codes)
        if not self.filter.is_open:
            self.rearrange()
        self.model.touch()
        self._recount.start()

    def neighbour(self, row: int, step: int) -> int | None:
        """Return the row shown ``step`` places on, None past either end."""
        position = self.model.position_of(row)
        if position is None or not 0 <= position + step < len(self.model.order):
            return None
        return int(self.model.order[position + step])

    @Slot()
    def rearrange(self) -> None:
        """Work out anew what is shown and in what order."""
        self._resort.stop()
        started = time.perf_counter()
        self.about_to_rearrange.emit()
        self.model.set_order(arrange(self.rows, self.filter, self.sort))
        self.selection.keep_among(self.model.order)
        self.rearranged.emit()
        cost_ms = (time.perf_counter() - started) * 1000
        self._resort.setInterval(max(RESORT_MS, int(COST_SHARE * cost_ms)))

    def _set_filter(self, wanted: Filter) -> None:
        self.filter = wanted
        self.rearrange()
        self._recount.start()

    def _show_new(self, start: int) -> None:
        added = np.arange(start, len(self.rows), dtype=np.int32)
        mask = matching(self.rows, self.filter, slice(start, None))
        self.model.extend_order(added if mask is None else added[mask])

    def _ask_resort(self) -> None:
        if not self._resort.isActive():
            self._resort.start()

    def _tell_changed(self) -> None:
        self.size_changed.emit()
        if not self._recount.isActive():
            self._recount.start()

    @Slot()
    def _count(self) -> None:
        self.counted.emit(facet_counts(self.rows, self.filter))
