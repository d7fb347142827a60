"""Keep, drop, review and back: on the selection, then on to the next file."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from inspector.domain.verdict import Decision
from inspector.gui.actions.action_set import ActionSet
from inspector.gui.actions.catalogue import ActionId
from inspector.gui.controller import DeskController
from inspector.gui.models.library import Library
from inspector.gui.models.selection import NO_ROW
from inspector.gui.views.stage import Stage

_DECIDING = (ActionId.KEEP, ActionId.DROP, ActionId.REVIEW, ActionId.CLEAR_DECISION)


class DecideCommands(QObject):
    """The Decide menu, undo and redo."""

    def __init__(self, controller: DeskController, actions: ActionSet, stage: Stage) -> None:
        super().__init__(stage)
        self._curation = controller.curation
        self._library = controller.library
        self._actions = actions
        self._stage = stage
        stack = controller.curation.undo_stack
        actions.connect_all(
            {
                ActionId.UNDO: stack.undo,
                ActionId.REDO: stack.redo,
                ActionId.KEEP: self._keep,
                ActionId.DROP: self._drop,
                ActionId.REVIEW: self._review,
                ActionId.CLEAR_DECISION: self._clear_decision,
            }
        )
        stack.canUndoChanged.connect(actions[ActionId.UNDO].setEnabled)
        stack.canRedoChanged.connect(actions[ActionId.REDO].setEnabled)
        actions[ActionId.UNDO].setEnabled(False)
        actions[ActionId.REDO].setEnabled(False)
        self._library.selection.current_changed.connect(self._enable)
        self._enable()

    def _targets(self) -> NDArray[np.int32]:
        return target_rows(self._library, self._stage)

    def _decide(self, decision: Decision | None) -> None:
        """Decide, then go on: to the next file, or where a filter hid them to what came after."""
        rows, model = self._targets(), self._library.model
        place = model.position_of(int(rows[0])) if len(rows) else None
        if not self._curation.decide(rows, decision) or place is None or not len(model.order):
            return
        last = len(model.order) - 1
        if model.position_of(int(rows[0])) is None:
            self._library.selection.choose_only(int(model.order[min(place, last)]))
        elif len(rows) == 1 and self._actions[ActionId.AUTO_ADVANCE].isChecked():
            self._library.selection.choose_only(int(model.order[min(place + 1, last)]))

    @Slot()
    def _keep(self) -> None:
        self._decide(Decision.KEEP)

    @Slot()
    def _drop(self) -> None:
        self._decide(Decision.DROP)

    @Slot()
    def _review(self) -> None:
        is_marked = self._curation.are_all(self._targets(), Decision.REVIEW)
        self._decide(None if is_marked else Decision.REVIEW)

    @Slot()
    def _clear_decision(self) -> None:
        self._decide(None)

    @Slot()
    def _enable(self) -> None:
        has_current = self._library.selection.current != NO_ROW
        for action in _DECIDING:
            self._actions[action].setEnabled(has_current)


def target_rows(library: Library, stage: Stage) -> NDArray[np.int32]:
    """Return the rows a command is for: in a viewer the one shown, else all selected."""
    selection = library.selection
    current = np.array([] if selection.current == NO_ROW else [selection.current], np.int32)
    if stage.is_viewer:
        return current
    chosen = selection.among(library.model.order)
    return chosen if len(chosen) else current
