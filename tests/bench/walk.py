"""Discovery against a bare ``os.scandir`` walk (T9)."""

import os
import tempfile
from pathlib import Path
from threading import Event
from time import perf_counter

from inspector.adapters.media.discover import find_files
from tests.bench.measured import Measured, cpu_ratio

FOLDERS, FILES = 100, 1000


def run() -> list[Measured]:
    with tempfile.TemporaryDirectory() as root:
        for folder in range(FOLDERS):
            parent = Path(root, f"{folder:03d}")
            parent.mkdir()
            for name in range(FILES):
                (parent / f"{name:04d}.jpg").touch()
        ratio, ours, _ = cpu_ratio(
            lambda: sum(1 for _ in find_files([root], Event())), lambda: _bare(root)
        )
        started = perf_counter()
        next(iter(find_files([root], Event())))
        first = perf_counter() - started
    note = f"{FOLDERS * FILES:,} files in {ours:.2f} s"
    return [
        Measured("T9 walk against a bare scandir walk", ratio, 2.0, False, note=note),
        Measured("T9 first file found", first * 1000, 50, False, "ms"),
    ]


def _bare(root: str) -> int:
    """Walk and stat every file, as any finder that reports size and time must."""
    count, folders = 0, [root]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.stat(follow_symlinks=False).st_size >= 0:
                    count += 1
    return count
