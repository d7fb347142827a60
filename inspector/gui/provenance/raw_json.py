"""The reader's own JSON, to search, copy and save."""

import os
import re
import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import (
    QFontDatabase,
    QGuiApplication,
    QKeySequence,
    QShortcut,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.errors import InspectorError, ListError
from inspector.gui.loupe.bar import WrappingBar
from inspector.gui.loupe.parts import line_label
from inspector.gui.workers.background import BackgroundJobs

_MOST_SHOWN = 2_000_000
"""Characters shown; a longer text is copied and saved whole all the same."""


_ACTING = re.compile(
    "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ud800-\\udfff\\ufe00-\\ufe0f\\ufeff"
    "\\uffa0\\ufff0-\\ufffc\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]"
)
"""Characters that control, hide or turn text; JSON allows each to be written by its number."""


def escaped(json_text: str) -> str:
    """Return JSON of the same meaning, without a character that acts on how it is shown."""
    return _ACTING.sub(_by_number, json_text)


def _by_number(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


class RawJson(QWidget):
    """Shows one text; saving it runs in the background.

    What strangers wrote to hide or turn text is escaped, alike on screen, copied and saved.
    """

    def __init__(self, jobs: BackgroundJobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._whole = ""
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("Raw JSON"))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find in the JSON"))
        self.search.setAccessibleName(self.tr("Find in the JSON"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find_first)
        self.search.setToolTip(self.tr("Enter or F3: next, Shift+F3: previous"))
        self.search.returnPressed.connect(self.find_next)
        for keys, pressed in (("F3", self.find_next), ("Shift+F3", self.find_previous)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(pressed)
        self._told = line_label(self, gives_way=True)
        buttons = QWidget(self)
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        last: QWidget = self.search
        for text, pressed in (
            (self.tr("Previous"), self.find_previous),
            (self.tr("Next"), self.find_next),
            (self.tr("Copy"), self.copy),
            (self.tr("Save…"), self._choose_and_save),
        ):
            button = QToolButton(self)
            button.setText(text)
            button.setAccessibleName(text)
            button.clicked.connect(pressed)
            row.addWidget(button)
            self.setTabOrder(last, button)
            last = button
        self.setTabOrder(last, self.text)
        column = QVBoxLayout(self)
        column.addWidget(WrappingBar((self.search, buttons), self))
        column.addWidget(self.text, 1)
        column.addWidget(self._told)

    @property
    def told(self) -> str:
        """Return the line below the text: what came of saving, copying, finding."""
        return self._told.text()

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._whole = escaped(text)
        self.text.setPlainText(self._whole[:_MOST_SHOWN])
        self.search.clear()
        shortened = self.tr("Too long to show: copy or save it to see all of it.")
        self._tell(shortened if len(self._whole) > _MOST_SHOWN else "")

    @Slot()
    def start_search(self) -> None:
        """Take the keys to the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def find_next(self) -> None:
        self._find(QTextDocument.FindFlag(0))

    @Slot()
    def find_previous(self) -> None:
        self._find(QTextDocument.FindFlag.FindBackward)

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self._whole)
        self._tell(self.tr("Copied."))

    def save_to(self, path: Path) -> None:
        """Write the whole text in the background; an older file survives a failure."""
        work = partial(_write, self._whole, path)
        self._jobs.submit(f"save-json-{path}", work, self._tell_saved, self._tell_failed)

    @Slot()
    def _choose_and_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the JSON"), "credential.json", "JSON (*.json)"
        )
        if name:
            self.save_to(Path(name))

    @Slot()
    def _find_first(self) -> None:
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        self._find(QTextDocument.FindFlag(0))

    def _find(self, flags: QTextDocument.FindFlag) -> None:
        wanted = self.search.text()
        if not wanted:
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self._tell("")
            return
        if not self.text.find(wanted, flags):
            backwards = flags == QTextDocument.FindFlag.FindBackward
            moves = QTextCursor.MoveOperation
            self.text.moveCursor(moves.End if backwards else moves.Start)
            if not self.text.find(wanted, flags):
                self._tell(self.tr("Not found."))
                return
        self._show_from_the_left()
        shown, folded = self.text.toPlainText().lower(), wanted.lower()
        before = shown.count(folded, 0, self.text.textCursor().selectionStart())
        words = self.tr("{number} of {count}")
        self._tell(words.format(number=before + 1, count=shown.count(folded)))

    def _show_from_the_left(self) -> None:
        """Scroll no further to the right than what was found needs, so that its key is seen."""
        bar, place = self.text.horizontalScrollBar(), self.text.cursorRect()
        needs = place.right() + bar.value() + self.text.fontMetrics().averageCharWidth()
        bar.setValue(max(0, needs - self.text.viewport().width()))

    def _tell(self, words: str) -> None:
        self._told.setText(words)

    def _tell_saved(self, path: Path) -> None:
        self._tell(self.tr("Saved as {path}.").format(path=path))

    def _tell_failed(self, error: InspectorError) -> None:
        self._tell(str(error))


def _write(text: str, path: Path) -> Path:
    """Write a text beside its place, then move it there."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".saving-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise ListError(f"The JSON could not be saved: {error.strerror or error}.") from error
    return path
