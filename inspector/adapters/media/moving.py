"""What clips and animated pictures have in common: sampling, thumbnails, exact steps."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np

from inspector.adapters.media.frames import FrameSink, Pixels, Reading
from inspector.adapters.media.sampling import choose_frames
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import Fault, MediaInfo
from inspector.ports import ExaminePlan

_DULL = 8.0
"""Standard deviation of pixel values under which a frame makes no telling thumbnail."""

_KEPT_BYTES = 64 << 20
_KEPT_FRAMES = 24
_SLACK_S = 1e-6


class Picture(Protocol):
    """One decoded frame, upright, not yet RGB."""

    @property
    def height(self) -> int: ...

    @property
    def width(self) -> int: ...

    def write(self, target: Pixels) -> None:
        """Write sRGB into an array of shape (height, width, 3)."""

    def thumbnail(self, side_px: int) -> Pixels: ...


class MovingPicture(Protocol):
    """An opened clip or animation.

    Attributes:
        times_s: presentation time of every frame from the start of the stream, rising.
        keyframes: indices of frames that decode alone.
    """

    times_s: Sequence[float]
    keyframes: Sequence[int]

    @property
    def info(self) -> MediaInfo: ...

    def frames(self, wanted: Sequence[int], *, near: bool = False) -> Iterator[tuple[int, Picture]]:
        """Decode frames by index, rising; those that cannot be decoded are left out.

        ``near`` lets the next frame that decodes stand in for one that does not.
        """

    def damage(self) -> Fault | None:
        """Return what was found wrong so far."""

    def close(self) -> None: ...


def read_moving(moving: MovingPicture, plan: ExaminePlan, sink: FrameSink) -> Reading:
    """Deliver the sampled frames and return the rest.

    Raises:
        MediaError: not one frame decodes.
    """
    wanted = choose_frames(moving.times_s, moving.keyframes, plan.frames if plan.pixels else 1)
    thumbnail: Pixels | None = None
    dull = True
    came = 0
    for index, picture in moving.frames(wanted, near=plan.frames is not None):
        came += 1
        if plan.thumbnail_px and dull:
            small = picture.thumbnail(plan.thumbnail_px)
            dull = float(np.std(small)) < _DULL
            thumbnail = small if thumbnail is None or not dull else thumbnail
        if plan.pixels:
            picture.write(sink.buffer(picture.height, picture.width))
            sink.deliver(moving.times_s[index])
    fault = moving.damage()
    if not came:
        code = fault.code if fault is not None else FaultCode.CORRUPT
        raise MediaError(code, "No frame of the clip can be decoded.")
    if fault is None and came < len(wanted):
        text = f"{len(wanted) - came} of {len(wanted)} sampled frames cannot be decoded."
        fault = Fault(FaultCode.CORRUPT, text)
    return Reading(moving.info, thumbnail, fault)


class Stepper:
    """Shows a moving picture frame by frame; owns it, in one thread.

    Stepping back decodes from a keyframe, so a run of frames is kept each time, as many as fit
    into ``_KEPT_BYTES``.
    """

    def __init__(self, moving: MovingPicture, release: Callable[[], None]) -> None:
        self._moving = moving
        self._release = release
        self._at = -1
        self._kept: dict[int, Pixels] = {}

    @property
    def info(self) -> MediaInfo:
        return self._moving.info

    def frame_at(self, time_s: float, sink: FrameSink) -> None:
        """Deliver the last frame with pts <= time, else the first.

        Raises:
            MediaError: neither it nor a near one decodes.
        """
        at = max(0, bisect_right(self._moving.times_s, time_s + _SLACK_S) - 1)
        if not (self._forward(at, at + 1, sink) or self._back(at - 1, sink)):
            raise MediaError(FaultCode.CORRUPT, "This part of the clip cannot be decoded.")

    def next_frame(self, sink: FrameSink) -> bool:
        """Deliver the frame after the last one; False at the end."""
        return self._forward(self._at + 1, len(self._moving.times_s), sink)

    def previous_frame(self, sink: FrameSink) -> bool:
        """Deliver the frame before the last one; False at the start."""
        return self._back(self._at - 1, sink)

    def close(self) -> None:
        self._release()

    def _forward(self, first: int, end: int, sink: FrameSink) -> bool:
        """Deliver the first frame that decodes."""
        if first in self._kept:
            self._deliver(first, self._kept[first], sink)
            return True
        for index, picture in self._moving.frames(range(first, end)):
            picture.write(sink.buffer(picture.height, picture.width))
            self._at = index
            sink.deliver(self._moving.times_s[index])
            return True
        return False

    def _back(self, last: int, sink: FrameSink) -> bool:
        """Deliver the last frame that decodes, up to one."""
        while last >= 0:
            first = last if last in self._kept else self._keep(last)
            near = max((index for index in self._kept if index <= last), default=None)
            if near is not None:
                self._deliver(near, self._kept[near], sink)
                return True
            last = first - 1
        return False

    def _keep(self, last: int) -> int:
        """Decode a run of frames up to one; return where it begins."""
        info = self._moving.info
        fits = _KEPT_BYTES // max(1, info.width * info.height * 3)
        first = max(0, last + 1 - max(1, min(fits, _KEPT_FRAMES)))
        self._kept = {}
        for index, picture in self._moving.frames(range(first, last + 1)):
            self._kept[index] = np.empty((picture.height, picture.width, 3), np.uint8)
            picture.write(self._kept[index])
        return first

    def _deliver(self, index: int, pixels: Pixels, sink: FrameSink) -> None:
        np.copyto(sink.buffer(pixels.shape[0], pixels.shape[1]), pixels)
        self._at = index
        sink.deliver(self._moving.times_s[index])
