"""Opens clips so that FFmpeg reads one file with one demuxer, and indexes their packets."""

import os
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
from av.codec.context import CodecContext
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from inspector.adapters.media.claims import Claims
from inspector.domain.errors import FaultCode, MediaError

_DEMUXERS = {
    "mp4": "mp4",
    "mov": "mov",
    "m4v": "mp4",
    "3gp": "3gp",
    "mkv": "matroska",
    "webm": "matroska",
    "avi": "avi",
    "mpegts": "mpegts",
    "mpeg": "mpeg",
    "mpegvideo": "mpegvideo",
    "ogg": "ogg",
    "flv": "flv",
    "wmv": "asf",
    "y4m": "yuv4mpegpipe",
}
"""Demuxer by sniffed format: it is forced, so no playlist or script is ever followed."""

CODEC_ERRORS = (FFmpegError, ValueError, ArithmeticError, RuntimeError)
"""Everything PyAV was seen to raise for the bytes of a file."""


@dataclass(frozen=True, slots=True)
class ClipIndex:
    """Every packet of a stream, read once without decoding.

    Attributes:
        stamps: presentation times, rising, each once, in units of ``base``.
        key_stamps: packet time by frame index, for frames that decode alone.
        stopped: reading ended with an error.
    """

    stamps: list[int]
    key_stamps: dict[int, int]
    base: Fraction
    last_length: int
    stopped: bool

    @property
    def times_s(self) -> list[float]:
        start = self.stamps[0]
        return [float((stamp - start) * self.base) for stamp in self.stamps]

    @property
    def length_s(self) -> float:
        return float((self.stamps[-1] - self.stamps[0] + self.last_length) * self.base)


def index_packets(
    container: InputContainer, stream: VideoStream, progress: Callable[[], None]
) -> ClipIndex:
    """Read every packet: headers lie about duration, counts and what is still in the file.

    Raises:
        MediaError: there are no packets.
    """
    stamps: list[int] = []
    keys: list[int] = []
    last_length, stopped = 0, False
    try:
        for packet in container.demux(stream):
            stamp = packet.pts if packet.pts is not None else packet.dts
            if packet.size == 0 or stamp is None:
                continue
            if packet.is_keyframe:
                keys.append(stamp)
            if not packet.is_discard:
                stamps.append(stamp)
                last_length = packet.duration or last_length
            if not len(stamps) % 256:
                progress()
    except CODEC_ERRORS:
        stopped = True
    stamps = sorted(set(stamps))
    if not stamps:
        raise MediaError(FaultCode.CORRUPT, "The clip holds no frames.")
    key_stamps = {min(bisect_left(stamps, key), len(stamps) - 1): key for key in sorted(keys)}
    base = stream.time_base or Fraction(1, 90_000)
    return ClipIndex(stamps, key_stamps, base, last_length, stopped)


def open_container(
    descriptor: int, path: str, media_format: str, max_pixels: int, claims: Claims
) -> InputContainer:
    """Open a clip with the one demuxer its bytes call for.

    Args:
        descriptor: an open file of FFmpeg's own, at its start.
        path: of the same file.

    Raises:
        MediaError: its header is damaged or missing.
    """
    demuxer = _DEMUXERS[media_format]
    options = {"format_whitelist": demuxer, "max_pixels": str(max_pixels)}
    if os.name == "nt":  # FFmpeg and Python may not share file descriptors there
        url = f"file:{path}"
        options["protocol_whitelist"] = "file"
    else:
        url = "fd:"
        options |= {"protocol_whitelist": "fd", "fd": str(descriptor)}
    try:
        return av.open(url, format=demuxer, options=options)
    except CODEC_ERRORS as error:
        if not claims.has_index:
            text = "The clip's index is missing: its recording was cut short."
            raise MediaError(FaultCode.TRUNCATED, text) from error
        fault = claims.fault()
        if fault is not None:
            raise MediaError(fault.code, fault.message) from error
        raise MediaError(FaultCode.CORRUPT, "The clip's header is damaged.") from error


def moving_stream(container: InputContainer) -> VideoStream:
    """Return the first stream of moving pictures, set to decode in one thread.

    Raises:
        MediaError: there is none, or its coding is not supported; the container is then closed.
    """
    moving = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
    if not moving:
        sound = bool(container.streams.audio)
        container.close()
        if sound:
            raise MediaError(FaultCode.UNSUPPORTED, "The file holds sound, but no pictures.")
        raise MediaError(FaultCode.CORRUPT, "The clip holds no pictures.")
    stream = moving[0]
    decoder = cast("CodecContext | None", stream.codec_context)
    if decoder is None:
        container.close()
        text = "The clip uses a coding that is not supported."
        raise MediaError(FaultCode.UNSUPPORTED, text)
    decoder.thread_count = 1
    return stream
