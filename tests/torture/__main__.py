"""``make torture``: runs the scenarios, prints a table, and exits with 1 if one did not hold."""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.torture import (
    app_kills,
    bad_files,
    corrupted_sessions,
    desk_stalls,
    full_disk,
    hostile_models,
    moving_files,
    mutations,
    no_network,
    odd_names,
    untouched,
    worker_kills,
)
from tests.torture.outcome import Outcome

Scenario = Callable[..., Outcome]

SCENARIOS: dict[str, Scenario] = {
    "1": bad_files.run,
    "2": worker_kills.run,
    "3": app_kills.run,
    "4": full_disk.run,
    "5": untouched.run,
    "6": no_network.run,
    "7": corrupted_sessions.run,
    "8": moving_files.run,
    "9": odd_names.run,
    "10": hostile_models.run,
    "11": desk_stalls.run,
    "mutation": mutations.run,
}


def run_one(name: str, *, quick: bool) -> Outcome:
    """Run one scenario in a fresh folder that is gone afterwards."""
    scratch = Path(tempfile.mkdtemp(prefix="torture-"))
    try:
        return SCENARIOS[name](scratch, quick=quick)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small counts, some minutes in all")
    parser.add_argument("--only", help="names of scenarios with commas between")
    given = parser.parse_args()
    wanted = given.only.split(",") if given.only else list(SCENARIOS)
    outcomes = []
    print(f"{'scenario':<24}{'tried':>9}{'held':>9}  {'unit':<10}{'time':>7}  note", flush=True)  # noqa: T201
    for name in wanted:
        started = time.monotonic()
        outcome = run_one(name, quick=given.quick)
        outcomes.append(outcome)
        seconds = time.monotonic() - started
        print(  # noqa: T201
            f"{outcome.scenario:<24}{outcome.tried:>9,}{outcome.held:>9,}  {outcome.unit:<10}"
            f"{seconds:>6.0f}s  {outcome.note}",
            flush=True,
        )
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        for fault in outcome.broken:
            print(f"  {outcome.scenario}: {fault}")  # noqa: T201
    print(f"{len(outcomes) - len(failed)} of {len(outcomes)} scenarios hold")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
