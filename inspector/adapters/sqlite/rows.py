"""Rows that vouch for themselves: a checksum in each finds bits flipped where SQLite has none."""

import math
import sqlite3
import zlib
from collections.abc import Mapping
from types import MappingProxyType

Value = str | int | float | bytes | None
Row = tuple[Value, ...]

ITEM_COLUMNS = (
    "path",
    "root",
    "size",
    "mtime_ns",
    "sha256",
    "status",
    "fault",
    "media",
    "format",
    "duration_s",
    "likelihood",
    "abstained",
    "hot_spots",
    "state",
    "signer",
    "generator",
    "finding",
    "rule",
    "decision",
    "body",
)
DECISION_COLUMNS = ("path", "sha256", "decision", "at")
LOG_COLUMNS = ("number", *DECISION_COLUMNS)

CHECKED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"items": ITEM_COLUMNS, "decisions": DECISION_COLUMNS, "decision_log": LOG_COLUMNS}
)
"""What the column ``checksum`` of each table covers, in this order."""

_LARGEST = (1 << 63) - 1


def checksum(values: Row) -> int:
    """Return the check of a row's values; the same under every version of Python."""
    return zlib.crc32(ascii(values).encode("ascii"))


def integer(value: int) -> int:
    """Return a whole number that SQLite can hold (a time after 2262 does not fit)."""
    return max(-_LARGEST, min(_LARGEST, int(value)))


def real(value: float | None) -> float | None:
    """Return a number as SQLite gives it back: NaN is nothing, and zero has no sign."""
    return None if value is None or math.isnan(value) else float(value) + 0.0


def damaged_rows(connection: sqlite3.Connection, table: str) -> int:
    """Return how many rows of a checked table are not what was written."""
    columns = ", ".join(CHECKED[table])
    rows = connection.execute(f"SELECT {columns}, checksum FROM {table}")
    return sum(checksum(row[:-1]) != row[-1] for row in rows)
