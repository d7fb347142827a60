"""What a worker and its parent say to each other: small JSON messages over one pipe.

Imported by workers, so it imports nothing heavy; the parent checks what it is told in
``replies``. Nothing is pickled. Pixels lie in memory that both share; a ``Band`` says where.
"""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Literal

from inspector.domain.errors import FaultCode
from inspector.domain.media import Fault, ItemStatus, MediaInfo
from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.traces import Trace

RELEASE = b"r"
"""Sent by the parent for each band, in order, once its pixels are no longer needed."""

MAX_MESSAGE = 64 << 20


class Op(StrEnum):
    """What is asked of a worker."""

    EXAMINE = "examine"
    THUMBNAIL = "thumbnail"
    PICTURE = "picture"
    MANIFESTS = "manifests"
    OPEN_CLIP = "open_clip"
    FRAME_AT = "frame_at"
    NEXT_FRAME = "next_frame"
    PREVIOUS_FRAME = "previous_frame"
    CLOSE_CLIP = "close_clip"


@dataclass(frozen=True, slots=True)
class Request:
    """One task; a worker has one at a time. Fields that an ``Op`` does not need stay unset."""

    op: Op
    path: str = ""
    size: int = 0
    mtime_ns: int = 0
    frames: int | None = None
    pixels: bool = True
    side_px: int = 0
    quick: bool = False
    time_s: float = 0.0
    beside: str | None = None

    def encoded(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decoded(cls, message: bytes) -> "Request":
        """Read a request; it comes from the parent, which is trusted."""
        fields = json.loads(message)
        return cls(**{**fields, "op": Op(fields["op"])})


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker has limited itself and waits; ``isolation`` says by which layers."""

    isolation: dict[str, str]
    kind: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True)
class Moving:
    """The file is a clip: from now on only a standstill is a fault."""

    kind: Literal["moving"] = "moving"


@dataclass(frozen=True, slots=True)
class Progress:
    kind: Literal["progress"] = "progress"


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of a frame, uint8 RGB, at a byte offset of the shared memory.

    Frames that fit come as one band; larger ones in several, from the top.
    """

    at: int
    height: int
    width: int
    top: int
    rows: int
    pts_s: float = 0.0
    thumbnail: bool = False
    kind: Literal["band"] = "band"


@dataclass(frozen=True, slots=True)
class Examined:
    """An ``Examination`` without its thumbnail, which went ahead as a band."""

    status: ItemStatus
    sha256: str | None = None
    info: MediaInfo | None = None
    fault: Fault | None = None
    provenance: Provenance = field(default_factory=Provenance)
    traces: tuple[Trace, ...] = ()
    exif_thumbnail: bool = False
    kind: Literal["examined"] = "examined"


@dataclass(frozen=True, slots=True)
class Manifests:
    store: ManifestStore
    kind: Literal["manifests"] = "manifests"


@dataclass(frozen=True, slots=True)
class ClipOpened:
    info: MediaInfo
    kind: Literal["clip_opened"] = "clip_opened"


@dataclass(frozen=True, slots=True)
class Done:
    """The task is done; ``delivered`` is False at either end of a clip."""

    delivered: bool = True
    kind: Literal["done"] = "done"


@dataclass(frozen=True, slots=True)
class Failed:
    """The task failed for what the file holds; the worker itself is well."""

    code: FaultCode
    message: str
    kind: Literal["failed"] = "failed"


Reply = Ready | Moving | Progress | Band | Examined | Manifests | ClipOpened | Done | Failed


def encoded(reply: Reply) -> bytes:
    return json.dumps(asdict(reply)).encode()


@dataclass(frozen=True, slots=True)
class WorkerSetup:
    """What a worker is started with, as one command-line argument.

    Attributes:
        pipe: inherited file descriptor (on Windows: handle) of its end of the pipe.
        ring: inherited file descriptor (on Windows: name) of the shared memory.
        parent: process id of the parent.
    """

    pipe: int
    ring: str
    ring_bytes: int
    address_space_bytes: int
    resident_bytes: int
    max_pixels: int
    parent: int

    def encoded(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decoded(cls, text: str) -> "WorkerSetup":
        return cls(**json.loads(text))
