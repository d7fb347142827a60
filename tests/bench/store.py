"""Export of many rows: growth of memory and time against a bare cursor (T6)."""

import sqlite3
import tempfile
from pathlib import Path

from inspector.adapters.lists import export
from inspector.adapters.sqlite import SessionStore
from inspector.ports import ExportFacts
from tests.bench.measured import Measured, peak_bytes, wall_ratio
from tests.builders import an_item

ROWS = 100_000


def run() -> list[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        session = Path(folder, "big.inspection")
        with SessionStore.create(session) as store:
            for n in range(ROWS):
                store.put(an_item(n), None)
            store.flush()
            before = peak_bytes()
            facts = ExportFacts("bench", "bench")

            def write(name: str) -> None:
                export(store.items, [name], Path(folder, name), None, facts)

            txt, txt_s, _ = wall_ratio(lambda: write("txt"), lambda: _cursor(session), 3)
            rows, rows_s, _ = wall_ratio(lambda: write("jsonl"), lambda: _cursor(session), 3)
            growth = (peak_bytes() - before) / 2**20
    return [
        Measured("T6 export: resident growth", growth, 100, False, "MiB", f"{ROWS:,} rows"),
        Measured("T6 txt against a bare cursor", txt, 3.5, False, note=f"{txt_s:.2f} s"),
        Measured("T6 jsonl against a bare cursor", rows, 4.0, False, note=f"{rows_s:.2f} s"),
    ]


def _cursor(session: Path) -> None:
    """Read every column of every row once, and nothing else."""
    connection = sqlite3.connect(f"file:{session}?mode=ro", uri=True)
    try:
        for _ in connection.execute("SELECT * FROM items"):
            pass
    finally:
        connection.close()
