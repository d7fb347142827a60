"""The one item that is looked at: read from the session off the UI thread, kept up to date."""

from collections import OrderedDict
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from inspector.domain.errors import InspectorError
from inspector.domain.item import Item
from inspector.gui.models.library import Library
from inspector.gui.models.rows import DECISIONS
from inspector.gui.models.selection import NO_ROW
from inspector.gui.services import DeskServices
from inspector.gui.workers.background import BackgroundJobs

MOST_RECENT = 256
"""Items judged last, which may not be in the session yet."""

_JOB = "focus"


class Focus(QObject):
    """Follows the selection's current row; lives in the UI thread."""

    item_changed = Signal(object)  # Item | None: another item, or other facts about it
    failed = Signal(str)  # the session could not be read; one sentence

    def __init__(
        self,
        services: DeskServices,
        library: Library,
        jobs: BackgroundJobs,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._library = library
        self._jobs = jobs
        self._recent: OrderedDict[str, Item] = OrderedDict()
        self.item: Item | None = None
        library.selection.current_changed.connect(self._look)

    def remember(self, item: Item) -> None:
        """Keep an item that was just judged; show it if it is the one looked at."""
        self._recent[item.path] = item
        if len(self._recent) > MOST_RECENT:
            self._recent.popitem(last=False)
        current = self._library.selection.current
        if current != NO_ROW and self._library.rows.paths[current] == item.path:
            self._show(item)

    def forget(self) -> None:
        """Another session comes."""
        self._recent.clear()
        self._jobs.forget(_JOB)
        self._set(None)

    @Slot()
    def refresh_decision(self) -> None:
        """Show the decision now in force on the item."""
        if self.item is not None:
            self._show(self.item)

    @Slot(int)
    def _look(self, row: int) -> None:
        self._jobs.forget(_JOB)
        if row == NO_ROW:
            self._set(None)
            return
        path = self._library.rows.paths[row]
        recent = self._recent.get(path)
        if recent is not None:
            self._show(recent)
            return
        work = partial(self._services.store.item, path)
        self._jobs.submit(_JOB, work, self._take, self._tell)

    def _take(self, item: Item | None) -> None:
        if item is None:
            self._set(None)
        else:
            self._show(item)

    def _tell(self, error: InspectorError) -> None:
        self._set(None)
        self.failed.emit(str(error))

    def _show(self, item: Item) -> None:
        """Show an item with the decision of its row, which is newer than the session's."""
        row = self._library.rows.id_of(item.path)
        if row is not None:
            item = item.decided(DECISIONS.member(int(self._library.rows.person.values[row])))
        self._set(item)

    def _set(self, item: Item | None) -> None:
        self.item = item
        self.item_changed.emit(item)
