"""A desk's services without engines: files, scans and lists in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import DeviceReport
from inspector.domain.errors import FetchError, InspectorError, StoreError
from inspector.domain.events import (
    DiscoveryDone,
    FilesFound,
    ItemJudged,
    Progress,
    ScanEvent,
    ScanFinished,
)
from inspector.domain.item import Item
from inspector.domain.media import MediaKind
from inspector.domain.policy import Thresholds
from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.score import Heatmap
from inspector.domain.verdict import Decision, PersonDecision
from inspector.ports import SessionInfo, WrittenList
from inspector.settings import Settings
from tests.builders import LIMITS, a_heatmap, a_thumbnail
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

    def thresholds(self, media: MediaKind | None) -> Thresholds | None:
        return LIMITS

    def full_map(self, path: str) -> Heatmap:
        return a_heatmap(1)

    def frame_map(self, pixels: NDArray[np.uint8]) -> Heatmap:
        return a_heatmap(2)

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
