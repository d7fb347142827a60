"""A table of names and values as one selectable text, which never takes markup from a file."""

import math

from PySide6.QtCore import QEvent, QSizeF, Qt, QUrl, Slot
from PySide6.QtGui import (
    QColor,
    QPalette,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QTextLength,
    QTextOption,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from inspector.gui.evidence.facts import Fact, Mark
from inspector.gui.evidence.marks import mark_image

_NAME_SHARE = 0.36
_NAME_CHARACTERS = 21
"""The column of names takes this share of the width, but no more than these characters."""


class FactsView(QTextEdit):
    """Shows facts; as high as its text, so that it scrolls with what is around it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._facts: tuple[Fact, ...] = ()
        self._table: QTextTable | None = None
        self._names_px = 0.0
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setObjectName("facts")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(0)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._follow)

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        """Replace what is shown."""
        self._facts = facts
        self.setVisible(bool(facts))
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._table is not None and self._names_width() != self._names_px:
            self._names_px = self._names_width()
            self._table.setFormat(_table_format(self._names_px))
        super().resizeEvent(event)

    def _names_width(self) -> float:
        most = self.fontMetrics().averageCharWidth() * _NAME_CHARACTERS
        return min(self.viewport().width() * _NAME_SHARE, most)

    def _write(self) -> None:
        self._table = None
        self.document().clear()
        if not self._facts:
            self.setFixedHeight(0)
            return
        self._add_marks()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        self._names_px = self._names_width()
        table = cursor.insertTable(len(self._facts), 2, _table_format(self._names_px))
        self._table = table
        words, names = QTextCharFormat(), QTextCharFormat()
        words.setForeground(self.palette().color(QPalette.ColorRole.WindowText))
        names.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
        for row, fact in enumerate(self._facts):
            _cell(table, row, 0).insertText(fact.name, names)
            cell = _cell(table, row, 1)
            if fact.mark is not None:
                cell.insertImage(self._image_format(fact.mark))
                cell.insertText(" ", words)
            cell.insertText(fact.value, words)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _add_marks(self) -> None:
        colour: QColor = self.palette().color(QPalette.ColorRole.WindowText)
        for mark in {fact.mark for fact in self._facts if fact.mark is not None}:
            image = mark_image(mark, colour, self._mark_side(), self.devicePixelRatioF())
            self.document().addResource(
                QTextDocument.ResourceType.ImageResource.value, _address(mark), image
            )

    def _image_format(self, mark: Mark) -> QTextImageFormat:
        image = QTextImageFormat()
        image.setName(_address(mark).toString())
        image.setWidth(self._mark_side())
        image.setHeight(self._mark_side())
        image.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        return image

    def _mark_side(self) -> int:
        return round(self.fontMetrics().ascent())

    @Slot(QSizeF)
    def _follow(self, size: QSizeF) -> None:
        self.setFixedHeight(math.ceil(size.height()) if self._facts else 0)


def _address(mark: Mark) -> QUrl:
    return QUrl(f"mark:{mark.value}")


def _cell(table: QTextTable, row: int, column: int) -> QTextCursor:
    return table.cellAt(row, column).firstCursorPosition()


def _table_format(names_px: float) -> QTextTableFormat:
    table = QTextTableFormat()
    table.setBorder(0)
    table.setCellSpacing(0)
    table.setCellPadding(2)
    table.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setColumnWidthConstraints(
        [
            QTextLength(QTextLength.Type.FixedLength, names_px),
            QTextLength(QTextLength.Type.VariableLength, 0),
        ]
    )
    return table
