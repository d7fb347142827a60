"""Decisions as the user takes them: shown at once, written safely, undone and redone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from inspector.domain.errors import StoreError
from inspector.domain.verdict import Decision, PersonDecision
from inspector.gui.models.library import Library
from inspector.gui.models.rows import DECISIONS
from inspector.gui.services import DeskServices
from inspector.gui.wording import decision_words, grouped
from inspector.gui.workers.decisions import DecisionWriter


@dataclass(slots=True)
class _Change:
    """What a command does to rows; ``before`` and ``after`` are codes, or ``NONE``."""

    rows: NDArray[np.int32]
    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    failed: bool = field(default=False)


class Curation(QObject):
    """Owns the undo stack and the writer; lives in the UI thread.

    A decision shows before it is on disk. If the write fails, the rows go back to what they
    were, the command leaves the undo stack, and ``failed`` says so in one sentence.
    """

    decided = Signal()  # decisions changed: by a key, undo, redo, or a write that failed
    failed = Signal(str)  # one sentence: a decision could not be written

    def __init__(
        self, services: DeskServices, library: Library, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._library = library
        self.undo_stack = QUndoStack(self)
        self._writer = DecisionWriter(self)
        self._writer.written.connect(self._forget_write)
        self._writer.failed.connect(self._roll_back)
        self._writes: dict[int, _Change] = {}

    def decide(self, rows: NDArray[np.int32], decision: Decision | None) -> bool:
        """Decide on rows that can be decided; None takes earlier decisions back.

        Returns:
            whether there was any such row.
        """
        rows = rows[self._library.rows.can_decide(rows)] if len(rows) else rows
        if not len(rows):
            return False
        before = self._library.rows.person.values[rows].copy()
        after = np.full(len(rows), DECISIONS.code(decision), np.uint8)
        words = self.tr("Take back") if decision is None else decision_words(decision)
        text = f"{words} ({grouped(len(rows))})" if len(rows) > 1 else words
        self.undo_stack.push(_DecideCommand(self, _Change(rows, before, after), text))
        return True

    def are_all(self, rows: NDArray[np.int32], decision: Decision) -> bool:
        """Return whether a person decided so on every one of these rows."""
        codes = self._library.rows.person.values[rows]
        return bool(len(codes)) and bool((codes == DECISIONS.code(decision)).all())

    def settle(self) -> None:
        """Wait until every decision is written: the session is about to change."""
        self._writer.settle()
        self.undo_stack.clear()

    def close(self) -> None:
        """Wait until every decision is written and end the writer."""
        self._writer.close()

    def put(self, change: _Change, codes: NDArray[np.uint8]) -> None:
        """Show codes on a change's rows and queue their write."""
        if change.failed:
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        paths = self._library.rows.paths
        decisions = [
            PersonDecision(paths[row], None, DECISIONS.member(code), at)
            for row, code in zip(change.rows.tolist(), codes.tolist(), strict=True)
        ]
        self._library.decide(change.rows, codes)
        self._writes[self._writer.write(self._services.store, decisions)] = change
        self.decided.emit()

    def show(self, change: _Change) -> None:
        """Choose the rows of a change, so that the user sees what was undone or redone."""
        if not change.failed:
            self._library.selection.choose(change.rows, int(change.rows[0]))

    @Slot(int)
    def _forget_write(self, number: int) -> None:
        self._writes.pop(number, None)

    @Slot(int, StoreError)
    def _roll_back(self, number: int, error: StoreError) -> None:
        change = self._writes.pop(number)
        if not change.failed:
            change.failed = True
            self._library.decide(change.rows, change.before)
            self._drop_failed()
            self.decided.emit()
        self.failed.emit(
            self.tr("Your decision was not saved and is taken back. {0}").format(error)
        )

    def _drop_failed(self) -> None:
        """Take failed commands off the end of the stack; those deeper in do nothing."""
        stack = self.undo_stack
        for place in range(stack.count()):
            command = stack.command(place)
            assert isinstance(command, _DecideCommand)
            command.setObsolete(command.change.failed)
        while stack.index() and stack.command(stack.index() - 1).isObsolete():
            stack.undo()


class _DecideCommand(QUndoCommand):
    """One decision, on one row or many."""

    def __init__(self, curation: Curation, change: _Change, text: str) -> None:
        super().__init__(text)
        self._curation = curation
        self._is_new = True
        self.change = change

    def redo(self) -> None:
        """Called by the push itself as well; only later calls move what is looked at."""
        self._curation.put(self.change, self.change.after)
        if not self._is_new:
            self._curation.show(self.change)
        self._is_new = False

    def undo(self) -> None:
        self._curation.put(self.change, self.change.before)
        self._curation.show(self.change)
