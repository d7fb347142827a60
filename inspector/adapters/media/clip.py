"""Decodes clips with PyAV: exact frames by number, keyframes alone where that is enough."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import chain, islice
from typing import BinaryIO

from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from inspector.adapters.media.claims import claims_of
from inspector.adapters.media.clip_open import (
    CODEC_ERRORS,
    index_packets,
    moving_stream,
    open_container,
)
from inspector.adapters.media.clip_picture import ClipPicture
from inspector.adapters.media.frames import Pixels, check_size
from inspector.adapters.media.moving import Picture
from inspector.adapters.media.opened import opened_again
from inspector.adapters.media.sampling import keyframe_before
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import Fault, MediaInfo, MediaKind

_SHORTFALL_S = 0.5
_SHORTFALL_SHARE = 0.02
_LOOSE_SEEK = frozenset(["mpegts", "mpeg", "mpegvideo", "ogg", "wmv"])
"""Formats whose seeking is a guess: aim earlier and read up to the packet that is meant."""

_AIM_EARLIER_S = 2
_PACKETS_AFTER_SEEK = 2000


class Clip:
    """One opened clip; owns its demuxer and a single-threaded decoder; used by one thread."""

    def __init__(
        self,
        file: BinaryIO,
        path: str,
        media_format: str,
        *,
        max_pixels: int,
        progress: Callable[[], None],
    ) -> None:
        """Open the clip and index it.

        Raises:
            MediaError: it holds no moving pictures that can be decoded.
        """
        self._format = media_format
        self._max_pixels = max_pixels
        self._progress = progress
        self._claims = claims_of(file, media_format)
        with ExitStack() as holding:
            descriptor = holding.enter_context(opened_again(path, file))
            self._container = open_container(
                descriptor, path, media_format, max_pixels, self._claims
            )
            holding.callback(self._container.close)
            self._stream = moving_stream(self._container)
            self._index = index_packets(self._container, self._stream, progress)
            self._holding = holding.pop_all()
        self.times_s: Sequence[float] = self._index.times_s
        self.keyframes: Sequence[int] = sorted(self._index.key_stamps)
        self._stamps = self._index.stamps
        self._stopped = self._index.stopped
        self._errors = 0
        self._reformatter = VideoReformatter()
        self._frames: Iterator[VideoFrame] | None = None
        self._held: VideoFrame | None = None
        self._at = -1
        self._linear = False
        self._first: VideoFrame | None = None

    @property
    def info(self) -> MediaInfo:
        """Describe the clip by what was found in it, not by its header.

        Raises:
            MediaError: not even its first frame decodes.
        """
        if self._first is None:
            next(iter(self.frames(range(min(50, len(self._stamps))))), None)
        if self._first is None:
            raise MediaError(FaultCode.CORRUPT, "No frame of the clip can be decoded.")
        shown = ClipPicture(self._first, self._reformatter)
        rate = self._stream.average_rate
        return MediaInfo(
            MediaKind.VIDEO,
            self._format if self._format != "mpegvideo" else "mpeg",
            shown.width,
            shown.height,
            duration_s=self._index.length_s,
            frame_count=len(self._stamps),
            frame_rate=float(rate) if rate else None,
            codec=self._stream.codec_context.name,
        )

    def damage(self) -> Fault | None:
        """Return the first of: a file cut short, a stream that ends early, bad frames."""
        fault = self._claims.fault()
        if fault is not None:
            return fault
        claimed = self._claimed_s()
        short = claimed - self._index.length_s
        if self._stopped or short > max(_SHORTFALL_S, _SHORTFALL_SHARE * claimed):
            text = f"The clip ends early: {self._index.length_s:.1f} of {claimed:.1f} s are there."
            if short <= 0:
                text = f"The clip cannot be read past {self._index.length_s:.1f} s."
            return Fault(FaultCode.TRUNCATED, text)
        if self._errors:
            noun = "frame" if self._errors == 1 else "frames"
            text = f"{self._errors} {noun} of the clip cannot be decoded."
            return Fault(FaultCode.CORRUPT, text)
        return None

    def _claimed_s(self) -> float:
        if self._stream.duration is not None:
            return float(self._stream.duration * self._index.base)
        if self._container.duration is not None and len(self._container.streams) == 1:
            return self._container.duration / 1e6
        return 0.0

    def frames(self, wanted: Sequence[int], *, near: bool = False) -> Iterator[tuple[int, Picture]]:
        """Decode frames by index, rising; those that cannot be decoded are left out.

        ``near`` lets the next frame that decodes stand in for one that does not.
        """
        for place, index in enumerate(wanted):
            after = wanted[place + 1] if place + 1 < len(wanted) else len(self._stamps)
            frame = self._one(index, after, near)
            if frame is not None:
                check_size(frame.width, frame.height, self._max_pixels)
                self._first = self._first or frame
                yield self._number(frame), ClipPicture(frame, self._reformatter)

    def close(self) -> None:
        self._frames = self._held = self._first = None
        self._holding.close()

    def _one(self, index: int, after: int, near: bool) -> VideoFrame | None:
        key = 0 if self._linear else keyframe_before(self.keyframes, index)
        if key == index and not self._linear and not self._flows(index, after):
            frame = self._alone(index)
            if frame is not None:
                return frame
        limit = after if near else index + 1
        frame = self._forward(index, key, limit)
        if frame is None and not self._linear and key > 0:
            # The container's keyframe flags or its seek table lie: decode from the start.
            self._linear, self._errors, self._frames = True, 0, None
            frame = self._forward(index, 0, limit)
        return frame

    def _flows(self, index: int, after: int) -> bool:
        """Whether decoding on from a keyframe is under way, or will be needed."""
        if self._frames is not None and self._at == index - 1:
            return True
        return after < len(self._stamps) and keyframe_before(self.keyframes, after) <= index

    def _alone(self, index: int) -> VideoFrame | None:
        """Decode a keyframe from its packet alone."""
        packets = self._seek(index)
        decoder = self._stream.codec_context
        found: VideoFrame | None = None
        with suppress(*CODEC_ERRORS, StopIteration):
            packet = next(packets)
            for frame in (*decoder.decode(packet), *decoder.decode(None)):
                if self._number(frame) == index and frame.key_frame:
                    found = frame
        with suppress(*CODEC_ERRORS):
            decoder.flush_buffers()
        self._progress()
        return found

    def _forward(self, index: int, key: int, limit: int) -> VideoFrame | None:
        """Decode on, from where the decoder is or from a keyframe, to a frame before ``limit``."""
        if self._frames is None or not key <= self._at + 1 <= index:
            self._frames = self._decoded(self._seek(key))
        frames = self._frames
        if self._held is not None:
            frames, self._held = chain([self._held], frames), None
        for frame in frames:
            number = self._number(frame)
            if number == key > 0 and not frame.key_frame:
                break  # it is no keyframe, so what follows lacks its references
            if number < index:
                continue
            if number < limit:
                self._at = number
                return frame
            self._at, self._held = index, frame
            return None
        self._frames = None
        return None

    def _number(self, frame: VideoFrame) -> int:
        """Return a decoded frame's index; -1 where it has no time."""
        stamp = frame.pts if frame.pts is not None else frame.dts
        return -1 if stamp is None else bisect_right(self._stamps, stamp) - 1

    def _decoded(self, packets: "Iterator[Packet[VideoStream]]") -> Iterator[VideoFrame]:
        decoder = self._stream.codec_context
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except CODEC_ERRORS:
                self._stopped = True
                return
            self._progress()
            try:
                yield from decoder.decode(packet if packet.size else None)
            except CODEC_ERRORS:
                self._errors += 1
            if not packet.size:
                return

    def _seek(self, index: int) -> "Iterator[Packet[VideoStream]]":
        """Return packets from a keyframe on, or from the first packet there is."""
        self._frames = self._held = None
        self._at = -1
        stamp = self._index.key_stamps.get(index, self._stamps[index])
        aim = stamp
        if self._format in _LOOSE_SEEK:
            aim = (min(stamp, 0) if index == 0 else stamp) - round(
                _AIM_EARLIER_S / self._index.base
            )
        for any_frame in (False, True):  # a damaged seek table may name no keyframe at all
            with suppress(*CODEC_ERRORS):
                self._container.seek(aim, stream=self._stream, any_frame=any_frame)
                break
        with suppress(*CODEC_ERRORS):
            self._stream.codec_context.flush_buffers()
        packets = iter(self._container.demux(self._stream))
        if index == 0:
            return packets
        with suppress(*CODEC_ERRORS):
            for packet in islice(packets, _PACKETS_AFTER_SEEK):
                if packet.size and _packet_stamp(packet) == stamp:
                    return chain([packet], packets)
        return iter(())


def clip_thumbnail(
    file: BinaryIO, path: str, media_format: str, side_px: int, *, max_pixels: int
) -> Pixels:
    """Return a frame from the first seconds, small, without indexing the clip.

    Raises:
        MediaError: no frame decodes.
    """
    claims = claims_of(file, media_format)
    with (
        opened_again(path, file) as descriptor,
        open_container(descriptor, path, media_format, max_pixels, claims) as container,
    ):
        stream = moving_stream(container)
        length = container.duration or 0
        for start in (length // 32, 0):
            with suppress(*CODEC_ERRORS):
                container.seek(start + (container.start_time or 0), backward=True)
                for frame in container.decode(stream):
                    check_size(frame.width, frame.height, max_pixels)
                    return ClipPicture(frame, VideoReformatter()).thumbnail(side_px)
    raise MediaError(FaultCode.CORRUPT, "No frame of the clip can be decoded.")


def _packet_stamp(packet: "Packet[VideoStream]") -> int | None:
    return packet.pts if packet.pts is not None else packet.dts
