"""Detectors that mean harm: each is refused with a reason, in time, and a good one is not."""

import time
from pathlib import Path

from inspector.bootstrap.model_check import TIME_LIMIT_S, check_model
from inspector.domain.errors import ModelError
from tests.torture.app import App, Ended
from tests.torture.materials import fill, tiny_detector
from tests.torture.outcome import Checks, Outcome
from tests.unit.bootstrap.hostile_graphs import HOSTILE, a_hostile_folder

ENDLESS = "endless"


def run(scratch: Path, *, quick: bool) -> Outcome:
    """Check each by the command line, and try to scan with it unchecked."""
    checks = Checks("10 hostile models", "models")
    media = fill(scratch / "media", 2)
    longest = 0.0
    with App(scratch / "app") as app:
        good = app.run("models", "check", tiny_detector(scratch / "good"))
        checks.require(good.code == 0, f"a good detector was refused: {good.err}")
        for name in sorted(HOSTILE):
            if name == ENDLESS and quick:
                continue
            folder = a_hostile_folder(scratch / name, name)
            started = time.monotonic()
            checked = app.run("models", "check", folder)
            longest = max(longest, time.monotonic() - started)
            faults = _faults(name, checked)
            if not quick and name != ENDLESS:
                faults += _faults(f"{name} in a scan", app.run("scan", media, "--model", folder))
            checks.trial(*faults)
    if quick:
        checks.trial(*_stops(a_hostile_folder(scratch / ENDLESS, ENDLESS), 5.0))
    checks.require(longest < TIME_LIMIT_S + 10, f"a check took {longest:.0f} s")
    return checks.outcome(f"longest check {longest:.0f} s, limit {TIME_LIMIT_S:.0f} s")


def _faults(name: str, ended: Ended) -> list[str]:
    if ended.is_one_sentence and "Refused: " in ended.err:
        return []
    return [f"{name}: {ended.code} {ended.err[-200:]!r}"]


def _stops(folder: Path, limit_s: float) -> list[str]:
    try:
        check_model(folder, time_limit_s=limit_s)
    except ModelError as error:
        return [] if "did not finish" in str(error) else [str(error)]
    return ["an endless model passed"]
