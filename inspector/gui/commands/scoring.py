"""Scoring chosen files again: from changed copies, or with a detector that the user picks."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from inspector.domain.events import ItemJudged, ScanEvent
from inspector.domain.media import MediaKind
from inspector.gui.actions.action_set import ActionSet
from inspector.gui.actions.catalogue import ActionId
from inspector.gui.commands.deciding import target_rows
from inspector.gui.controller import DeskController
from inspector.gui.dialogs.score_again import ScoreAgainDialog
from inspector.gui.models.rows import FINDINGS, MEDIA
from inspector.gui.models.selection import NO_ROW
from inspector.gui.views.stage import Stage
from inspector.gui.wording import grouped
from inspector.ports import Rescore


class ScoreCommands(QObject):
    """What scores files anew, and says how many findings that changed."""

    def __init__(
        self, controller: DeskController, actions: ActionSet, stage: Stage, window: QWidget
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._library = controller.library
        self._actions = actions
        self._stage = stage
        self._window = window
        self._before: dict[str, int] = {}
        self._done = 0
        self._changed = 0
        actions.connect_all(
            {
                ActionId.CHECK_STABILITY: self.check_stability,
                ActionId.SCORE_AGAIN: self._ask,
            }
        )
        controller.scans.events.connect(self._count)
        controller.scans.busy_changed.connect(self._tell)
        self._library.selection.current_changed.connect(self._enable)
        self._enable()

    @Slot()
    def check_stability(self) -> None:
        """Score the chosen files from changed copies as well, each with its own detector."""
        self.start(Rescore(self._paths(), stability=True))

    def dialog(self) -> ScoreAgainDialog:
        """Return a new dialog that asks which detector is to score the chosen files."""
        rows = target_rows(self._library, self._stage)
        media = self._library.rows.media.values[rows]
        services = self._controller.services
        own = services.detector()
        dialog = ScoreAgainDialog(
            services.detectors(),
            own.id if own else None,
            self._paths(),
            has_clips=bool((media == MEDIA.code(MediaKind.VIDEO)).any()),
            parent=self._window,
        )
        dialog.wanted.connect(self.start)
        return dialog

    @Slot(object)
    def start(self, wanted: Rescore) -> None:
        """Queue a scoring; its progress shows in the status bar, and Stop ends it."""
        rows = self._library.rows
        for path in wanted.paths:
            row = rows.id_of(path)
            if row is not None:
                self._before[path] = int(rows.finding.values[row])
        if wanted.paths:
            self._controller.scans.score_again(wanted)

    def _paths(self) -> tuple[str, ...]:
        rows = target_rows(self._library, self._stage)
        return tuple(self._library.rows.paths[row] for row in rows)

    @Slot()
    def _ask(self) -> None:
        self.dialog().open()

    @Slot(list)
    def _count(self, events: list[ScanEvent]) -> None:
        if not self._controller.scans.is_again:
            return
        for event in events:
            if isinstance(event, ItemJudged) and event.item.path in self._before:
                before = self._before.pop(event.item.path)
                self._done += 1
                self._changed += before != FINDINGS.code(event.item.finding)

    @Slot(bool)
    def _tell(self, is_busy: bool) -> None:
        """Say what came of it, once nothing runs any more."""
        if is_busy or not (self._done or self._before):
            return
        words = self.tr("{0} files scored again; {1} findings changed.").format(
            grouped(self._done), grouped(self._changed)
        )
        if self._done == 1:
            words = self.tr("Scored again; its finding stays.")
            if self._changed:
                words = self.tr("Scored again; its finding changed.")
        self._controller.told.emit(words)
        self._before.clear()
        self._done = self._changed = 0

    @Slot()
    def _enable(self) -> None:
        has_current = self._library.selection.current != NO_ROW
        for action in (ActionId.CHECK_STABILITY, ActionId.SCORE_AGAIN):
            self._actions[action].setEnabled(has_current)
