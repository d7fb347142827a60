"""The left panel's model: facets, their values with counts, and which values are ticked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from inspector.domain.media import display_path
from inspector.gui.look import Look
from inspector.gui.models.arrangement import Facet
from inspector.gui.models.columns import NONE
from inspector.gui.models.rows import (
    CLAIMS,
    CONTRADICTIONS,
    DECISIONS,
    FINDINGS,
    MAX_KINDS,
    MEDIA,
    STATES,
    STATUSES,
    LibraryRows,
)
from inspector.gui.wording import (
    claim_words,
    contradiction_words,
    decision_words,
    finding_words,
    grouped,
    media_words,
    plain_tip,
    state_words,
    status_words,
    trace_words,
)

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
FACET = 0
"""Internal id of a facet's own line; a value's line has its facet's place plus one."""


@dataclass(slots=True)
class _Value:
    code: int
    words: str
    icon: str | None = None
    count: int = 0


@dataclass(slots=True)
class _Group:
    facet: Facet
    words: str
    values: list[_Value] = field(default_factory=list)


class FacetModel(QAbstractItemModel):
    """Two levels: facets, and their values, which can be ticked. Lives in the UI thread.

    Values once known stay, whatever their count, so that a tick never jumps; the view hides
    those without files.
    """

    counted = Signal()  # counts or ticks changed: which lines are shown may change
    ticked = Signal(Facet, frozenset)  # frozenset[int]: the codes now ticked under a facet

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._groups = self._fixed_groups()
        self._ticked: dict[Facet, frozenset[int]] = {}
        look.changed.connect(self._paint_anew)

    def set_counts(self, counts: Mapping[Facet, NDArray[np.int64]], rows: LibraryRows) -> None:
        """Take new counts, and signers, generators and kinds of traces met since."""
        self._add_names(Facet.SIGNER, rows.signers.all, display_path)
        self._add_names(Facet.GENERATOR, rows.generators.all, display_path)
        self._add_names(Facet.TRACE, rows.trace_kinds.all[:MAX_KINDS], trace_words)
        self._add_names(Facet.FAMILY, rows.families(), self._family_words)
        for group in self._groups:
            found = counts[group.facet]
            for value in group.values:
                value.count = int(found[value.code]) if value.code < len(found) else 0
        self._paint_anew()

    def clear(self) -> None:
        """Untick everything and forget signers."""
        self.beginResetModel()
        self._groups = self._fixed_groups()
        self._ticked = {}
        self.endResetModel()

    def untick(self) -> None:
        self._ticked = {}
        self._paint_anew()

    def toggle(self, index: Index) -> None:
        """Tick a value or take its tick away."""
        value = self._value(index)
        if value is not None:
            facet = self._groups[index.internalId() - 1].facet
            codes = self._ticked.get(facet, frozenset()) ^ {value.code}
            self._ticked[facet] = codes
            self._paint_anew()
            self.ticked.emit(facet, codes)

    def is_ticked(self, index: Index) -> bool:
        value = self._value(index)
        if value is None:
            return False
        facet = self._groups[index.internalId() - 1].facet
        return value.code in self._ticked.get(facet, frozenset())

    def count(self, index: Index) -> int:
        """Return how many files a value has, or a facet in all."""
        value = self._value(index)
        if value is not None:
            return value.count
        return sum(value.count for value in self._groups[index.row()].values)

    def index(self, row: int, column: int, parent: Index = NO_PARENT) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else FACET)

    def parent(self, index: Index = NO_PARENT) -> QModelIndex:  # type: ignore[override]
        if not index.isValid() or index.internalId() == FACET:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, FACET)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        if not parent.isValid():
            return len(self._groups)
        is_facet = parent.internalId() == FACET and parent.column() == 0
        return len(self._groups[parent.row()].values) if is_facet else 0

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 2

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self._value(index) is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        value = self._value(index)
        if value is None:
            return self._heading_data(index, role)
        if index.column() == 1:
            return self._count_data(value, role)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return value.words
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(value.words)
            case Qt.ItemDataRole.CheckStateRole:
                ticked = self.is_ticked(index)
                return (Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked).value
            case Qt.ItemDataRole.DecorationRole if value.icon is not None:
                return self._look.icon(value.icon)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.tr("{0}, {1} files").format(value.words, value.count)
            case _:
                return None

    def _heading_data(self, index: Index, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole and index.column() == 0:
            return self._groups[index.row()].words
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._look.colours.colour("muted")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        return None

    def _count_data(self, value: _Value, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return grouped(value.count)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _value(self, index: Index) -> _Value | None:
        if not index.isValid() or index.internalId() == FACET:
            return None
        return self._groups[index.internalId() - 1].values[index.row()]

    def _paint_anew(self) -> None:
        for place, group in enumerate(self._groups):
            if group.values:
                parent = self.index(place, 0)
                last = self.index(len(group.values) - 1, 1, parent)
                self.dataChanged.emit(self.index(0, 0, parent), last)
        self.counted.emit()

    def _family_words(self, name: str) -> str:
        if not name:
            return self.tr("further files")
        return self.tr("with {0}").format(display_path(name))

    def _add_names(self, facet: Facet, known: Sequence[str], words: Callable[[str], str]) -> None:
        place = [group.facet for group in self._groups].index(facet)
        values = self._groups[place].values
        names = known[1 + len(values) :]
        if not names:
            return
        self.beginInsertRows(self.index(place, 0), len(values), len(values) + len(names) - 1)
        values.extend(_Value(code, words(name)) for code, name in enumerate(names, 1 + len(values)))
        self.endInsertRows()

    def _fixed_groups(self) -> list[_Group]:
        findings = [
            _Value(FINDINGS.code(member), finding_words(member), member.value)
            for member in FINDINGS.members
        ]
        decisions = [
            _Value(DECISIONS.code(member), decision_words(member), member.value)
            for member in DECISIONS.members
        ]
        decisions.append(_Value(NONE, self.tr("Undecided")))
        states = [_Value(STATES.code(state), state_words(state)) for state in STATES.members]
        media = [_Value(MEDIA.code(kind), media_words(kind), kind.value) for kind in MEDIA.members]
        against = [
            _Value(CONTRADICTIONS.code(member), contradiction_words(member))
            for member in CONTRADICTIONS.members
        ]
        claims = [_Value(CLAIMS.code(claim), claim_words(claim)) for claim in CLAIMS.members]
        statuses = [
            _Value(STATUSES.code(status), status_words(status)) for status in STATUSES.members
        ]
        statuses.append(_Value(NONE, self.tr("Waiting"), "waiting"))
        return [
            _Group(Facet.FINDING, self.tr("Finding"), findings),
            _Group(Facet.DECISION, self.tr("Decision"), decisions),
            _Group(Facet.CREDENTIAL, self.tr("Credential"), states),
            _Group(Facet.MEDIA, self.tr("Media"), media),
            _Group(Facet.SIGNER, self.tr("Signed by")),
            _Group(Facet.GENERATOR, self.tr("Made with")),
            _Group(Facet.CLAIM, self.tr("Says or shows"), claims),
            _Group(Facet.CONTRADICTION, self.tr("Detector disagrees"), against),
            _Group(Facet.TRACE, self.tr("Trace")),
            _Group(Facet.FAMILY, self.tr("Shares an ingredient")),
            _Group(Facet.STATUS, self.tr("File"), statuses),
        ]
