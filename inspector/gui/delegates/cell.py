"""Paints one file in the gallery: picture, finding in words and sign, likelihood, decision."""

from dataclasses import dataclass
from math import isnan

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from inspector.domain.media import display_path
from inspector.domain.provenance import ProvenanceState
from inspector.gui.look import Look
from inspector.gui.models.columns import NONE
from inspector.gui.models.gallery import GalleryModel
from inspector.gui.models.rows import STATES, LibraryRows
from inspector.gui.models.selection import Selection
from inspector.gui.wording import duration_words, row_icon, row_words
from inspector.gui.workers.thumbnails import ThumbnailLoader

PINS = {
    ProvenanceState.TRUSTED: ("credential", "camera"),
    ProvenanceState.VALID: ("credential", "credential"),
    ProvenanceState.REMOTE: ("credential", "muted"),
    ProvenanceState.INVALID: ("credential_problem", "suspect"),
    ProvenanceState.CORRUPT: ("credential_problem", "muted"),
    ProvenanceState.UNSUPPORTED: ("credential", "muted"),
    ProvenanceState.UNREADABLE: ("credential", "muted"),
}
"""Sign and colour of a credential; a file without one has no pin.

None of them says "tampered": only the finding does.
"""

_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class CellMetrics:
    """Sizes of a cell in logical pixels, all from the font and the chosen picture size."""

    picture: int
    line: int
    pad: int

    @classmethod
    def of(cls, font: QFont, picture_px: int) -> "CellMetrics":
        height = QFontMetrics(font).height()
        return cls(picture_px, height + 2, max(4, height // 3))

    @property
    def width(self) -> int:
        """Least width of a cell; the view hands out what is left over."""
        return self.picture + 4 * self.pad

    @property
    def height(self) -> int:
        return self.picture + 2 * self.line + 6 * self.pad

    @property
    def icon(self) -> int:
        return self.line - 2

    @property
    def badge(self) -> int:
        return self.line + 4


@dataclass(frozen=True, slots=True)
class _Ink:
    """Colours of the theme in force, ready to paint with."""

    card: QColor
    chosen: QColor
    accent: QColor
    border: QColor
    text: QColor
    muted: QColor
    faint: QColor
    mat: QColor
    shade: QColor
    on_shade: QColor
    high: QColor
    middle: QColor

    @classmethod
    def of(cls, look: Look) -> "_Ink":
        names = (
            *("base", "accent_soft", "accent", "border", "text", "muted", "faint", "mat"),
            *("shade", "on_shade", "ai", "suspect"),
        )
        return cls(*(look.colours.colour(name) for name in names))


class CellDelegate(QStyledItemDelegate):
    """Paints cells of a ``GalleryModel``; reads columns and pixmaps that are already here."""

    def __init__(
        self, look: Look, selection: Selection, thumbnails: ThumbnailLoader, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._selection = selection
        self._thumbnails = thumbnails
        self._ratio = 1.0
        self.metrics = CellMetrics.of(parent.font(), 160)
        self._take_look()
        look.changed.connect(self._take_look)

    def set_metrics(self, metrics: CellMetrics, device_ratio: float) -> None:
        self.metrics = metrics
        self._ratio = device_ratio

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        del option, index
        return QSize(self.metrics.width, self.metrics.height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        model = index.model()
        assert isinstance(model, GalleryModel)
        row = model.row_at(index)
        if row is None:
            return
        rows, pad = model.rows, self.metrics.pad
        area: QRect = option.rect
        card = area.adjusted(pad // 2, pad // 2, -(pad // 2), -(pad // 2))
        self._paint_card(painter, card, row)
        picture = QRect(
            card.left() + pad, card.top() + pad, card.width() - 2 * pad, self.metrics.picture
        )
        self._paint_picture(painter, picture, row, rows)
        self._paint_decision(painter, picture, row, rows)
        self._paint_pin(painter, picture, row, rows)
        self._paint_duration(painter, picture, row, rows)
        below = QRect(
            picture.left(), picture.bottom() + 1 + pad, picture.width(), self.metrics.line
        )
        self._paint_words(painter, below, row, rows)
        painter.setPen(self._ink.muted)
        name = display_path(rows.name(row))
        below.translate(0, self.metrics.line)
        fitted = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, below.width())
        painter.drawText(below, _LEFT, fitted)

    def _paint_card(self, painter: QPainter, card: QRect, row: int) -> None:
        is_chosen = row in self._selection
        painter.fillRect(card, self._ink.chosen if is_chosen else self._ink.card)
        if row == self._selection.current:
            painter.setPen(QPen(self._ink.accent, 2))
            painter.drawRect(card.adjusted(1, 1, -1, -1))
        elif is_chosen:
            painter.setPen(QPen(self._ink.accent, 1))
            painter.drawRect(card.adjusted(0, 0, -1, -1))

    def _paint_picture(self, painter: QPainter, area: QRect, row: int, rows: LibraryRows) -> None:
        pixmap = self._thumbnails.get(row)
        if pixmap is None:
            painter.fillRect(area, self._ink.mat)
            side = self.metrics.picture // 4
            sign = self._look.pixmap(row_icon(rows, row), side, self._ratio, "faint")
            painter.drawPixmap(area.center() - QPoint(side // 2, side // 2), sign)
            return
        width = round(pixmap.width() / pixmap.devicePixelRatio())
        height = round(pixmap.height() / pixmap.devicePixelRatio())
        painter.drawPixmap(
            area.left() + (area.width() - width) // 2,
            area.top() + (area.height() - height) // 2,
            pixmap,
        )

    def _paint_decision(self, painter: QPainter, area: QRect, row: int, rows: LibraryRows) -> None:
        """A person's mark is filled, a rule's only outlined; the sign says which decision."""
        decision = rows.decision(row)
        if decision is None:
            return
        side = self.metrics.badge
        badge = QRect(area.left(), area.top(), side, side)
        colour = self._look.colours.colour(decision.value)
        by_person = rows.person.values[row] != NONE
        painter.fillRect(badge, colour if by_person else self._ink.card)
        if not by_person:
            painter.setPen(QPen(colour, 1))
            painter.drawRect(badge.adjusted(0, 0, -1, -1))
        ink = "base" if by_person else decision.value
        self._paint_sign(painter, badge, decision.value, ink)

    def _paint_pin(self, painter: QPainter, area: QRect, row: int, rows: LibraryRows) -> None:
        state = STATES.member(int(rows.state.values[row]))
        if state is None or state not in PINS:
            return
        name, colour = PINS[state]
        side = self.metrics.badge
        badge = QRect(area.right() + 1 - side, area.top(), side, side)
        painter.fillRect(badge, self._ink.card)
        self._paint_sign(painter, badge, name, colour)

    def _paint_sign(self, painter: QPainter, badge: QRect, name: str, colour: str) -> None:
        side = self.metrics.icon
        offset = (badge.width() - side) // 2
        sign = self._look.pixmap(name, side, self._ratio, colour)
        painter.drawPixmap(badge.left() + offset, badge.top() + offset, sign)

    def _paint_duration(self, painter: QPainter, area: QRect, row: int, rows: LibraryRows) -> None:
        duration = float(rows.duration_s.values[row])
        if isnan(duration):
            return
        words, icon = duration_words(duration), self.metrics.icon
        width = painter.fontMetrics().horizontalAdvance(words) + icon + 3 * self.metrics.pad
        height = self.metrics.line
        chip = QRect(area.right() + 1 - width, area.bottom() + 1 - height, width, height)
        painter.fillRect(chip, self._ink.shade)
        sign = self._look.pixmap("video", icon, self._ratio, "on_shade")
        painter.drawPixmap(chip.left() + self.metrics.pad, chip.top() + 1, sign)
        painter.setPen(self._ink.on_shade)
        painter.drawText(chip.adjusted(icon + self.metrics.pad, 0, 0, 0), _CENTRE, words)

    def _paint_words(self, painter: QPainter, line: QRect, row: int, rows: LibraryRows) -> None:
        """The finding, and the likelihood as number and bar; faint where the detector abstains."""
        icon = self.metrics.icon
        painter.drawPixmap(
            line.left(), line.top() + 1, self._look.pixmap(row_icon(rows, row), icon, self._ratio)
        )
        words = line.adjusted(icon + self.metrics.pad, 0, 0, 0)
        likelihood = float(rows.likelihood.values[row])
        if not isnan(likelihood):
            abstained = bool(rows.abstained.values[row])
            number = f"{likelihood:.2f}"
            painter.setPen(self._ink.faint if abstained else self._ink.text)
            painter.drawText(line, _RIGHT, number)
            words.setRight(
                words.right() - painter.fontMetrics().horizontalAdvance(number) - self.metrics.pad
            )
            self._paint_bar(painter, line, likelihood, abstained)
        painter.setPen(self._ink.text)
        fitted = painter.fontMetrics().elidedText(
            row_words(rows, row), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, _LEFT, fitted)

    def _paint_bar(
        self, painter: QPainter, line: QRect, likelihood: float, abstained: bool
    ) -> None:
        bar = QRect(line.left(), line.top() - self.metrics.pad + 1, line.width(), 3)
        painter.fillRect(bar, self._ink.mat)
        bar.setWidth(round(bar.width() * likelihood))
        colour = self._ink.high if likelihood >= 0.5 else self._ink.muted
        painter.fillRect(bar, self._ink.faint if abstained else colour)

    @Slot()
    def _take_look(self) -> None:
        self._ink = _Ink.of(self._look)
