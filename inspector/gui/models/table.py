"""The files of the library as a table: what each says of itself, a column each."""

from collections.abc import Mapping
from enum import IntEnum
from math import isnan
from types import MappingProxyType

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Slot,
)

from inspector.domain.media import display_path
from inspector.domain.provenance import ProvenanceState
from inspector.gui.look import Look
from inspector.gui.models.arrangement import SortKey
from inspector.gui.models.columns import NONE
from inspector.gui.models.library import Library
from inspector.gui.models.rows import CLAIMS, CONTRADICTIONS, STATES, Claim, LibraryRows
from inspector.gui.wording import (
    claim_words,
    contradiction_words,
    decision_words,
    describe_row,
    plain_tip,
    row_icon,
    row_words,
    state_words,
)

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class TableColumn(IntEnum):
    NAME = 0
    FINDING = 1
    SIGNER = 2
    GENERATOR = 3
    SAYS = 4
    TRAINING = 5
    BROKEN = 6
    DECISION = 7
    LIKELIHOOD = 8
    CREDENTIAL = 9
    DISAGREES = 10


SORTED_BY: Mapping[TableColumn, SortKey] = MappingProxyType(
    {
        TableColumn.NAME: SortKey.NAME,
        TableColumn.FINDING: SortKey.FINDING,
        TableColumn.DECISION: SortKey.DECISION,
        TableColumn.LIKELIHOOD: SortKey.LIKELIHOOD,
        TableColumn.SIGNER: SortKey.SIGNER,
        TableColumn.GENERATOR: SortKey.GENERATOR,
        TableColumn.SAYS: SortKey.SAYS,
        TableColumn.TRAINING: SortKey.TRAINING,
        TableColumn.BROKEN: SortKey.BROKEN,
        TableColumn.CREDENTIAL: SortKey.CREDENTIAL,
        TableColumn.DISAGREES: SortKey.DISAGREEMENT,
    }
)

_KINDS = (Claim.AI, Claim.AI_PART, Claim.CAPTURED)


class TableModel(QAbstractTableModel):
    """Shows the order of a ``Library``, a line a file; lives in the UI thread.

    Asleep, while no view shows it, it has no lines and costs a running scan nothing.
    """

    def __init__(self, library: Library, look: Look) -> None:
        super().__init__(library)
        self._library = library
        self._look = look
        self._is_awake = False
        self._count = 0
        gallery = library.model
        gallery.modelAboutToBeReset.connect(self.beginResetModel)
        gallery.modelReset.connect(self._take_order)
        gallery.rowsInserted.connect(self._take_more)
        gallery.dataChanged.connect(self._take_more)

    def wake(self, is_awake: bool) -> None:
        """Show the library's files from now on, or none."""
        if is_awake != self._is_awake:
            self.beginResetModel()
            self._is_awake = is_awake
            self._take_order()

    def row_at(self, index: Index) -> int | None:
        """Return the id of the file in a line, None where there is none."""
        order = self._library.model.order
        return int(order[index.row()]) if index.isValid() and index.row() < len(order) else None

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(TableColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return column_words(TableColumn(section))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index)
        if row is None:
            return None
        rows, column = self._library.rows, TableColumn(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell_words(rows, row, column)
            case Qt.ItemDataRole.DecorationRole if column is TableColumn.FINDING:
                return self._look.icon(row_icon(rows, row))
            case Qt.ItemDataRole.TextAlignmentRole if column is TableColumn.LIKELIHOOD:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                path = display_path(rows.paths[row])
                shown = cell_words(rows, row, column) or describe_row(rows, row)
                return plain_tip(f"{path}\n{shown}")
            case Qt.ItemDataRole.AccessibleTextRole:
                return _spoken(rows, row, column)
            case _:
                return None

    @Slot()
    def _take_order(self) -> None:
        self._count = len(self._library.model.order) if self._is_awake else 0
        self.endResetModel()

    @Slot()
    def _take_more(self) -> None:
        """Show files that joined at the end, and what changed of the others."""
        if not self._is_awake:
            return
        before, now = self._count, len(self._library.model.order)
        if now > before:
            self.beginInsertRows(NO_PARENT, before, now - 1)
            self._count = now
            self.endInsertRows()
        if before:
            self.dataChanged.emit(self.index(0, 0), self.index(before - 1, len(TableColumn) - 1))


def column_words(column: TableColumn) -> str:
    """Return what stands at the head of a column."""
    translate = QCoreApplication.translate
    match column:
        case TableColumn.NAME:
            return translate("Table", "Name")
        case TableColumn.FINDING:
            return translate("Table", "Finding")
        case TableColumn.DECISION:
            return translate("Table", "Decision")
        case TableColumn.LIKELIHOOD:
            return translate("Table", "Likelihood")
        case TableColumn.SIGNER:
            return translate("Table", "Signed by")
        case TableColumn.GENERATOR:
            return translate("Table", "Made with")
        case TableColumn.SAYS:
            return translate("Table", "Says")
        case TableColumn.TRAINING:
            return translate("Table", "Training")
        case TableColumn.BROKEN:
            return translate("Table", "Broken")
        case TableColumn.CREDENTIAL:
            return translate("Table", "Credential")
        case TableColumn.DISAGREES:
            return translate("Table", "Detector disagrees")


def cell_words(rows: LibraryRows, row: int, column: TableColumn) -> str:
    """Return what stands in a cell, safe to show; empty where nothing is known or said."""
    claims = int(rows.claims.values[row])
    match column:
        case TableColumn.NAME:
            return display_path(rows.name(row))
        case TableColumn.FINDING:
            return row_words(rows, row)
        case TableColumn.DECISION:
            decision = rows.decision(row)
            return decision_words(decision) if decision is not None else ""
        case TableColumn.LIKELIHOOD:
            likelihood = float(rows.likelihood.values[row])
            return "" if isnan(likelihood) else f"{likelihood:.2f}"
        case TableColumn.SIGNER:
            return display_path(rows.signers.name(int(rows.signer.values[row])))
        case TableColumn.GENERATOR:
            return display_path(rows.generators.name(int(rows.generator.values[row])))
        case TableColumn.SAYS:
            return " · ".join(claim_words(claim) for claim in _KINDS if _holds(claims, claim))
        case TableColumn.TRAINING:
            limited = QCoreApplication.translate("Table", "limited")
            return limited if _holds(claims, Claim.TRAINING) else ""
        case TableColumn.BROKEN:
            return claim_words(Claim.BROKEN) if _holds(claims, Claim.BROKEN) else ""
        case TableColumn.CREDENTIAL:
            state = STATES.member(int(rows.state.values[row]))
            return state_words(state) if state not in (None, ProvenanceState.ABSENT) else ""
        case TableColumn.DISAGREES:
            code = int(rows.contradictions(slice(row, row + 1))[0])
            return "" if code == NONE else contradiction_words(CONTRADICTIONS.members[code])


def _holds(claims: int, claim: Claim) -> bool:
    return bool(claims >> CLAIMS.code(claim) & 1)


def _spoken(rows: LibraryRows, row: int, column: TableColumn) -> str:
    """Return a cell with its heading; the name stands for the whole line."""
    words = cell_words(rows, row, column)
    if column is TableColumn.NAME:
        return f"{words}, {describe_row(rows, row)}"
    nothing = QCoreApplication.translate("Table", "nothing")
    return f"{column_words(column)}: {words or nothing}"
