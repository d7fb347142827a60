"""The statements that change a session, each one transaction."""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import numpy as np
import zstandard
from numpy.typing import NDArray

from inspector.adapters.sqlite.codec import row_of
from inspector.adapters.sqlite.journal import DecisionJournal, NumberedDecision
from inspector.adapters.sqlite.pictures import heatmap_blob, jpeg_of, numbered_maps
from inspector.adapters.sqlite.rows import (
    DECISION_COLUMNS,
    ITEM_COLUMNS,
    LOG_COLUMNS,
    Row,
    checksum,
)
from inspector.domain.item import Item
from inspector.domain.score import Heatmap
from inspector.domain.verdict import PersonDecision
from inspector.ports import SessionInfo


@dataclass(frozen=True, slots=True)
class PendingItem:
    """An item on its way to the disk; its text is encoded, its pixels are not yet."""

    row: Row
    maps: tuple[tuple[int, float | None, Heatmap], ...]
    thumbnail: NDArray[np.uint8] | None

    @classmethod
    def of(cls, item: Item, thumbnail: NDArray[np.uint8] | None) -> "PendingItem":
        """Encode an item, so that a value that cannot be stored is its giver's error.

        Raises:
            ValueError: the thumbnail or a map has the wrong shape, or the path is no path.
        """
        maps = tuple(numbered_maps(item.score))
        if any(map_.values.ndim != 2 for _, _, map_ in maps):
            raise ValueError("a heatmap has two dimensions")
        if thumbnail is not None and (thumbnail.ndim != 3 or thumbnail.shape[2] != 3):
            raise ValueError("a thumbnail has the shape (height, width, 3)")
        return cls(row_of(item), maps, thumbnail)

    @property
    def nbytes(self) -> int:
        """What it takes in memory, roughly."""
        pixels = self.thumbnail.nbytes if self.thumbnail is not None else 0
        return _ROW_BYTES + pixels + sum(map_.values.nbytes for _, _, map_ in self.maps)


_ROW_BYTES = 2048

_MapRow = tuple[int, float | None, int, int, int, bytes]


def _insert(table: str, columns: Sequence[str]) -> str:
    names = (*columns, "checksum")
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def _replacing(columns: Sequence[str]) -> str:
    others = [name for name in (*columns, "checksum") if name != "path"]
    return " ON CONFLICT (path) DO UPDATE SET " + ", ".join(f"{n} = excluded.{n}" for n in others)


_PUT_ITEM = _insert("items", ITEM_COLUMNS) + _replacing(ITEM_COLUMNS)
_LOG = _insert("decision_log", LOG_COLUMNS)
_DECIDE = _insert("decisions", DECISION_COLUMNS) + _replacing(DECISION_COLUMNS)
_PUT_MAP = (
    "INSERT INTO heatmaps (item, frame, pts_s, rows, cols, cell_px, cells) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


@contextmanager
def transaction(connection: sqlite3.Connection, synchronous: str) -> Iterator[None]:
    """Run statements all or nothing; ``FULL`` returns when they are on the disk itself."""
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision'")
        connection.execute("COMMIT")
    finally:
        # After an error; SQLite has already rolled back after some, a full disk among them.
        if connection.in_transaction:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")


def put_items(connection: sqlite3.Connection, items: Sequence[PendingItem]) -> None:
    """Write items with their maps and thumbnails; compressing comes before the transaction.

    Raises:
        sqlite3.Error: nothing of them was written.
    """
    compressor = zstandard.ZstdCompressor(level=3)
    rows = [(item.row, *_encoded(item, compressor)) for item in items]
    with transaction(connection, "NORMAL"):
        for row, maps, jpeg in rows:
            _put_item(connection, row, maps, jpeg)


def _encoded(
    item: PendingItem, compressor: zstandard.ZstdCompressor
) -> tuple[list[_MapRow], bytes | None]:
    maps = [
        (number, pts_s, map_.rows, map_.cols, map_.cell_px, heatmap_blob(map_, compressor))
        for number, pts_s, map_ in item.maps
    ]
    return maps, None if item.thumbnail is None else jpeg_of(item.thumbnail)


def _put_item(
    connection: sqlite3.Connection, row: Row, maps: Sequence[_MapRow], jpeg: bytes | None
) -> None:
    path, sha256 = row[0], row[ITEM_COLUMNS.index("sha256")]
    old = connection.execute("SELECT id, sha256 FROM items WHERE path = ?", (path,)).fetchone()
    connection.execute(_PUT_ITEM, (*row, checksum(row)))
    if old is None:
        (number,) = connection.execute("SELECT last_insert_rowid()").fetchone()
    else:
        number = old[0]
        connection.execute("DELETE FROM heatmaps WHERE item = ?", (number,))
        if jpeg is None and old[1] != sha256:
            connection.execute("DELETE FROM thumbnails WHERE item = ?", (number,))
    if maps:
        connection.executemany(_PUT_MAP, [(number, *row) for row in maps])
    if jpeg is not None:
        connection.execute("INSERT OR REPLACE INTO thumbnails VALUES (?, ?)", (number, jpeg))


def write_decisions(
    connection: sqlite3.Connection, journal: DecisionJournal, decisions: Sequence[PersonDecision]
) -> None:
    """Write decisions to the log, the table and the journal; return when all are on disk.

    Raises:
        sqlite3.Error: they could not be written; none of them counts.
        OSError: likewise.
    """
    numbered = _numbered(connection, decisions)
    before: int | None = None
    try:
        with transaction(connection, "FULL"):
            _add(connection, numbered)
            before = journal.append(numbered)
    except sqlite3.Error:
        if before is not None:
            journal.take_back(before)
        raise


def replay(connection: sqlite3.Connection, journal: DecisionJournal) -> int:
    """Take over decisions that the journal has and the session lacks; return how many."""
    missing = list(journal.after(_last_number(connection)))
    if missing:
        with transaction(connection, "FULL"):
            _add(connection, missing)
    return len(missing)


def _numbered(
    connection: sqlite3.Connection, decisions: Sequence[PersonDecision]
) -> list[NumberedDecision]:
    start = _last_number(connection) + 1
    return [
        NumberedDecision(number, _on_known_bytes(connection, decision))
        for number, decision in enumerate(decisions, start)
    ]


def _on_known_bytes(connection: sqlite3.Connection, decision: PersonDecision) -> PersonDecision:
    if decision.sha256 is not None:
        return decision
    row = connection.execute(
        "SELECT sha256 FROM items WHERE path = ?", (os.fsencode(decision.path),)
    ).fetchone()
    return decision if row is None else replace(decision, sha256=row[0])


def _last_number(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("SELECT max(number) FROM decision_log").fetchone()
    return int(number or 0)


def _add(connection: sqlite3.Connection, numbered: Sequence[NumberedDecision]) -> None:
    rows: list[Row] = [
        (
            entry.number,
            os.fsencode(entry.decision.path),
            entry.decision.sha256,
            entry.decision.decision.value if entry.decision.decision else None,
            entry.decision.at,
        )
        for entry in numbered
    ]
    connection.executemany(_LOG, [(*row, checksum(row)) for row in rows])
    connection.executemany(_DECIDE, [(*row[1:], checksum(row[1:])) for row in rows])


def write_info(connection: sqlite3.Connection, info: SessionInfo) -> None:
    with transaction(connection, "FULL"):
        connection.execute("UPDATE meta SET value = ? WHERE key = 'info'", (json_of_info(info),))


def json_of_info(info: SessionInfo) -> str:
    r"""Return a session's facts as ASCII JSON, in which odd names survive as \udcNN."""
    return json.dumps(
        {
            "roots": list(info.roots),
            "model": info.model,
            "policy": info.policy,
            "created_at": info.created_at,
            "details": dict(info.details),
        }
    )


def info_of_json(text: str) -> SessionInfo:
    """Read what ``json_of_info`` wrote; what is missing is at its default."""
    held = json.loads(text)
    return SessionInfo(
        roots=tuple(str(root) for root in held.get("roots", ())),
        model=held.get("model"),
        policy=held.get("policy"),
        created_at=str(held.get("created_at", "")),
        details={str(key): str(value) for key, value in held.get("details", {}).items()},
    )
