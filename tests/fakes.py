"""In-memory stand-ins for every port, and the builders of ``tests.builders`` beside them.

They keep the ports' promises (thread-safe where the port is), and do nothing slow.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Self

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import DetectorSpec, DeviceReport
from inspector.domain.errors import FaultCode, MediaError, ModelError
from inspector.domain.events import PathTrouble
from inspector.domain.item import Item
from inspector.domain.media import Fault, FoundFile, Frame, ItemStatus, MediaInfo, MediaKind
from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.score import Heatmap
from inspector.domain.verdict import PersonDecision
from inspector.ports import (
    Examination,
    ExaminePlan,
    ScanCancelled,
    SessionInfo,
    ViewResult,
)
from tests.builders import (
    a_clip,
    a_clip_info,
    a_decision,
    a_detector_spec,
    a_file,
    a_hash,
    a_heatmap,
    a_picture_info,
    a_score,
    a_skipped_item,
    a_thumbnail,
    an_item,
    an_unreadable_item,
)

__all__ = [
    "FakeClip",
    "FakeDetector",
    "FakeFinder",
    "FakeMedia",
    "FakeReader",
    "MemoryStore",
    "a_clip",
    "a_clip_info",
    "a_decision",
    "a_detector_spec",
    "a_file",
    "a_hash",
    "a_heatmap",
    "a_picture_info",
    "a_score",
    "a_skipped_item",
    "a_thumbnail",
    "an_item",
    "an_unreadable_item",
]


@dataclass
class FakeFinder:
    """A walk that yields what it was given, whatever the roots; counts its calls."""

    entries: Sequence[FoundFile | PathTrouble] = ()
    calls: list[tuple[str, ...]] = field(default_factory=list)

    def __call__(self, roots: Sequence[str], cancel: Event) -> Iterator[FoundFile | PathTrouble]:
        self.calls.append(tuple(roots))
        for entry in self.entries:
            if cancel.is_set():
                return
            yield entry


@dataclass(frozen=True)
class FakeMedia:
    """One file's content: what ``examine`` returns and the frames it delivers."""

    examination: Examination
    frames: tuple[Frame, ...] = ()

    @classmethod
    def picture(cls, n: int = 0, side_px: int = 128) -> Self:
        pixels = np.full((side_px, side_px, 3), n % 256, np.uint8)
        info = a_picture_info(width=side_px, height=side_px)
        seen = Examination(ItemStatus.OK, a_hash(n), info, thumbnail=a_thumbnail(n))
        return cls(seen, (Frame(pixels),))

    @classmethod
    def clip(cls, n: int = 0, frames: int = 100, side_px: int = 128) -> Self:
        info = a_clip_info(
            width=side_px, height=side_px, frame_count=frames, duration_s=frames / 25
        )
        shown = tuple(
            Frame(np.full((side_px, side_px, 3), (n + i) % 256, np.uint8), i / 25, i)
            for i in range(frames)
        )
        return cls(Examination(ItemStatus.OK, a_hash(n), info, thumbnail=a_thumbnail(n)), shown)


class FakeReader:
    """Reads the media it was given, by path; a file that is not among them has vanished.

    ``examined`` lists the paths in the order they were asked for.
    """

    def __init__(self, media: Mapping[str, FakeMedia] | None = None) -> None:
        self.media = dict(media or {})
        self.examined: list[str] = []
        self.stores: dict[str, ManifestStore] = {}
        self.closed = False
        self._lock = threading.Lock()

    def examine(
        self,
        file: FoundFile,
        plan: ExaminePlan,
        on_frame: Callable[[Frame], None],
        cancel: Event,
    ) -> Examination:
        if cancel.is_set():
            raise ScanCancelled
        with self._lock:
            self.examined.append(file.path)
        try:
            media = self._media(file.path)
        except MediaError as error:
            return Examination(ItemStatus.UNREADABLE, fault=Fault(error.code, str(error)))
        for frame in _spread(media.frames, plan.frames) if plan.pixels else ():
            if cancel.is_set():
                raise ScanCancelled
            on_frame(frame)
        return (
            media.examination if plan.thumbnail_px else replace(media.examination, thumbnail=None)
        )

    def thumbnail(self, path: str, side_px: int, *, quick: bool = False) -> NDArray[np.uint8]:
        del quick
        pixels = self.picture(path).pixels
        step = max(1, -(-max(pixels.shape[:2]) // side_px))
        return np.ascontiguousarray(pixels[::step, ::step])

    def picture(self, path: str) -> Frame:
        media = self._media(path)
        if not media.frames:
            raise MediaError(FaultCode.CORRUPT, "The picture data is not valid.")
        return media.frames[0]

    def manifests(self, path: str, beside: str | None = None) -> ManifestStore:
        self._media(path)
        return self.stores.get(path, ManifestStore(Provenance(), None, "{}"))

    def open_clip(self, path: str) -> "FakeClip":
        media = self._media(path)
        info = media.examination.info
        if info is None or info.kind is not MediaKind.VIDEO:
            raise MediaError(FaultCode.UNSUPPORTED, "The file is no clip.")
        return FakeClip(info, media.frames)

    def isolation(self) -> Mapping[str, str]:
        return {"processes": "none (fake)"}

    def close(self) -> None:
        self.closed = True

    def _media(self, path: str) -> FakeMedia:
        if path not in self.media:
            raise MediaError(FaultCode.VANISHED, "The file is gone.")
        return self.media[path]


def _spread(frames: Sequence[Frame], wanted: int | None) -> Sequence[Frame]:
    if wanted is None or wanted >= len(frames):
        return frames
    return [frames[i * len(frames) // wanted] for i in range(wanted)]


class FakeClip:
    """Frames of one clip from memory."""

    def __init__(self, info: MediaInfo, frames: Sequence[Frame]) -> None:
        self._info = info
        self._frames = tuple(frames)
        self._at = -1
        self.closed = False

    @property
    def info(self) -> MediaInfo:
        return self._info

    def frame_at(self, time_s: float) -> Frame:
        self._at = max(0, sum(frame.pts_s <= time_s + 1e-9 for frame in self._frames) - 1)
        return self._frames[self._at]

    def next_frame(self) -> Frame | None:
        if self._at + 1 >= len(self._frames):
            return None
        self._at += 1
        return self._frames[self._at]

    def previous_frame(self) -> Frame | None:
        if self._at <= 0:
            return None
        self._at -= 1
        return self._frames[self._at]

    def close(self) -> None:
        self.closed = True


class FakeDetector:
    """A detector whose logit is the mean brightness: black -4, white +4, per cell and image.

    ``batches`` lists the shapes it was given; ``fail`` makes every run raise.
    """

    def __init__(self, spec: DetectorSpec | None = None, *, fail: bool = False) -> None:
        self._spec = spec or a_detector_spec()
        self._lock = threading.Lock()
        self.fail = fail
        self.batches: list[tuple[int, ...]] = []
        self.closed = False

    @property
    def spec(self) -> DetectorSpec:
        return self._spec

    @property
    def device(self) -> DeviceReport:
        return DeviceReport("auto", "CPUExecutionProvider")

    def run(self, view: str, batch: NDArray[np.uint8]) -> ViewResult:
        if self.fail:
            raise ModelError("The detector gave a score that is no number.")
        with self._lock:
            self.batches.append(batch.shape)
        chosen = next(v for v in self._spec.views if v.name == view)
        light = batch.astype(np.float32).mean(axis=-1) / 255 * 8 - 4
        logits = light.mean(axis=(1, 2)) if chosen.image_output else None
        cells = None
        if chosen.map_output is not None:
            side = chosen.map_output.stride
            count, height, width = light.shape
            rows, cols = height // side, width // side
            cropped = light[:, : rows * side, : cols * side]
            cells = cropped.reshape(count, rows, side, cols, side).mean(axis=(2, 4))
        return ViewResult(logits, cells)

    def close(self) -> None:
        self.closed = True


class MemoryStore:
    """A session in memory; every write is finished when its call returns."""

    only_looks = ""

    def __init__(self, items: Iterable[Item] = (), info: SessionInfo | None = None) -> None:
        self._info = info or SessionInfo()
        self._items: dict[str, Item] = {}
        self._thumbnails: dict[str, NDArray[np.uint8]] = {}
        self._log: list[PersonDecision] = []
        self._latest: dict[str, PersonDecision] = {}
        self._lock = threading.RLock()
        self.closed = False
        for item in items:
            self.put(item, None)

    @property
    def path(self) -> Path:
        return Path("memory.inspection")

    def info(self) -> SessionInfo:
        return self._info

    def set_info(self, info: SessionInfo) -> None:
        self._info = info

    def put(self, item: Item, thumbnail: NDArray[np.uint8] | None) -> None:
        with self._lock:
            old = self._items.get(item.path)
            self._items[item.path] = item.decided(None)
            if old is not None and old.sha256 != item.sha256:
                self._thumbnails.pop(item.path, None)
            if thumbnail is not None:
                self._thumbnails[item.path] = thumbnail

    def flush(self) -> None:
        return

    def decide(self, decisions: Sequence[PersonDecision]) -> None:
        with self._lock:
            for decision in decisions:
                item = self._items.get(decision.path)
                known = decision.sha256 or (item.sha256 if item else None)
                taken = replace(decision, sha256=known)
                self._log.append(taken)
                self._latest[decision.path] = taken

    def item(self, path: str) -> Item | None:
        with self._lock:
            item = self._items.get(path)
            return self._with_decision(item) if item else None

    def items(self) -> Iterator[Item]:
        with self._lock:
            held = list(self._items.values())
        for item in held:
            yield self._with_decision(_without_frame_maps(item))

    def count(self) -> int:
        return len(self._items)

    def thumbnail(self, path: str) -> NDArray[np.uint8] | None:
        return self._thumbnails.get(path)

    def heatmap(self, path: str, pts_s: float | None = None) -> Heatmap | None:
        item = self._items.get(path)
        if item is None or item.score is None:
            return None
        if pts_s is None:
            return item.score.heatmap
        frames = item.score.frames
        return next((f.heatmap for f in frames if abs(f.pts_s - pts_s) < 1e-6), None)

    def history(self, path: str) -> Sequence[PersonDecision]:
        with self._lock:
            return tuple(decision for decision in self._log if decision.path == path)

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _with_decision(self, item: Item) -> Item:
        taken = self._latest.get(item.path)
        if taken is None or not taken.stands_for(item.sha256):
            return item
        return item.decided(taken.decision)


def _without_frame_maps(item: Item) -> Item:
    if item.score is None:
        return item
    bare = tuple(replace(frame, heatmap=None) for frame in item.score.frames)
    return replace(item, score=replace(item.score, frames=bare))
