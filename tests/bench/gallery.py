"""The gallery with 100,000 and a million rows (T4)."""

import os

from inspector.gui.app import make_application
from inspector.gui.collector import UiCollector
from tests.bench.gallery_times import measure_gallery
from tests.bench.measured import Measured


def run() -> list[Measured]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    UiCollector(make_application())
    small, large, huge = (measure_gallery(rows) for rows in (10_000, 100_000, 1_000_000))
    populate = huge.populate_ms / max(small.populate_ms, 1e-3)
    return [
        Measured("100,000 rows: populate", large.populate_ms, 50, False, "ms"),
        Measured("100,000 rows: smooth frame, median", large.frame_ms, 8, False, "ms"),
        Measured("T4 populate 1M against 10k", populate, 3, False),
        Measured("T4 1M rows: smooth frame, median", huge.frame_ms, 8, False, "ms"),
        Measured("T4 1M rows: jump", huge.jump_ms, 16, False, "ms"),
        Measured("T4 sort 1M against a bare argsort", huge.sort_ms / huge.bare_sort_ms, 2, False),
        Measured("T4 a row besides its path", huge.bytes_per_row, 64, False, "B"),
    ]
