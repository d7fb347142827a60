"""What the viewers ask of the desk, from memory."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inspector.domain.errors import FetchError, ModelError
from inspector.domain.media import MediaKind
from inspector.domain.policy import Thresholds
from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.score import Heatmap
from inspector.settings import Settings
from tests.fakes import FakeReader, MemoryStore


@dataclass
class FakeViewerServices:
    """A session and a reader in memory; the whole map is given, or fails."""

    store: MemoryStore = field(default_factory=MemoryStore)
    reader: FakeReader = field(default_factory=FakeReader)
    settings: Settings = field(default_factory=Settings)
    whole: Heatmap | None = None
    remote: ManifestStore | None = None
    fetched: list[str] = field(default_factory=list)

    def thresholds(self, media: MediaKind | None) -> Thresholds | None:
        del media
        return Thresholds(0.5, 0.9)

    def full_map(self, path: str) -> Heatmap:
        del path
        return self._whole()

    def frame_map(self, pixels: NDArray[np.uint8]) -> Heatmap:
        del pixels
        return self._whole()

    def remote_host(self, provenance: Provenance) -> str:
        if provenance.remote_url is None:
            raise FetchError("This file names no credential that is kept elsewhere.")
        return provenance.remote_url.split("/")[2]

    def fetch_manifests(self, path: str, provenance: Provenance) -> ManifestStore:
        self.fetched.append(path)
        if self.remote is None:
            raise FetchError("The host cannot be found.")
        return self.remote

    def _whole(self) -> Heatmap:
        if self.whole is None:
            raise ModelError("No detector is loaded.")
        return self.whole
