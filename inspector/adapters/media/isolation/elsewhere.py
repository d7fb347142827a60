"""macOS and Windows: what a worker can limit from inside; the parent watches the rest."""

import os
import sys
import threading
import time
from collections.abc import Mapping

from inspector.adapters.media.isolation import IN_FORCE

_WATCH_S = 1.0
WATCHED = "in force by the parent's watch"
"""macOS takes limits on memory and does not enforce them; a job object may have been refused."""


def limit(address_space_bytes: int, parent: int) -> Mapping[str, str]:
    """Apply what there is."""
    report = {
        "network": "missing: only Linux lets a process give up its network unprivileged",
        "files": "missing: only Linux lets a process give up writing unprivileged",
    }
    if sys.platform == "win32":
        report["memory"] = WATCHED
        report["parent death"] = "in force, if the parent's job object took it"
        return report
    report["memory"] = _limit_memory(address_space_bytes)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    report["parent death"] = IN_FORCE
    return report


def _limit_memory(address_space_bytes: int) -> str:
    if sys.platform != "win32":
        import resource

        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
            resource.setrlimit(resource.RLIMIT_DATA, (address_space_bytes, address_space_bytes))
        except (OSError, ValueError) as error:
            return f"{WATCHED}; no limit of its own: {error}"
    return WATCHED


def _watch(parent: int) -> None:
    """End this process when its parent is gone; decoders let other threads run."""
    while os.getppid() == parent:
        time.sleep(_WATCH_S)
    os._exit(0)
