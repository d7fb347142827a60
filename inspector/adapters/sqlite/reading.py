"""What a session is asked for: items, columns, pictures and decisions, from any thread."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.sqlite.codec import damaged_row, decision_of, item_of
from inspector.adapters.sqlite.examine import connect_to_read, distrust, session_uri
from inspector.adapters.sqlite.faults import read_fault
from inspector.adapters.sqlite.pictures import OWN_MAP, heatmap_of, thumbnail_of
from inspector.adapters.sqlite.rows import ITEM_COLUMNS, Row, checksum
from inspector.adapters.sqlite.writing import info_of_json
from inspector.domain.columns import ItemColumns, codes_of, interned
from inspector.domain.errors import StoreError
from inspector.domain.item import Item
from inspector.domain.media import ItemStatus, MediaKind
from inspector.domain.provenance import ProvenanceState
from inspector.domain.score import Heatmap
from inspector.domain.verdict import Decision, Finding, PersonDecision, Rule
from inspector.ports import SessionInfo

PAGE_ITEMS = 500

_STANDS = "(d.sha256 IS NULL OR i.sha256 IS NULL OR d.sha256 = i.sha256)"
"""A decision stands until the file is seen to have other bytes (``PersonDecision.stands_for``)."""

_ITEM = (
    f"SELECT {', '.join(f'i.{name}' for name in ITEM_COLUMNS)}, i.checksum, i.id, "
    f"CASE WHEN {_STANDS} THEN d.decision END, m.rows, m.cols, m.cell_px, m.cells "
    "FROM items i LEFT JOIN decisions d ON d.path = i.path "
    f"LEFT JOIN heatmaps m ON m.item = i.id AND m.frame = {OWN_MAP} "
)
_CHECKSUM_AT = len(ITEM_COLUMNS)
_ID_AT, _PERSON_AT, _MAP_AT = _CHECKSUM_AT + 1, _CHECKSUM_AT + 2, _CHECKSUM_AT + 3
_COLUMNS = (
    "SELECT i.path, i.size, i.mtime_ns, i.likelihood, i.duration_s, i.status, i.media, i.state, "
    f"i.finding, i.rule, i.decision, CASE WHEN {_STANDS} THEN d.decision END, "
    "min(i.hot_spots, 254), i.abstained, i.format, i.signer, i.generator "
    "FROM items i LEFT JOIN decisions d ON d.path = i.path ORDER BY i.id"
)


class Source(StrEnum):
    """Whose file is read."""

    OWN = "own"  # this process has it open for writing
    LIVE = "live"  # another process writes to it
    STILL = "still"  # nobody can write to it


class SessionReader:
    """Owns the reading connections: one for each call that is under way, kept for the next."""

    def __init__(self, path: Path, source: Source = Source.OWN) -> None:
        self._path = path
        self._source = source
        self._free: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._closed = False

    def close(self) -> None:
        with self._guard:
            self._closed = True
            free, self._free = self._free, []
        for connection in free:
            connection.close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._guard:
            if self._closed:
                raise StoreError(f"The session {self._path.name} is closed.")
            connection = self._free.pop() if self._free else None
        try:
            connection = connection or self._open()
            yield connection
        except sqlite3.Error as error:
            raise read_fault(self._path, error) from error
        finally:
            if connection is not None:
                with self._guard:
                    keep = not self._closed
                    if keep:
                        self._free.append(connection)
                if not keep:
                    connection.close()

    def _open(self) -> sqlite3.Connection:
        if self._source is not Source.OWN:
            return connect_to_read(self._path, is_live=self._source is Source.LIVE)
        connection = sqlite3.connect(
            session_uri(self._path, "mode=rw"),
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=30,
        )
        distrust(connection)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def info(self) -> SessionInfo:
        with self._connection() as connection:
            (text,) = connection.execute("SELECT value FROM meta WHERE key = 'info'").fetchone()
        return info_of_json(text)

    def count(self) -> int:
        with self._connection() as connection:
            return int(connection.execute("SELECT count(*) FROM items").fetchone()[0])

    def item(self, path: str) -> Item | None:
        """Return one item with all its maps.

        Raises:
            StoreError: its row or a map is damaged, or the file cannot be read.
        """
        with self._connection() as connection:
            row = connection.execute(_ITEM + "WHERE i.path = ?", (os.fsencode(path),)).fetchone()
            if row is None:
                return None
            maps = connection.execute(
                "SELECT frame, rows, cols, cell_px, cells FROM heatmaps WHERE item = ?",
                (row[_ID_AT],),
            ).fetchall()
        return _item(row, {frame: heatmap_of(*map_) for frame, *map_ in maps})

    def items(self) -> Iterator[Item]:
        """Yield every item by pages, so that a slow taker holds no snapshot of the file."""
        last = 0
        while True:
            with self._connection() as connection:
                page = connection.execute(
                    _ITEM + "WHERE i.id > ? ORDER BY i.id LIMIT ?", (last, PAGE_ITEMS)
                ).fetchall()
            for row in page:
                own = row[_MAP_AT:]
                yield _item(row, {OWN_MAP: heatmap_of(*own)} if own[0] is not None else {})
            if len(page) < PAGE_ITEMS:
                return
            last = page[-1][_ID_AT]

    def columns(self) -> ItemColumns:
        with self._connection() as connection:
            rows = connection.execute(_COLUMNS).fetchall()
        try:
            return _columns(rows)
        except KeyError as error:
            raise StoreError(
                f"The session {self._path.name} has a row with an unknown value ({error}): "
                "open a backup of the session."
            ) from error

    def thumbnail(self, path: str) -> NDArray[np.uint8] | None:
        with self._connection() as connection:
            row = connection.execute(
                "SELECT t.jpeg FROM items i JOIN thumbnails t ON t.item = i.id WHERE i.path = ?",
                (os.fsencode(path),),
            ).fetchone()
        return None if row is None else thumbnail_of(row[0])

    def heatmap(self, path: str, pts_s: float | None) -> Heatmap | None:
        which = "m.pts_s IS NULL" if pts_s is None else "abs(m.pts_s - ?) < 1e-6"
        given = (os.fsencode(path), *(() if pts_s is None else (pts_s,)))
        with self._connection() as connection:
            row = connection.execute(
                "SELECT m.rows, m.cols, m.cell_px, m.cells FROM items i "
                f"JOIN heatmaps m ON m.item = i.id WHERE i.path = ? AND {which}",
                given,
            ).fetchone()
        return None if row is None else heatmap_of(*row)

    def history(self, path: str) -> Sequence[PersonDecision]:
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT sha256, decision, at FROM decision_log WHERE path = ? ORDER BY number",
                (os.fsencode(path),),
            ).fetchall()
        return tuple(
            PersonDecision(path, sha256, decision_of(decision), at) for sha256, decision, at in rows
        )


def _item(row: Row, maps: Mapping[int, Heatmap]) -> Item:
    values, person = row[:_CHECKSUM_AT], row[_PERSON_AT]
    if checksum(values) != row[_CHECKSUM_AT]:
        raise damaged_row(values)
    item = item_of(values, maps)
    return item.decided(decision_of(str(person))) if person is not None else item


def _columns(rows: Sequence[tuple[object, ...]]) -> ItemColumns:
    by_column = list(zip(*rows, strict=True)) if rows else [()] * 17
    formats, signers, generators = (interned(by_column[n]) for n in (14, 15, 16))
    return ItemColumns(
        tuple(map(os.fsdecode, by_column[0])),
        np.array(by_column[1], np.int64),
        np.array(by_column[2], np.int64),
        np.array(by_column[3], np.float32),
        np.array(by_column[4], np.float32),
        codes_of(by_column[5], ItemStatus),
        codes_of(by_column[6], MediaKind),
        codes_of(by_column[7], ProvenanceState),
        codes_of(by_column[8], Finding),
        codes_of(by_column[9], Rule),
        codes_of(by_column[10], Decision),
        codes_of(by_column[11], Decision),
        np.array(by_column[12], np.uint8),
        np.array(by_column[13], np.bool_),
        *formats,
        *signers,
        *generators,
    )
