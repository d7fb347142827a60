"""Files are deleted, cut, replaced and swapped for links while they are scanned."""

import contextlib
import os
import random
import re
import threading
from pathlib import Path

from tests.hostile.test_changing_files import disturb
from tests.torture.app import App, rows_of, state_faults
from tests.torture.materials import fill, tiny_detector
from tests.torture.outcome import Checks, Outcome

FULL, QUICK = 20, 1


class Churn:
    """A thread that disturbs files of a list as long as the context lasts."""

    def __init__(self, files: list[Path], seed: int) -> None:
        self._files = files
        self._chance = random.Random(seed)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.acts = 0

    def __enter__(self) -> "Churn":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.004):
            with contextlib.suppress(OSError):
                disturb(self._chance.choice(self._files), self._chance)
                self.acts += 1


def run(scratch: Path, *, quick: bool) -> Outcome:
    """Scan so many folders while each is stirred; every file met ends in a stated state."""
    checks = Checks("8 moving files", "files")
    model = tiny_detector(scratch / "model")
    acts = 0
    states: dict[str, int] = {}
    with App(scratch / "app") as app:
        for number in range(QUICK if quick else FULL):
            media = fill(scratch / f"media {number}", 50, clips=1)
            rows_file = scratch / f"rows {number}.jsonl"
            app.start("scan", media, "--model", model, "--jsonl", rows_file)
            with Churn(sorted(media.rglob("*.*")), number) as churn:
                ended = app.wait()
            acts += churn.acts
            checks.require(ended.code in (0, 1), f"a scan ended with {ended.code}: {ended.err}")
            rows = rows_of(rows_file) if rows_file.exists() else {}
            said = re.search(r"^([\d,]+) files:", ended.err, re.MULTILINE)
            total = int(said.group(1).replace(",", "")) if said else -1
            checks.require(total == len(rows), f"{total} files were said, {len(rows)} have rows")
            for row in rows.values():
                states[str(row["status"])] = states.get(str(row["status"]), 0) + 1
                checks.trial(*state_faults(row))
            checks.require(not _followed(rows), "a link was followed to something endless")
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return checks.outcome(f"{acts:,} changes while scanning: {told}")


def _followed(rows: dict[bytes, dict[str, object]]) -> bool:
    return any(os.fsdecode(path).startswith("/dev/") for path in rows)
