"""The desk stays alive over bad files: the longest gap of its event loop, scanning and looking."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.torture.bad_files import BAD, collections
from tests.torture.materials import REPOSITORY, Tree, tiny_detector
from tests.torture.outcome import Checks, Outcome
from tests.torture.untouched import settings_for

LONGEST_MS = 200.0
DRAWN, QUICK_DRAWN = 3600, 300


def run(scratch: Path, *, quick: bool) -> Outcome:
    """Drop the collections on a desk without a display, and on one under Xvfb where there is one.

    What counts is the desk's own share of a gap; the time that its threads waited for a processor
    is printed beside it, and on a machine that is busy with other things it is theirs.
    """
    checks = Checks("11 desk stalls", "desks")
    folders = [str(collection.folder) for collection in collections(scratch, quick=quick)]
    notes = []
    for platform in ("offscreen", "xcb"):
        with _display(platform) as display:
            if display is None:
                notes.append("no Xvfb here")
                continue
            notes.append(_walked(scratch / platform, platform, display, folders, checks, quick))
    shared = "" if BAD.is_dir() and not quick else "drawn files only; "
    return checks.outcome(shared + "; ".join(notes))


def _walked(
    scratch: Path,
    platform: str,
    display: tuple[str, dict[str, str]],
    folders: list[str],
    checks: Checks,
    quick: bool,
) -> str:
    server, variables = display
    home, report = scratch / "home", scratch / "report.json"
    settings_for(home, tiny_detector(scratch / "model"))
    trees = [Tree(Path(folder)) for folder in folders]
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture.desk_walk", str(report), server, *folders],
        cwd=REPOSITORY,
        env={**os.environ, **variables, "INSPECTOR_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=QUICK_DRAWN if quick else DRAWN,
    )
    if done.returncode or not report.exists():
        checks.trial(f"{platform}: the desk ended with {done.returncode}: {done.stderr[-300:]}")
        return platform
    told = json.loads(report.read_text("utf-8"))
    own = max(told["gaps"], key=lambda gap: gap["own_ms"])
    wall = max(told["gaps"], key=lambda gap: gap["wall_ms"])
    computed = max(gap["computed_ms"] for gap in told["gaps"])
    faults = []
    if own["own_ms"] > LONGEST_MS:
        faults.append(f"{platform}: {own['own_ms']:.0f} ms without an event at {own['during']}")
    if told["judged"] != told["found"] or told["shown"] != told["listed"]:
        faults.append(
            f"{platform}: of {told['found']} files {told['judged']} were judged, "
            f"of {told['listed']} that are no strangers {told['shown']} were shown"
        )
    if "Traceback" in done.stderr:
        faults.append(f"{platform}: {done.stderr[-300:]}")
    faults += [change for tree in trees for change in tree.changes()]
    checks.trial(*faults)
    return (
        f"{platform}: {told['judged']:,} files scanned, {told['shown']:,} looked at, longest gap "
        f"{own['own_ms']:.0f} ms, computing {computed:.0f} ms "
        f"({wall['wall_ms']:.0f} ms with waits for a processor)"
    )


@contextlib.contextmanager
def _display(platform: str) -> Iterator[tuple[str, dict[str, str]] | None]:
    """Yield a platform's server, as a process id, and variables; None where there is none."""
    server = shutil.which("Xvfb")
    if platform == "offscreen":
        yield "0", {"QT_QPA_PLATFORM": platform}
        return
    if server is None:
        yield None
        return
    read, write = os.pipe()
    words = [server, "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(words, pass_fds=(write,), stderr=subprocess.DEVNULL) as running:
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        try:
            variables = {"QT_QPA_PLATFORM": platform, "DISPLAY": f":{number}"}
            yield (str(running.pid), variables) if number else None
        finally:
            running.terminate()
