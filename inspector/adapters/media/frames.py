"""Where decoded pixels go, whoever wants them: a caller's array or a worker's shared memory."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import Fault, Frame, MediaInfo
from inspector.ports import ScanCancelled

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Reading:
    """What decoding a file gave besides its frames.

    Attributes:
        fault: set where the file is damaged.
        notes: sentences on what was worked around without harm to the pixels.
    """

    info: MediaInfo
    thumbnail: Pixels | None
    fault: Fault | None = None
    notes: tuple[str, ...] = ()
    exif_thumbnail: bool = False


class FrameSink(Protocol):
    """Takes the frames of one file, in order of pts."""

    def clip(self) -> None:
        """Note that the file is a clip, whose frames may come for as long as they come."""

    def buffer(self, height: int, width: int) -> Pixels:
        """Return an array, shape (height, width, 3), to be filled and then delivered."""

    def deliver(self, pts_s: float) -> None:
        """Hand on the array that ``buffer`` returned last."""

    def progress(self) -> None:
        """Note that work goes on though no frame is ready; cheap, so call it often."""


class CallbackSink:
    """Hands frames to a function in the same thread; counts them."""

    def __init__(self, on_frame: Callable[[Frame], None], cancel: Event) -> None:
        self._on_frame = on_frame
        self._cancel = cancel
        self._pixels: Pixels | None = None
        self.delivered = 0

    def clip(self) -> None:
        self.progress()

    def buffer(self, height: int, width: int) -> Pixels:
        self.progress()
        self._pixels = np.empty((height, width, 3), np.uint8)
        return self._pixels

    def deliver(self, pts_s: float) -> None:
        assert self._pixels is not None
        self.progress()
        self._on_frame(Frame(self._pixels, pts_s, self.delivered))
        self._pixels = None
        self.delivered += 1

    def progress(self) -> None:
        if self._cancel.is_set():
            raise ScanCancelled


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Refuse pictures without pixels or with too many.

    Raises:
        MediaError: the size is not between 1 and ``max_pixels`` pixels.
    """
    if width < 1 or height < 1:
        raise MediaError(FaultCode.CORRUPT, f"The picture claims to be {width} x {height} pixels.")
    if width * height > max_pixels:
        raise MediaError(
            FaultCode.TOO_LARGE,
            f"The picture is {width} x {height} pixels; the limit is {max_pixels:,} in all.",
        )


def fit(width: int, height: int, side: int) -> tuple[int, int]:
    """Return (width, height) shrunk so that the longest side is at most ``side``."""
    longest = max(width, height)
    if longest <= side:
        return width, height
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))
