"""What the pipeline and the front ends need from the outside, as protocols.

Adapters fulfil them; ``bootstrap`` picks the adapters; tests use fakes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import DetectorSpec, DeviceReport
from inspector.domain.events import PathTrouble
from inspector.domain.item import Item
from inspector.domain.media import Fault, FoundFile, Frame, ItemStatus, MediaInfo
from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.score import Heatmap
from inspector.domain.traces import Trace
from inspector.domain.verdict import PersonDecision


class FileFinder(Protocol):
    """Walks dropped paths."""

    def __call__(
        self, roots: Sequence[str], cancel: Event
    ) -> Iterator[FoundFile | PathTrouble]: ...


@dataclass(frozen=True, slots=True)
class ExaminePlan:
    """What is wanted of one file.

    Attributes:
        frames: frames sampled from a clip, spread evenly over time; None for every frame.
        pixels: False where nothing is scored: then no frame but the thumbnail is decoded.
        thumbnail_px: longest side of the thumbnail; 0 for none.
    """

    frames: int | None = 16
    pixels: bool = True
    thumbnail_px: int = 256


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything a worker reads from one file, apart from the frames it delivered.

    Attributes:
        thumbnail: uint8, shape (h, w, 3), sRGB, upright; None where nothing was decoded.
    """

    status: ItemStatus
    sha256: str | None = None
    info: MediaInfo | None = None
    fault: Fault | None = None
    provenance: Provenance = field(default_factory=Provenance)
    traces: tuple[Trace, ...] = ()
    thumbnail: NDArray[np.uint8] | None = None
    exif_thumbnail: bool = False


class MediaReader(Protocol):
    """Reads hostile files in limited worker processes. Every method may be called by many threads.

    One call uses one worker; a call waits while all are busy.
    """

    def examine(
        self,
        file: FoundFile,
        plan: ExaminePlan,
        on_frame: Callable[[Frame], None],
        cancel: Event,
    ) -> Examination:
        """Read one file whole; never raises for what the file holds.

        ``on_frame`` is called in the caller's thread, in order of pts. Its pixels are a view of
        shared memory and stand only until it returns. A worker that crashes, hangs or outgrows
        its memory gives status ``unreadable`` after one retry alone.

        Raises:
            ScanCancelled: ``cancel`` was set before the file was done.
        """

    def thumbnail(self, path: str, side_px: int, *, quick: bool = False) -> NDArray[np.uint8]:
        """Return pixels, uint8 (h, w, 3), sRGB, upright, longest side at most ``side_px``.

        ``quick`` takes an embedded EXIF thumbnail where there is one (never scored).

        Raises:
            MediaError: the file cannot be decoded.
        """

    def picture(self, path: str) -> Frame:
        """Return a still picture at full size, in memory of its own.

        Raises:
            MediaError: the file cannot be decoded.
        """

    def manifests(self, path: str, beside: str | None = None) -> ManifestStore:
        """Read the whole credential.

        Args:
            path: the file.
            beside: a file that holds its credential, read in place of what the file carries.

        Raises:
            MediaError: the worker failed.
        """

    def open_clip(self, path: str) -> "ClipReader":
        """Open a clip for exact frames; it holds a worker of its own until closed.

        Raises:
            MediaError: the file is no clip or cannot be decoded.
        """

    def isolation(self) -> Mapping[str, str]:
        """Return what limits the workers on this machine, by layer ("rlimit": "in force", ...)."""

    def close(self) -> None:
        """End every worker; calls in flight raise MediaError."""


class ClipReader(Protocol):
    """Exact frames of one clip, one call at a time, any thread. Frames own their memory."""

    @property
    def info(self) -> MediaInfo: ...

    def frame_at(self, time_s: float) -> Frame:
        """Return the frame on screen at a time (the last with pts <= time, else the first)."""

    def next_frame(self) -> Frame | None:
        """Return the frame after the last one delivered; None at the end."""

    def previous_frame(self) -> Frame | None:
        """Return the frame before the last one delivered; None at the start."""

    def close(self) -> None: ...


class ScanCancelled(Exception):  # noqa: N818 - it is no error
    """The caller's cancel event was set."""


@dataclass(frozen=True, slots=True)
class ViewResult:
    """What one view gives for a batch.

    Attributes:
        logits: float32, shape (n,), finite; None where the view has no image score.
        map_logits: float32, shape (n, rows, cols), finite; None without a patch map.
        features: float32, shape (n, k), finite; None unless the detector was opened for them.
    """

    logits: NDArray[np.float32] | None
    map_logits: NDArray[np.float32] | None
    features: NDArray[np.float32] | None = None


class Detector(Protocol):
    """Runs the views of one detector. ``run`` may be called by many threads."""

    @property
    def spec(self) -> DetectorSpec: ...

    @property
    def device(self) -> DeviceReport: ...

    def run(self, view: str, batch: NDArray[np.uint8]) -> ViewResult:
        """Score sRGB pixels of one view.

        Args:
            view: name of the view.
            batch: uint8, shape (n, height, width, 3), already sized as the view wants.

        Raises:
            ModelError: the output has the wrong shape, is not finite or is out of range.
        """

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """What a session was begun with.

    ``roots`` are the dropped paths, so that a scan can be resumed; ``details`` are free facts
    (trust-list hashes, engine versions, isolation in force) recorded in exports.
    """

    roots: tuple[str, ...] = ()
    model: str | None = None
    policy: str | None = None
    created_at: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


class Store(Protocol):
    """One session file. Writes are queued to its own thread; reads see every finished write."""

    @property
    def path(self) -> Path: ...

    @property
    def only_looks(self) -> str:
        """Say in a sentence why nothing can be written; empty where it can."""

    def info(self) -> SessionInfo: ...

    def set_info(self, info: SessionInfo) -> None: ...

    def put(self, item: Item, thumbnail: NDArray[np.uint8] | None) -> None:
        """Queue an item (replacing an older one of the same path); a person's decision stays.

        Blocks while the queue is full; an error of an earlier write is raised here.

        Raises:
            StoreError: the disk is full or the file is gone.
        """

    def flush(self) -> None:
        """Return once everything queued is on disk.

        Raises:
            StoreError: it could not be written.
        """

    def decide(self, decisions: Sequence[PersonDecision]) -> None:
        """Write decisions with full durability, and to the append-only log; returns when safe.

        Raises:
            StoreError: they could not be written; none of them counts.
        """

    def item(self, path: str) -> Item | None:
        """Return one item with its heatmaps."""

    def items(self) -> Iterator[Item]:
        """Yield every item in the order they were first put, without per-frame heatmaps."""

    def count(self) -> int: ...

    def thumbnail(self, path: str) -> NDArray[np.uint8] | None:
        """Return the stored thumbnail, uint8 (h, w, 3), or None."""

    def heatmap(self, path: str, pts_s: float | None = None) -> Heatmap | None:
        """Return the stored map of a picture, or of one scored frame of a clip."""

    def history(self, path: str) -> Sequence[PersonDecision]:
        """Return every decision ever taken on a file, oldest first."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Rescore:
    """Files of a session that are to be scored anew.

    Attributes:
        model: detector's id or folder; None scores each with the one that scored it.
        stability: score them from changed copies as well.
        frames: frames scored per clip, 0 for every one; None as the settings say.
    """

    paths: tuple[str, ...]
    model: str | None = None
    stability: bool = False
    frames: int | None = None


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """What ``EXPORT.json`` says besides the counts."""

    session: str
    command: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrittenList:
    """One file a writer made: its path, how many rows, and a validator's word on it."""

    path: Path
    rows: int
    checked: str
