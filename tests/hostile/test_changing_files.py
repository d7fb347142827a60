"""Files that vanish, shrink, grow or are swapped while they are read end in a stated state."""

import contextlib
import os
import random
import threading
from pathlib import Path
from threading import Event

import pytest

from inspector.adapters.media.discover import find_files
from inspector.adapters.media.pool import WorkerPool
from inspector.bootstrap.worker import worker_entry
from inspector.domain.events import PathTrouble
from inspector.domain.media import FoundFile, ItemStatus
from inspector.ports import ExaminePlan
from inspector.settings import LimitSettings
from tests.unit.adapters.media.drawing import clip, encoded, examined, photo


@pytest.fixture(scope="module")
def pool():
    made = WorkerPool(2, LimitSettings(), worker_entry())
    yield made
    made.close()


def disturb(path: Path, chance: random.Random) -> None:
    with contextlib.suppress(OSError):
        match chance.choice(["remove", "cut", "replace", "rename", "swap", "grow"]):
            case "remove":
                path.unlink()
            case "cut":
                os.truncate(path, path.stat().st_size // 2)
            case "replace":
                other = path.with_suffix(".new")
                other.write_bytes(chance.randbytes(999))
                other.replace(path)
            case "rename":
                path.rename(path.with_suffix(".moved"))
            case "swap":
                path.unlink()
                path.symlink_to("/dev/zero" if os.name == "posix" else "nowhere")
            case "grow":
                with path.open("ab") as file:
                    file.write(chance.randbytes(4096))


def test_that_every_changing_file_ends_in_a_stated_state(pool, tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(60)]
    for path in paths:
        path.write_bytes(encoded(photo(200, 150), "PNG"))
    chance, stop = random.Random(7), Event()

    def churn() -> None:
        while not stop.wait(0.003):
            disturb(chance.choice(paths), chance)

    churner = threading.Thread(target=churn)
    churner.start()
    try:
        met = list(find_files([str(tmp_path)], Event()))
        files = [file for file in met if isinstance(file, FoundFile)]
        seen = [pool.examine(file, ExaminePlan(), lambda frame: None, Event()) for file in files]
    finally:
        stop.set()
        churner.join()
    assert all(isinstance(entry, FoundFile | PathTrouble) for entry in met)
    assert len(seen) == len(files) > 0
    for result in seen:
        assert (result.fault is None) == (result.status is ItemStatus.OK)
        assert result.fault is None or result.fault.message.endswith(".")


def test_that_reading_changes_nothing(pool, tmp_path):
    (tmp_path / "a.jpg").write_bytes(encoded(photo(), "JPEG"))
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    clip(tmp_path / "c.mp4")

    def state() -> dict[str, tuple[bytes, int, int]]:
        facts = {path: path.stat() for path in sorted(tmp_path.iterdir())}
        return {
            path.name: (path.read_bytes(), fact.st_mtime_ns, fact.st_mode)
            for path, fact in facts.items()
        }

    before = state()
    for path in tmp_path.iterdir():
        examined(pool, path)
    pool.thumbnail(str(tmp_path / "a.jpg"), 64)
    pool.open_clip(str(tmp_path / "c.mp4")).close()
    assert state() == before
