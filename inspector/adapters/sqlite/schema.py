"""The shape of a session file: its marks, its tables, and the way from older versions."""

import sqlite3
from collections.abc import Iterable

APPLICATION_ID = 0x494E5350
"""Stands in the header of every session ("INSP")."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO meta VALUES ('revision', '0'), ('info', '{}'), ('session', hex(randomblob(8)));
    CREATE TABLE items (
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,
        root BLOB NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        sha256 TEXT,
        status TEXT NOT NULL,
        fault TEXT,
        media TEXT,
        format TEXT,
        duration_s REAL,
        likelihood REAL,
        abstained INTEGER NOT NULL,
        hot_spots INTEGER NOT NULL,
        state TEXT NOT NULL,
        signer TEXT,
        generator TEXT,
        finding TEXT,
        rule TEXT,
        decision TEXT,
        body TEXT NOT NULL,
        checksum INTEGER NOT NULL
    );
    CREATE TABLE heatmaps (
        item INTEGER NOT NULL,
        frame INTEGER NOT NULL,
        pts_s REAL,
        rows INTEGER NOT NULL,
        cols INTEGER NOT NULL,
        cell_px INTEGER NOT NULL,
        cells BLOB NOT NULL,
        UNIQUE (item, frame)
    );
    CREATE TABLE thumbnails (item INTEGER PRIMARY KEY, jpeg BLOB NOT NULL);
    CREATE TABLE decisions (
        path BLOB PRIMARY KEY,
        sha256 TEXT,
        decision TEXT,
        at TEXT NOT NULL,
        checksum INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE decision_log (
        number INTEGER PRIMARY KEY,
        path BLOB NOT NULL,
        sha256 TEXT,
        decision TEXT,
        at TEXT NOT NULL,
        checksum INTEGER NOT NULL
    );
    CREATE INDEX decision_log_by_path ON decision_log (path);
    """,
)
"""``MIGRATIONS[n]`` takes a session from version n to n + 1. Never change one that was released.

A heatmap's ``frame`` is the running number of a clip's frame, or -1 for the item's own map.
``decision`` in ``items`` is the rule's; people's stand in ``decisions`` (the last one of each
path) and ``decision_log`` (every one, never changed). ``hot_spots`` counts regions and spans.
"""

VERSION = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring an open session from ``version`` to ours, all or nothing."""
    marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
    steps = "".join(MIGRATIONS[version:])
    try:
        connection.executescript(f"BEGIN EXCLUSIVE; {steps} {marks} COMMIT;")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.rollback()
        raise


def strange_parts(connection: sqlite3.Connection, version: int) -> list[str]:
    """Return the names of tables, indexes, triggers and views that differ from a version's own."""
    with sqlite3.connect(":memory:") as model:
        model.executescript("".join(MIGRATIONS[:version]))
        wanted = _parts(model)
    model.close()
    found = _parts(connection)
    return sorted({str(part[1]) for part in wanted ^ found})


def _parts(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    rows: Iterable[tuple[str, str, str | None]] = connection.execute(
        "SELECT type, name, sql FROM sqlite_master"
    )
    return {(kind, name, " ".join((sql or "").split())) for kind, name, sql in rows}
