"""Shows the pixels of a lossless picture to the readers of traces while they are at hand."""

import struct
from collections.abc import Callable
from typing import BinaryIO

import numpy as np

from inspector.adapters.media.frames import FrameSink, Pixels

_LOSSLESS = frozenset({"png", "bmp", "tiff"})
_MAX_CHUNKS = 64


class PixelTap:
    """A ``FrameSink`` that shows the first frame to ``look`` and hands every frame on.

    Args:
        sink: where the frames go.
        look: called once with the whole first frame, before it is handed on.
        hands_on: False where nothing but ``look`` wants pixels.
    """

    def __init__(
        self, sink: FrameSink, look: Callable[[Pixels], None], *, hands_on: bool = True
    ) -> None:
        self._sink = sink
        self._look = look
        self._hands_on = hands_on
        self._shown = False
        self._pixels: Pixels | None = None

    def clip(self) -> None:
        self._sink.clip()

    def buffer(self, height: int, width: int) -> Pixels:
        if self._hands_on:
            self._pixels = self._sink.buffer(height, width)
        else:
            self._pixels = np.empty((height, width, 3), np.uint8)
        return self._pixels

    def deliver(self, pts_s: float) -> None:
        if not self._shown and self._pixels is not None:
            self._shown = True
            self._look(self._pixels)
        self._pixels = None
        if self._hands_on:
            self._sink.deliver(pts_s)

    def progress(self) -> None:
        self._sink.progress()


def keeps_pixels(file: BinaryIO, media_format: str) -> bool:
    """Return whether a picture is coded without loss; a TIFF is taken to be."""
    return media_format in _LOSSLESS or (media_format == "webp" and _is_lossless_webp(file))


def _is_lossless_webp(file: BinaryIO) -> bool:
    at = 12
    for _ in range(_MAX_CHUNKS):
        file.seek(at)
        header = file.read(8)
        if len(header) < 8 or header[:4] == b"VP8 ":
            return False
        if header[:4] == b"VP8L":
            return True
        (length,) = struct.unpack("<I", header[4:])
        at += 8 + length + (length & 1)
    return False
