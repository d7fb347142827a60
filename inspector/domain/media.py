"""Files, what a probe says of them, and decoded frames."""

import os
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from inspector.domain.errors import FaultCode

MAX_PIXELS = 178_956_970
"""Largest picture decoded, in pixels (Pillow's decompression-bomb figure)."""


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"


class ItemStatus(StrEnum):
    OK = "ok"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file met while walking a dropped folder.

    Attributes:
        path: absolute and resolved, decoded with ``os.fsdecode`` (surrogate escapes keep
            bytes that are not UTF-8).
        size: bytes.
        mtime_ns: modification time, nanoseconds.
        root: the dropped folder or file it was found under.
    """

    path: str
    size: int
    mtime_ns: int
    root: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one file: a code for programs, a sentence for people."""

    code: FaultCode
    message: str


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What the container says, after EXIF or container rotation was applied.

    Attributes:
        format: lower-case short name by content, not by extension ("jpeg", "png", "mp4", ...).
        width: pixels, upright.
        height: pixels, upright.
        duration_s: seconds; None for a still picture.
        frame_count: frames claimed or counted; None where unknown; 1 for a still picture.
        frame_rate: average frames per second; None for a still picture.
        codec: FFmpeg's codec name; None for a picture.
    """

    kind: MediaKind
    format: str
    width: int
    height: int
    duration_s: float | None = None
    frame_count: int | None = None
    frame_rate: float | None = None
    codec: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Decoded pixels.

    Attributes:
        pixels: uint8, shape (height, width, 3), sRGB, upright.
        pts_s: presentation time in seconds from the start of the stream; 0 for a picture.
        index: running number among the frames delivered for one file.
    """

    pixels: NDArray[np.uint8]
    pts_s: float = 0.0
    index: int = 0


def path_is_utf8(path: str) -> bool:
    """Return whether the file's name is valid UTF-8 (no surrogate escapes)."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def display_path(path: str) -> str:
    r"""Return a path safe to show: bytes outside UTF-8 as \xNN, control and bidi marks escaped."""
    shown = []
    for character in path:
        code = ord(character)
        if 0xDC80 <= code <= 0xDCFF:
            shown.append(f"\\x{code - 0xDC00:02x}")
        elif code < 0x20 or 0x7F <= code < 0xA0:
            shown.append(f"\\x{code:02x}")
        elif character in _INVISIBLE:
            shown.append(f"\\u{code:04x}")
        else:
            shown.append(character)
    return "".join(shown)


def path_hex(path: str) -> str | None:
    """Return the name's bytes in hexadecimal where it is not UTF-8, else None."""
    return None if path_is_utf8(path) else os.fsencode(path).hex()


_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Characters that show as nothing or turn the reading direction."""
