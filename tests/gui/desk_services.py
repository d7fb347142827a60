"""A desk's services without engines: files, scans and lists in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import DetectorSpec, DeviceReport
from inspector.domain.errors import FetchError, InspectorError, StoreError
from inspector.domain.events import (
    DiscoveryDone,
    FilesFound,
    ItemJudged,
    Progress,
    ScanEvent,
    ScanFinished,
)
from inspector.domain.item import Item, ModelId
from inspector.domain.media import MediaKind
from inspector.domain.policy import Thresholds
from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.score import FrameScore, WholeMap
from inspector.domain.verdict import Decision, PersonDecision
from inspector.ports import Rescore, SessionInfo, WrittenList
from inspector.settings import Settings
from tests.builders import LIMITS, a_detector_spec, a_heatmap, a_score, a_thumbnail, an_item
from tests.fakes import FakeReader, MemoryStore


class FailingStore(MemoryStore):
    """A session whose disk is full for decisions while ``is_full``."""

    is_full = False

    def decide(self, decisions: Sequence[PersonDecision]) -> None:
        if self.is_full:
            raise StoreError("The disk is full.")
        super().decide(decisions)


@dataclass
class FakeDesk:
    """Scans give the items of a dropped folder; ``endless`` scans go on until cancelled.

    ``hold`` is waited for before anything is judged.
    """

    folders: dict[str, Sequence[Item]] = field(default_factory=dict)
    store: MemoryStore = field(default_factory=FailingStore)
    reader: FakeReader = field(default_factory=FakeReader)
    settings: Settings = field(default_factory=Settings)
    report: DeviceReport | None = None
    endless: bool = False
    hold: Event | None = None
    error: InspectorError | None = None
    sessions: dict[Path, MemoryStore] = field(default_factory=dict)
    thumbnail_of: Callable[[Item], NDArray[np.uint8] | None] = lambda item: a_thumbnail(
        len(item.path)
    )
    scanned: list[tuple[str, ...]] = field(default_factory=list)
    exported: list[tuple[tuple[str, ...], Path, Decision | None]] = field(default_factory=list)
    rescored: list[Rescore] = field(default_factory=list)
    models: Sequence[DetectorSpec] = (
        a_detector_spec(id="inspector-fast"),
        a_detector_spec(id="inspector-full"),
    )
    closed: bool = False
    behind: Sequence[Path] = ()
    about_trust: Sequence[str] = ()

    def change_settings(self, settings: Settings) -> None:
        self.settings = settings

    def load_detector(self) -> None:
        return

    def scan(self, roots: Sequence[str], cancel: Event) -> Iterator[ScanEvent]:
        self.scanned.append(tuple(roots))
        if self.error is not None:
            raise self.error
        items = [item for root in roots for item in self.folders.get(root, ())]
        self.store.set_info(SessionInfo(tuple(roots)))
        if items:
            yield FilesFound(tuple(item.file for item in items))
        yield DiscoveryDone(len(items))
        if self.hold is not None:
            self.hold.wait(10)
        for done, item in enumerate(items, 1):
            if cancel.is_set():
                break
            thumbnail = self.thumbnail_of(item)
            self.store.put(item, thumbnail)
            yield ItemJudged(item, thumbnail)
            yield Progress(done, len(items), True, 100.0, (len(items) - done) / 100)
        while self.endless and not cancel.is_set():
            yield Progress(len(items), len(items) + 1, False, 1.0, None)
            cancel.wait(0.01)
        yield ScanFinished(len(items), len(items), cancel.is_set())

    def device(self) -> DeviceReport | None:
        return self.report

    def thresholds(
        self, media: MediaKind | None, model: ModelId | None = None
    ) -> Thresholds | None:
        return LIMITS

    def detector(self) -> DetectorSpec | None:
        return self.models[0]

    def detectors(self) -> Sequence[DetectorSpec]:
        return self.models

    def score_again(self, wanted: Rescore, cancel: Event) -> Iterator[ScanEvent]:
        """Give every file the likelihood 0.95 by the model asked for."""
        self.rescored.append(wanted)
        for done, path in enumerate(wanted.paths, 1):
            if self.hold is not None:
                self.hold.wait(10)
            if cancel.is_set():
                break
            item = self.store.item(path)
            assert item is not None
            model = ModelId(wanted.model, "f" * 64) if wanted.model else item.model
            number = int(Path(path).stem)
            again = an_item(number, file=item.file, score=a_score(0.95), model=model)
            self.store.put(again, None)
            yield ItemJudged(again.decided(item.person))
            yield Progress(done, len(wanted.paths), True, 1.0, None)
        yield ScanFinished(len(wanted.paths), len(wanted.paths), cancel.is_set())

    def whole_map(
        self,
        pixels: NDArray[np.uint8],
        model: ModelId | None,
        step: Callable[[int, int], None],
        cancel: Event,
    ) -> WholeMap:
        return WholeMap(a_heatmap(1), "inspector-fast", by_sliding=False)

    def score_frames(
        self, path: str, model: ModelId | None, start_s: float, end_s: float, cancel: Event
    ) -> Iterator[FrameScore]:
        yield FrameScore(0.0, 0.5, a_heatmap(2))

    def remote_host(self, provenance: Provenance) -> str:
        raise FetchError("This file names no credential that is kept elsewhere.")

    def fetch_manifests(self, path: str, provenance: Provenance) -> ManifestStore:
        raise FetchError("The host cannot be found.")

    def formats(self) -> Sequence[str]:
        return ("txt", "csv", "jsonl")

    def export(
        self, formats: Sequence[str], folder: Path, only: Decision | None
    ) -> Sequence[WrittenList]:
        self.exported.append((tuple(formats), folder, only))
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for decision in Decision:
            chosen = [item.path for item in self.store.items() if item.decision is decision]
            file = folder / f"{decision.value}.txt"
            file.write_text("".join(f"{path}\n" for path in chosen), encoding="utf-8")
            written.append(WrittenList(file, len(chosen), "Read back: every line is a path."))
        return written

    def sample(self) -> str:
        return "/sample"

    def trust_words(self) -> Sequence[str]:
        return self.about_trust

    def facts(self) -> Mapping[str, str]:
        return {"inspector": "0.1.0", "trust list: official": "2026-09-01, 41 certificates"}

    def left_behind(self) -> Sequence[Path]:
        return self.behind

    def open_session(self, path: Path) -> None:
        if path not in self.sessions:
            raise StoreError(f"{path.name} is no session.")
        self.store = self.sessions[path]

    def close(self) -> None:
        self.reader.close()
        self.store.close()
        self.closed = True
