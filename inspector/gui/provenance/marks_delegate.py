"""Paints the marks of a row before its words."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from inspector.gui.evidence.marks import paint_mark
from inspector.gui.provenance.tree_model import marks_at

Index = QModelIndex | QPersistentModelIndex


class MarksDelegate(QStyledItemDelegate):
    """Draws what ``MARKS_ROLE`` gives, in the colour of the text; other cells as they are."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        marks = marks_at(index)
        if not marks:
            super().paint(painter, option, index)
            return
        described = QStyleOptionViewItem(option)
        self.initStyleOption(described, index)
        described.text = ""
        style = described.widget.style() if described.widget else QApplication.style()
        style.drawControl(
            QStyle.ControlElement.CE_ItemViewItem, described, painter, described.widget
        )
        chosen = bool(described.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        colour = described.palette.color(role)
        side = _side(option)
        place = QRectF(option.rect).adjusted(side / 3, 0, -side / 3, 0)
        top = place.center().y() - side / 2
        for number, mark in enumerate(marks):
            spot = QRectF(place.left() + number * side * 1.3, top, side, side)
            paint_mark(painter, mark, spot, colour)
        place.setLeft(place.left() + len(marks) * side * 1.3 + side / 4)
        words = str(index.data())
        fitting = option.fontMetrics.elidedText(words, option.textElideMode, int(place.width()))
        painter.save()
        painter.setPen(colour)
        painter.setFont(described.font)
        painter.drawText(place, int(option.displayAlignment), fitting)
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """A chosen row is seen as it is; a frame of focus over it would dim its words."""
        super().initStyleOption(option, index)
        if option.state & QStyle.StateFlag.State_Selected:
            option.state &= ~QStyle.StateFlag.State_HasFocus

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        side = _side(option)
        marks = len(marks_at(index))
        wide = round((marks * 1.3 + 1.5) * side) if marks else 0
        high = max(hint.height(), option.fontMetrics.height() + side // 2)
        return QSize(hint.width() + wide, high)


def _side(option: QStyleOptionViewItem) -> int:
    return round(option.fontMetrics.ascent())
