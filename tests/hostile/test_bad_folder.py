"""Every file of the collection of bad files ends in one stated state, and in the right one."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from inspector.adapters.media.discover import find_files
from inspector.adapters.media.pool import WorkerPool
from inspector.bootstrap.worker import worker_entry
from inspector.domain.errors import FaultCode
from inspector.domain.media import FoundFile, ItemStatus
from inspector.ports import Examination, ExaminePlan
from inspector.settings import LimitSettings

BAD = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "bad"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not BAD.is_dir(), reason="the collection of bad files is not there"),
]

DECODED = (ItemStatus.OK, ItemStatus.DAMAGED)
NAMED = (ItemStatus.UNREADABLE, ItemStatus.SKIPPED)
AGREES = {
    "decode": DECODED,
    "error": NAMED,
    "skip": (ItemStatus.SKIPPED,),
    "either": (*DECODED, *NAMED),
}


class Outcome:
    """How one file ended, and how many frames came before that."""

    def __init__(self, file: FoundFile, seen: Examination, frames: int) -> None:
        self.file = file
        self.seen = seen
        self.frames = frames


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(2, LimitSettings(), worker_entry())
    yield made
    made.close()


def outcomes(pool: WorkerPool, folder: Path) -> dict[str, Outcome]:
    def examine(file: FoundFile) -> Outcome:
        frames: list[float] = []
        seen = pool.examine(
            file, ExaminePlan(), lambda frame: frames.append(float(frame.pixels.mean())), Event()
        )
        return Outcome(file, seen, len(frames))

    files = [f for f in find_files([str(folder)], Event()) if isinstance(f, FoundFile)]
    with ThreadPoolExecutor(2) as callers:
        results = callers.map(examine, files)
        root = os.path.realpath(folder)
        return {os.path.relpath(result.file.path, root): result for result in results}


def check(name: str, expect: str, outcome: Outcome) -> None:
    seen = outcome.seen
    assert seen.status in AGREES[expect], (name, expect, seen.status, seen.fault)
    assert (seen.fault is None) == (seen.status is ItemStatus.OK), name
    assert seen.fault is None or seen.fault.code not in (FaultCode.CRASHED, FaultCode.TIMEOUT)
    if seen.status in DECODED:
        assert outcome.frames > 0, name
        assert seen.thumbnail is not None, name
        assert seen.info is not None, name
    if seen.status is not ItemStatus.SKIPPED:
        huge = seen.fault is not None and seen.fault.code is FaultCode.TOO_LARGE
        assert seen.sha256 is not None or outcome.file.size == 0 or huge or _no_media(seen), name


def _no_media(seen: Examination) -> bool:
    return seen.fault is not None and seen.fault.code in (FaultCode.NOT_MEDIA, FaultCode.EMPTY)


def test_that_every_collected_file_agrees_with_its_manifest(pool):
    with (BAD / "manifest.tsv").open(newline="") as table:
        expected = {row["file"]: row["expect"] for row in csv.DictReader(table, delimiter="\t")}
    got = outcomes(pool, BAD / "files")
    assert set(got) == set(expected)
    for name, expect in expected.items():
        check(name, expect, got[name])


def test_that_every_generated_file_agrees_with_its_manifest(pool, tmp_path):
    maker = [sys.executable, str(BAD / "make_bad.py"), str(tmp_path), "--only=images,videos"]
    subprocess.run(maker, check=True, capture_output=True, timeout=300)
    lines = (tmp_path / "manifest.jsonl").read_text().splitlines()
    expected = {row["path"]: row["expect"] for row in map(json.loads, lines)}
    got = outcomes(pool, tmp_path)
    del got["manifest.jsonl"]
    assert set(got) == set(expected)
    for name, expect in expected.items():
        check(name, expect, got[name])


@pytest.mark.skipif(sys.platform == "win32", reason="makes pipes and sockets")
def test_that_a_hostile_file_system_is_walked_to_its_end(pool, tmp_path):
    maker = [sys.executable, str(BAD / "make_bad.py"), str(tmp_path), "--only=filesystem"]
    subprocess.run(maker, check=True, capture_output=True, timeout=300)
    lines = (tmp_path / "manifest.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    met = list(find_files([str(tmp_path)], Event()))
    named = {os.fsencode(os.path.relpath(met_.path, os.path.realpath(tmp_path))) for met_ in met}
    got = outcomes(pool, tmp_path)
    for row in rows:
        path = bytes.fromhex(row["path_hex"])
        outcome = got.get(os.fsdecode(path))
        if row["group"] == "names":
            assert outcome is not None, row
            assert outcome.seen.status is ItemStatus.OK, row
        elif path == b"fs/sparse_64GiB.jpg":
            assert outcome is not None
            assert outcome.seen.fault is not None
            assert outcome.seen.fault.code is FaultCode.TOO_LARGE
        elif row["expect"] == "skip" and path not in (b"fs/dir.jpg", b"fs/dir_loop"):
            assert outcome is None, row
            assert path in named or b"dev.jpg" in path, row
