"""What a worker is handed to read evidence with; adapters know nothing of one another."""

from typing import Protocol

from inspector.adapters.media.frames import Pixels
from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.traces import Trace


class WorkerReaders(Protocol):
    """Readers of provenance and traces. What they raise never costs a file its pixels."""

    def provenance(self, path: str, media_format: str) -> Provenance: ...

    def manifests(
        self, path: str, media_format: str, beside: str | None = None
    ) -> ManifestStore: ...

    def traces(self, path: str, media_format: str) -> tuple[Trace, ...]: ...

    def pixel_traces(self, pixels: Pixels) -> tuple[Trace, ...]:
        """Read what stands in the pixels themselves, uint8 (h, w, 3), sRGB, kept without loss."""


class NoReaders:
    """Finds nothing: for measuring decoders alone."""

    def provenance(self, path: str, media_format: str) -> Provenance:
        return Provenance()

    def manifests(self, path: str, media_format: str, beside: str | None = None) -> ManifestStore:
        return ManifestStore(Provenance(), None, "{}")

    def traces(self, path: str, media_format: str) -> tuple[Trace, ...]:
        return ()

    def pixel_traces(self, pixels: Pixels) -> tuple[Trace, ...]:
        return ()
