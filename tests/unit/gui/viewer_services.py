"""What the viewers ask of the desk, from memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event

import numpy as np
from numpy.typing import NDArray

from inspector.domain.errors import FetchError, ModelError
from inspector.domain.item import ModelId
from inspector.domain.media import MediaKind
from inspector.domain.policy import Thresholds
from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.score import FrameScore, Heatmap, WholeMap
from inspector.ports import ScanCancelled
from inspector.settings import Settings
from tests.builders import a_heatmap
from tests.fakes import FakeReader, MemoryStore


@dataclass
class FakeViewerServices:
    """A session and a reader in memory; the whole map is given, or fails.

    While ``hold`` is not set, maps and frames wait; ``cancelled`` counts maps given up.
    """

    store: MemoryStore = field(default_factory=MemoryStore)
    reader: FakeReader = field(default_factory=FakeReader)
    settings: Settings = field(default_factory=Settings)
    whole: Heatmap | None = None
    slides: bool = False
    hold: Event | None = None
    mapped: list[tuple[int, ...]] = field(default_factory=list)
    cancelled: int = 0
    remote: ManifestStore | None = None
    fetched: list[str] = field(default_factory=list)

    def thresholds(
        self, media: MediaKind | None, model: ModelId | None = None
    ) -> Thresholds | None:
        del media, model
        return Thresholds(0.5, 0.9)

    def whole_map(
        self,
        pixels: NDArray[np.uint8],
        model: ModelId | None,
        step: Callable[[int, int], None],
        cancel: Event,
    ) -> WholeMap:
        del model
        self.mapped.append(pixels.shape)
        step(1, 2)
        while self.hold is not None and not self.hold.wait(0.005):
            if cancel.is_set():
                self.cancelled += 1
                raise ScanCancelled
        if self.whole is None:
            raise ModelError("No detector is loaded.")
        return WholeMap(self.whole, "inspector-fast", by_sliding=self.slides)

    def score_frames(
        self, path: str, model: ModelId | None, start_s: float, end_s: float, cancel: Event
    ) -> Iterator[FrameScore]:
        del model
        for frame in self.reader.media[path].frames:
            while self.hold is not None and not self.hold.wait(0.005):
                if cancel.is_set():
                    raise ScanCancelled
            if start_s <= frame.pts_s <= end_s:
                yield FrameScore(frame.pts_s, frame.index / 100, a_heatmap(frame.index))

    def remote_host(self, provenance: Provenance) -> str:
        if provenance.remote_url is None:
            raise FetchError("This file names no credential that is kept elsewhere.")
        return provenance.remote_url.split("/")[2]

    def fetch_manifests(self, path: str, provenance: Provenance) -> ManifestStore:
        self.fetched.append(path)
        if self.remote is None:
            raise FetchError("The host cannot be found.")
        return self.remote
