"""How long each frame of an animation stands and how far it reaches, from structure alone."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_SHORTEST_MS = 11
_INSTEAD_MS = 100
"""Delays of 10 ms and less are shown as 100 ms, as browsers do."""

_MAX_FRAMES = 1_000_000
_GIF_CONTROL = 0xF9


@dataclass(frozen=True, slots=True)
class Beat:
    """One frame as the structure of the file tells of it.

    Attributes:
        delay_ms: how long it stands.
        width, height: of the canvas once this frame lies on it, pixels; 0 where only the header
            of the file says so. A frame of a GIF may lie beyond the canvas of the header, and
            Pillow then makes the canvas larger.
    """

    delay_ms: int
    width: int = 0
    height: int = 0


def beats(file: BinaryIO, media_format: str) -> list[Beat]:
    """Return what is known of every frame; empty where the format has no table."""
    readers = {"gif": _gif, "png": _png, "webp": _webp}
    reader = readers.get(media_format)
    if reader is None:
        return []
    file.seek(0)
    found: list[Beat] = []
    try:
        for beat in reader(file):
            found.append(beat)
            if len(found) >= _MAX_FRAMES:
                break
    except (struct.error, IndexError):  # cut short: what was found still counts
        pass
    return found


def _shown_ms(delay_ms: int) -> int:
    return delay_ms if delay_ms >= _SHORTEST_MS else _INSTEAD_MS


def _gif(file: BinaryIO) -> Iterator[Beat]:
    header = file.read(13)
    width, height = struct.unpack_from("<HH", header, 6)
    if header[10] & 0x80:
        file.seek(3 << ((header[10] & 7) + 1), io.SEEK_CUR)
    delay = 0
    while True:
        match file.read(1)[0]:
            case 0x21:
                label = file.read(1)[0]
                block = _gif_blocks(file)
                if label == _GIF_CONTROL and len(block) >= 4:
                    delay = struct.unpack_from("<H", block, 1)[0] * 10
            case 0x2C:
                left, top, wide, high, flags = struct.unpack("<HHHHB", file.read(9))
                width, height = max(width, left + wide), max(height, top + high)
                if flags & 0x80:
                    file.seek(3 << ((flags & 7) + 1), io.SEEK_CUR)
                file.seek(1, io.SEEK_CUR)
                yield Beat(_shown_ms(delay), width, height)  # one that is cut short counts too
                _gif_blocks(file)
                delay = 0
            case 0x3B:
                return


def _gif_blocks(file: BinaryIO) -> bytes:
    """Skip a chain of data blocks and return the first one."""
    first = b""
    while length := file.read(1)[0]:
        if first:
            file.seek(length, io.SEEK_CUR)
        else:
            first = file.read(length)
    return first


def _png(file: BinaryIO) -> Iterator[Beat]:
    file.seek(8)
    while True:
        length, name = struct.unpack(">I4s", file.read(8))
        if name == b"fcTL":
            numerator, denominator = struct.unpack_from(">HH", file.read(length), 20)
            yield Beat(_shown_ms(round(1000 * numerator / (denominator or 100))))
            file.seek(4, io.SEEK_CUR)
        else:
            file.seek(length + 4, io.SEEK_CUR)


def _webp(file: BinaryIO) -> Iterator[Beat]:
    file.seek(12)
    while True:
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"ANMF":
            head = file.read(16)
            yield Beat(_shown_ms(head[12] | head[13] << 8 | head[14] << 16))
            length -= 16
        file.seek(length + (length & 1), io.SEEK_CUR)
