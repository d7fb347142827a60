"""Workers are killed at random during one scan: only the file in hand is marked."""

import random
import time
from pathlib import Path

from tests.torture.app import App, children, kill, path_of, rows_of, same_but_for, state_faults
from tests.torture.materials import Tree, fill, tiny_detector
from tests.torture.outcome import Checks, Outcome

FULL, QUICK = 100, 3


def run(scratch: Path, *, quick: bool) -> Outcome:
    """Scan a folder in peace, then again under fire; all rows but the marked ones must agree."""
    kills = QUICK if quick else FULL
    checks = Checks("2 worker kills", "kills")
    media = fill(scratch / "media", 120 if quick else 2400, clips=1 if quick else 6)
    model = tiny_detector(scratch / "model")
    before = Tree(media)
    with App(scratch / "app") as app:
        quiet = scratch / "quiet.jsonl"
        arguments = ["scan", media, "--model", model, "--jobs", "2", "--jsonl"]
        app.run(*arguments, quiet)
        fired = scratch / "fired.jsonl"
        pid = app.start(*arguments, fired)
        landed = _fire(app, pid, kills, random.Random(20))
        ended = app.wait()
    checks.require(ended.code in (0, 1), f"the scan ended with {ended.code}: {ended.err[-200:]}")
    peace, war = rows_of(quiet), (rows_of(fired) if fired.exists() else {})
    checks.require(peace.keys() == war.keys(), f"{len(war)} rows of {len(peace)} files")
    marked = [row for row in war.values() if row["status"] == "unreadable"]
    checks.require(len(marked) <= landed, f"{len(marked)} files marked by {landed} kills")
    for row in war.values():
        for fault in state_faults(row):
            checks.require(False, fault)
        if row["status"] != "unreadable":
            calm = peace[path_of(row)]
            checks.require(same_but_for(row, calm), f"{row['path']} got another row")
    for change in before.changes():
        checks.require(False, change)
    # A fast machine may be through a small folder before the last kill.
    least = 1 if quick else kills
    checks.require(landed >= least, f"the scan was over after {landed} kills")
    for _ in range(landed):
        checks.trial()
    return checks.outcome(
        f"{len(war)} rows of {len(peace)} files, {len(marked)} marked, the others as without kills"
    )


def _fire(app: App, pid: int, kills: int, chance: random.Random) -> int:
    """Kill any of the workers, ready, busy or still starting, at random moments, without mercy."""
    landed = 0
    while landed < kills and not _is_over(pid):
        time.sleep(chance.uniform(0.01, 0.1))
        workers = children(pid) if app.log.exists() else []
        if workers:
            landed += kill(chance.choice(workers))
    return landed


def _is_over(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
