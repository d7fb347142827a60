"""What a worker is handed to read evidence with; adapters know nothing of one another."""

from typing import Protocol

from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.traces import Trace


class WorkerReaders(Protocol):
    """Readers of provenance and traces. What they raise never costs a file its pixels."""

    def provenance(self, path: str, media_format: str) -> Provenance: ...

    def manifests(self, path: str, media_format: str) -> ManifestStore: ...

    def traces(self, path: str, media_format: str) -> tuple[Trace, ...]: ...


class NoReaders:
    """Finds nothing: for measuring decoders alone."""

    def provenance(self, path: str, media_format: str) -> Provenance:
        return Provenance()

    def manifests(self, path: str, media_format: str) -> ManifestStore:
        return ManifestStore(Provenance(), None, "{}")

    def traces(self, path: str, media_format: str) -> tuple[Trace, ...]:
        return ()
