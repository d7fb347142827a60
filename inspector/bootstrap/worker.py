"""Entry point of a decode worker: wires the readers of evidence into its loop.

A worker starts in a fifth of a second, so nothing here imports what it does not need.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from inspector.adapters.media.protocol import WorkerSetup
from inspector.adapters.media.readers import NoReaders, WorkerReaders
from inspector.adapters.media.worker import run_worker

WORKER_FLAG = "--decode-worker"
"""First argument that makes a frozen build's executable a worker; see ``main``."""

_BOOT = "import sys; sys.path[:] = {path!r}; from {module} import main; main(sys.argv[1:])"


def worker_entry(trust: Path | None = None, *, module: str = __name__) -> tuple[str, ...]:
    """Return the command that starts a worker; the pool adds one argument.

    Args:
        trust: folder of trust lists, one folder a tier.
        module: module whose ``main`` is the worker; tests put their own here.
    """
    folder = "" if trust is None else str(trust)
    if getattr(sys, "frozen", False):
        return (sys.executable, WORKER_FLAG, folder)
    boot = _BOOT.format(path=sys.path, module=module)
    return (sys.executable, "-I", "-c", boot, folder)


def main(arguments: Sequence[str]) -> None:
    """Be a worker: ``arguments`` are the trust folder and the pool's setup."""
    trust, setup = arguments
    run_worker(WorkerSetup.decoded(setup), _readers(Path(trust) if trust else None))


def _readers(trust: Path | None) -> WorkerReaders:
    return NoReaders()
