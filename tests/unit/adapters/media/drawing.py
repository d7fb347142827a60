"""Media drawn and encoded while the tests run."""

import io
import os
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from threading import Event

import av
import numpy as np
from PIL import Image

from inspector.domain.media import FoundFile, Frame
from inspector.ports import Examination, ExaminePlan, MediaReader


def photo(width: int = 96, height: int = 64, mode: str = "RGB") -> Image.Image:
    """Return a picture without symmetry and with some texture."""
    y, x = np.mgrid[0:height, 0:width]
    noise = np.random.default_rng(1).integers(-9, 9, (height, width, 3))
    planes = [
        x * 255 // max(1, width - 1),
        y * 255 // max(1, height - 1),
        (np.sin(x / 9) + np.cos(y / 7)) * 60 + 128,
    ]
    pixels = (np.stack(planes, -1) + noise).clip(0, 255).astype(np.uint8)
    return Image.fromarray(pixels).convert(mode)


def encoded(image: Image.Image, plugin: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, plugin, **options)
    return buffer.getvalue()


def frame_grey(number: int) -> int:
    """Return the grey of a clip's frame, so that a decoded frame tells its number."""
    return 20 + 4 * number


def clip(
    path: Path,
    *,
    frames: int = 48,
    size: tuple[int, int] = (96, 64),
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    gop: int = 12,
    stamps: Iterable[int] | None = None,
    faststart: bool = False,
) -> Path:
    """Encode a clip at 24 frames a second; frame ``n`` is grey ``frame_grey(n)`` with a corner."""
    width, height = size
    options = {"movflags": "faststart"} if faststart else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=24, options={"g": str(gop)})
        stream.bit_rate = 4_000_000
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        times = list(stamps) if stamps is not None else list(range(frames))
        for number, time in enumerate(times):
            pixels = np.full((height, width, 3), frame_grey(number % 50), np.uint8)
            pixels[: height // 4, : width // 4] = (255, 255, 255)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=pix_fmt)
            frame.pts, frame.time_base = time, Fraction(1, 24)
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return path


def turned_by_matrix(path: Path, degrees: int) -> Path:
    """Write a display matrix into an MP4, as a phone does."""
    matrices = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
    a, b, c, d = (int(value * 65536).to_bytes(4, "big", signed=True) for value in matrices[degrees])
    matrix = a + b + bytes(4) + c + d + bytes(12) + (0x40000000).to_bytes(4, "big")
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 44
    data[at : at + 36] = matrix
    path.write_bytes(data)
    return path


def found(path: Path | str) -> FoundFile:
    facts = os.stat(path)
    return FoundFile(str(path), facts.st_size, facts.st_mtime_ns, os.path.dirname(str(path)))


class Collected:
    """An examination with copies of the frames it delivered."""

    def __init__(self, seen: Examination, frames: list[Frame]) -> None:
        self.seen = seen
        self.frames = frames

    @property
    def pixels(self) -> np.ndarray:
        return self.frames[0].pixels

    @property
    def numbers(self) -> list[int]:
        """Return which frames of a drawn clip came, told by their grey."""
        return [round((float(f.pixels[-4:, -4:].mean()) - 19) / 4) for f in self.frames]


def examined(
    reader: MediaReader,
    path: Path | str,
    plan: ExaminePlan | None = None,
    on_frame: Callable[[Frame], None] | None = None,
) -> Collected:
    frames: list[Frame] = []

    def keep(frame: Frame) -> None:
        frames.append(Frame(frame.pixels.copy(), frame.pts_s, frame.index))
        if on_frame is not None:
            on_frame(frame)

    seen = reader.examine(found(path), plan or ExaminePlan(), keep, Event())
    return Collected(seen, frames)
