"""The reader's own JSON, to search, copy and save."""

import os
import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QTextCursor, QTextDocument
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
from inspector.gui.loupe.parts import line_label
from inspector.gui.workers.background import BackgroundJobs

_MOST_SHOWN = 2_000_000
"""Characters shown; a longer text is copied and saved whole all the same."""


class RawJson(QWidget):
    """Shows one text; saving it runs in the background."""

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
        self.search.returnPressed.connect(self.find_next)
        self._told = line_label(self, gives_way=True)
        row = QHBoxLayout()
        row.addWidget(self.search, 2)
        for text, pressed in (
            (self.tr("Previous"), self.find_previous),
            (self.tr("Next"), self.find_next),
            (self.tr("Copy"), self.copy),
            (self.tr("Save…"), self._choose_and_save),
        ):
            button = QToolButton(self)
            button.setText(text)
            button.clicked.connect(pressed)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(self.text, 1)
        column.addWidget(self._told)

    @property
    def told(self) -> str:
        """Return the line below the text: what came of saving, copying, finding."""
        return self._told.text()

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        self.text.setPlainText(text[:_MOST_SHOWN])
        shortened = self.tr("Too long to show: copy or save it to see all of it.")
        self._tell(shortened if len(text) > _MOST_SHOWN else "")

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
        self._tell("")
        if not wanted or self.text.find(wanted, flags):
            return
        backwards = flags == QTextDocument.FindFlag.FindBackward
        moves = QTextCursor.MoveOperation
        self.text.moveCursor(moves.End if backwards else moves.Start)
        if not self.text.find(wanted, flags):
            self._tell(self.tr("Not found."))

    def _tell(self, words: str) -> None:
        self._told.setText(words)
        self._told.setVisible(bool(words))

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
