"""A decode worker that ends by a signal while it starts, as often as a file beside it says.

Run as ``worker_entry(module="tests.hostile.dying_starts")``; ``DYING_STARTS`` names the file: the
starts that are still to end so, and the signal.
"""

import os
import signal
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str]) -> None:
    plan = Path(os.environ["DYING_STARTS"])
    left, number = map(int, plan.read_text().split())
    if left:
        next_plan = plan.with_name(f"plan {os.getpid()}")
        next_plan.write_text(f"{left - 1} {number}")
        next_plan.replace(plan)  # two may start at once
        os.kill(os.getpid(), number)
        signal.pause()
    from inspector.adapters.media.protocol import WorkerSetup
    from inspector.adapters.media.readers import NoReaders
    from inspector.adapters.media.worker import run_worker

    run_worker(WorkerSetup.decoded(arguments[1]), NoReaders())
