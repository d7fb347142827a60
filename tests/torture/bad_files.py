"""Hostile files by the hundred: each ends in the state that it should, and none costs much."""

import csv
import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from inspector.adapters.media.isolation.memory import resident_bytes
from inspector.settings import LimitSettings
from tests.torture.app import App, Row, children, rows_of, state_faults
from tests.torture.materials import SHARED, Tree, picture, tiny_detector
from tests.torture.outcome import Checks, Outcome

BAD = SHARED / "bad"
LIMITS = LimitSettings()
ATTEMPTS_S = 2 * LIMITS.image_timeout_s + 5
"""Two attempts and what lies between; clips may take longer while they make progress."""

DECODED = ("ok", "damaged")
NAMED = ("unreadable", "skipped")
AGREES = {
    "decode": DECODED,
    "error": NAMED,
    "skip": NAMED,
    "either": (*DECODED, *NAMED),
}


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of bad files with what each should give, by the bytes of its path."""

    folder: Path
    expected: dict[bytes, str]


def run(scratch: Path, *, quick: bool) -> Outcome:
    """Scan every collection there is; without the shared ones, some drawn on the spot."""
    checks = Checks("1 bad files", "files")
    model = tiny_detector(scratch / "model")
    largest, longest = 0, 0.0
    states: dict[str, int] = {}
    with App(scratch / "app") as app:
        for number, collection in enumerate(collections(scratch, quick=quick)):
            before = Tree(collection.folder)
            rows_file = scratch / f"{number}.jsonl"
            pid = app.start("scan", collection.folder, "--model", model, "--jsonl", rows_file)
            with _MemoryWatch(pid) as watch:
                ended = app.wait()
            largest = max(largest, watch.largest)
            checks.require(ended.code == 1, f"the scan ended with {ended.code}: {ended.err[-300:]}")
            rows = rows_of(rows_file) if rows_file.exists() else {}
            _count(checks, collection, rows, ended.err)
            for row in rows.values():
                states[str(row["status"])] = states.get(str(row["status"]), 0) + 1
            for path, took in app.taken_up().items():
                is_clip = rows.get(path, {}).get("media") == "video"
                longest = max(longest, took or 0.0)
                fine = took is not None and (took < ATTEMPTS_S or is_clip)
                checks.require(fine, f"{os.fsdecode(path)!r} took {took} s")
            for change in before.changes():
                checks.require(False, change)
    checks.require(largest < LIMITS.resident_bytes, f"a worker took {largest >> 20} MB")
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return checks.outcome(
        f"{told}; largest worker {largest >> 20} MB, longest file {longest:.1f} s"
    )


def collections(scratch: Path, *, quick: bool) -> list[Collection]:
    """Return the folders of bad files: some drawn on the spot, and the shared ones if they are."""
    found = [_drawn(scratch / "drawn")]
    if not quick and BAD.is_dir():
        found += [_collected(), _generated(scratch / "made")]
    return found


def _count(checks: Checks, collection: Collection, rows: dict[bytes, Row], said: str) -> None:
    found = _regular_files(collection.folder)
    missing = found - rows.keys()
    checks.require(not missing, f"{len(missing)} files have no row, as {sorted(missing)[:2]}")
    total = re.search(r"^([\d,]+) files:", said, re.MULTILINE)
    counted = int(total.group(1).replace(",", "")) if total else -1
    checks.require(counted == len(rows), f"{counted} files were said, {len(rows)} have rows")
    for path, row in rows.items():
        faults = list(state_faults(row))
        expect = collection.expected.get(path, "either")
        if row["status"] not in AGREES[expect]:
            faults.append(f"{row['path']} is {row['status']}, not {expect}: {row['error']}")
        error = row["error"]
        if (
            expect == "decode"
            and isinstance(error, dict)
            and error["code"] in ("timeout", "crashed")
        ):
            faults.append(f"{row['path']}: {error['message']}")
        checks.trial(*faults)
    for path, expect in collection.expected.items():
        named = os.path.basename(path).decode("utf-8", "replace") in said or path in found
        if expect == "error" and path not in rows and not named:
            checks.trial(f"{os.fsdecode(path)!r} is not named anywhere")


def _regular_files(folder: Path) -> set[bytes]:
    """Return the real paths of all regular files that a walk of our own meets."""
    found = set()
    for here, _, names in os.walk(os.fsencode(folder)):
        for name in names:
            path = os.path.realpath(os.path.join(here, name))
            if os.path.isfile(path):  # noqa: PTH113 - bytes
                found.add(path)
    return found


def _drawn(folder: Path) -> Collection:
    """Make the bad files that need no collection."""
    folder.mkdir(parents=True)
    whole = {kind: picture(3, 200, 150, kind) for kind in ("JPEG", "PNG", "GIF", "WEBP", "TIFF")}
    expected: dict[str, tuple[bytes, str]] = {
        "empty.jpg": (b"", "error"),
        "one byte.png": (b"\xff", "error"),
        "blank.mp4": (bytes(4096), "error"),
        "page.png": (b"<!DOCTYPE html><html><body>403</body></html>", "error"),
        "list.mp4": (b"#EXTM3U\n#EXTINF:1.0,\nfile:///etc/passwd\n", "error"),
        "pickle.jpg": (b"\x80\x04\x95\x1f\0\0\0\0\0\0\0\x8c\x05posix\x8c\x06system", "error"),
        "huge.jpg": (whole["JPEG"].replace(b"\x00\x96\x00\xc8", b"\xff\xff\xff\xff", 1), "error"),
    }
    for kind, data in whole.items():
        expected[f"whole {kind}"] = (data, "decode")
        expected[f"wrong name {kind}.txt"] = (data, "decode")
        expected[f"half {kind}.jpg"] = (data[: len(data) // 2], "either")
        expected[f"tail {kind}.jpg"] = (data + bytes(5000), "decode")
    for name, (data, _) in expected.items():
        (folder / name).write_bytes(data)
    real = os.path.realpath(folder)
    return Collection(
        folder, {os.fsencode(f"{real}/{n}"): expect for n, (_, expect) in expected.items()}
    )


def _collected() -> Collection:
    folder = BAD / "files"
    real = os.path.realpath(folder)
    with (BAD / "manifest.tsv").open(newline="") as table:
        rows = csv.DictReader(table, delimiter="\t")
        expected = {os.fsencode(f"{real}/{row['file']}"): row["expect"] for row in rows}
    return Collection(folder, expected)


def _generated(folder: Path) -> Collection:
    folder.mkdir(parents=True)
    maker = [sys.executable, str(BAD / "make_bad.py"), str(folder)]
    subprocess.run(maker, check=True, capture_output=True, timeout=900)
    real = os.fsencode(os.path.realpath(folder))
    expected = {}
    for line in (folder / "manifest.jsonl").read_text().splitlines():
        row = json.loads(line)
        name = bytes.fromhex(row["path_hex"])
        # Root may read everything; graphs and sessions are no media whatever they are.
        unfit = row["group"] in ("onnx", "session") or b"noperm" in name
        link = os.path.islink(os.path.join(real, name))  # noqa: PTH114 - bytes
        expected[os.path.join(real, name)] = "either" if unfit or link else row["expect"]
    return Collection(folder, expected)


class _MemoryWatch:
    """A thread that looks at the app's workers ten times a second."""

    def __init__(self, pid: int) -> None:
        self.largest = 0
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "_MemoryWatch":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.1):
            for worker in children(self._pid):
                self.largest = max(self.largest, resident_bytes(worker) or 0)
