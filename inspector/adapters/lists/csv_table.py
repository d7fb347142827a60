"""items.csv: the item fields flattened into one table that no spreadsheet runs as formulas."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, TextIO

from inspector.adapters.lists.jsonl import json_bytes
from inspector.adapters.lists.pending import PendingFolder
from inspector.adapters.lists.sink import expect_rows, is_wanted, utf8
from inspector.domain.errors import ListError
from inspector.domain.item import Item
from inspector.domain.provenance import TrainingUse
from inspector.domain.record import Json, Record, record_of
from inspector.domain.verdict import Decision
from inspector.ports import WrittenList

NAME = "items.csv"

_TOP = (
    "path",
    "path_hex",
    "sha256",
    "bytes",
    "media",
    "format",
    "width",
    "height",
    "duration_s",
    "frames_scored",
    "status",
    "error.code",
    "error.message",
    "likelihood",
    "likelihood_max",
    "abstained",
    "abstain_reason",
    "finding",
    "rule",
    "decision",
    "decided_by",
    "reason",
)
_PROVENANCE = (
    "state",
    "trust_tier",
    "location",
    "hash_ok",
    "signature_ok",
    "certificate_expired",
    "manifests",
    "depth",
    "active_label",
    "claim_generator",
    "signer",
    "signed_at",
    "digital_source_types",
    "ai_declared",
    "ai_declared_by",
    "ingredient_problems",
    *(f"training.{use.value}" for use in TrainingUse),
    "remote_url",
    "codes",
)
_REST = (
    "traces",
    "heatmap.rows",
    "heatmap.cols",
    "heatmap.cell_px",
    "regions",
    "spans",
    "frames",
    "model.id",
    "model.sha256",
    "policy.name",
    "policy.sha256",
    "engine_versions",
    "schema",
)
_PLACES = tuple(
    tuple(place.split("."))
    for place in (*_TOP, *(f"provenance.{name}" for name in _PROVENANCE), *_REST)
)
COLUMNS = tuple("_".join(place) for place in _PLACES)
"""Names of the columns: the contract's keys, joined with ``_`` where they are nested."""

_LONGEST_CELL = 64 << 20
_SPECIAL = re.compile('[",\r\n]')

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a formula may begin, full-width signs included, and our own mark."""


def safe_cell(text: str) -> str:
    """Return a cell that a spreadsheet takes as text.

    A leading ``'`` is set before what could begin a formula, and before a ``'`` of the text's
    own, so that taking one leading ``'`` away always gives the text back.
    """
    return f"'{text}" if text.startswith(_RISKY) else text


def plain_cell(cell: str) -> str:
    """Return the text that ``safe_cell`` was given."""
    return cell.removeprefix("'")


def cells_of(record: Record) -> list[str]:
    """Return an item's row; lists are JSON, what is unknown is empty."""
    return [_cell(_at(record, place)) for place in _PLACES]


def _at(record: Record, place: Sequence[str]) -> Json:
    value: Json = record
    for key in place:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _cell(value: Json) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return safe_cell(utf8(value).decode("utf-8"))
        case int() | float():
            return repr(value)
        case _:
            return json_bytes(value).decode("utf-8")


@contextmanager
def table_text(file: BinaryIO) -> Iterator[TextIO]:
    """Read a table's text with room for long cells (every frame of a clip stands in one)."""
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        with io.TextIOWrapper(file, "utf-8", newline="") as text:
            yield text
    finally:
        csv.field_size_limit(before)


def _line(cells: Sequence[str]) -> bytes:
    # Python's own writer leaves a lone CR unquoted where lines end with LF.
    quoted = ('"' + c.replace('"', '""') + '"' if _SPECIAL.search(c) else c for c in cells)
    return (",".join(quoted) + "\n").encode("utf-8")


class CsvSink:
    """Writes items.csv in UTF-8 with LF line ends."""

    def __init__(self, pending: PendingFolder, only: Decision | None) -> None:
        self._pending = pending
        self._only = only
        self._file = pending.begin(NAME)
        self._file.write(_line(COLUMNS))
        self._rows = 0

    def add(self, item: Item) -> None:
        if is_wanted(item, self._only):
            self._file.write(_line(cells_of(record_of(item))))
            self._rows += 1

    def finish(self) -> Sequence[WrittenList]:
        found = -1
        with self._pending.read_back(NAME) as file, table_text(file) as text:
            for row in csv.reader(text):
                if len(row) != len(COLUMNS):
                    raise ListError(f"{NAME} was read back with a row of {len(row)} cells.")
                found += 1
        expect_rows(NAME, self._rows, found)
        return [WrittenList(self._pending.folder / NAME, found, "read back, no formulas")]
