"""Entry point of a decode worker: wires the readers of evidence into its loop.

A worker starts in a fifth of a second, so nothing here imports what it does not need.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.adapters.media.frames import Pixels
from inspector.adapters.media.protocol import WorkerSetup
from inspector.adapters.media.worker import run_worker
from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.traces import Trace

if TYPE_CHECKING:
    from inspector.adapters.c2pa.reader import ProvenanceReader

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
    return (_interpreter(), "-I", "-c", boot, folder)


def _interpreter() -> str:
    """Return Python itself: on Windows, a virtual environment's is a launcher that starts it.

    A launcher would be what is limited, killed and watched; the path is handed over anyway.
    """
    base = getattr(sys, "_base_executable", None)
    return str(base) if sys.platform == "win32" and base else sys.executable


def main(arguments: Sequence[str]) -> None:
    """Be a worker: ``arguments`` are the trust folder and the pool's setup."""
    trust, setup = arguments
    readers = EvidenceReaders(Path(trust) if trust else None)
    run_worker(WorkerSetup.decoded(setup), readers)


class EvidenceReaders:
    """Credentials and traces. Their libraries are loaded with the first file that needs them,
    so that a fresh worker is ready sooner.
    """

    def __init__(self, trust: Path | None) -> None:
        self._trust = trust
        self._credentials: ProvenanceReader | None = None

    def provenance(self, path: str, media_format: str) -> Provenance:
        return self._reader().read(path, media_format)

    def manifests(self, path: str, media_format: str, beside: str | None = None) -> ManifestStore:
        return self._reader().read_store(path, media_format, beside)

    def traces(self, path: str, media_format: str) -> tuple[Trace, ...]:
        from inspector.adapters.traces import read_traces

        return read_traces(path, media_format)

    def pixel_traces(self, pixels: Pixels) -> tuple[Trace, ...]:
        from inspector.adapters.traces import watermark_traces

        return tuple(watermark_traces(pixels))

    def _reader(self) -> "ProvenanceReader":
        if self._credentials is None:
            from inspector.adapters.c2pa.reader import ProvenanceReader

            self._credentials = ProvenanceReader(self._trust)
        return self._credentials
