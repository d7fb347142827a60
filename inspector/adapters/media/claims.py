"""Compares what a container claims with what the file holds, to find silent damage."""

import io
import struct
from dataclasses import dataclass
from typing import BinaryIO

from inspector.domain.errors import FaultCode
from inspector.domain.media import Fault

_ISO = ("mp4", "mov", "m4v", "3gp", "avif", "heif")
_MAX_BOXES = 100_000


@dataclass(frozen=True, slots=True)
class Claims:
    """What the outermost structure of a container says.

    Attributes:
        missing_bytes: how far the claimed end lies past the end of the file; 0 if it does not.
        has_index: False where an MP4 or MOV has no ``moov`` (and no fragment's) box.
    """

    size: int
    missing_bytes: int = 0
    has_index: bool = True

    def fault(self) -> Fault | None:
        """Return the fault of a file that is cut short, or None."""
        if not self.missing_bytes:
            return None
        whole = self.size + self.missing_bytes
        missing, total = in_words(self.missing_bytes, whole)
        text = f"The file is cut short: {missing} of {total} are missing."
        return Fault(FaultCode.TRUNCATED, text)


def in_words(part: int, whole: int) -> tuple[str, str]:
    """Return two byte counts in one unit: ("12", "40 MB")."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if whole >= 2 * factor:
            digits = 1 if part < 10 * factor else 0
            return f"{part / factor:.{digits}f}", f"{whole / factor:.{digits}f} {unit}"
    return f"{part}", f"{whole} bytes"


def claims_of(file: BinaryIO, media_format: str) -> Claims:
    """Walk a container's outermost boxes; unknown containers claim nothing."""
    size = file.seek(0, io.SEEK_END)
    if media_format in _ISO:
        return _iso(file, size)
    if media_format in ("avi", "webp"):
        return _riff(file, size)
    if media_format in ("mkv", "webm"):
        return _matroska(file, size)
    return Claims(size)


def _iso(file: BinaryIO, size: int) -> Claims:
    at, has_index = 0, False
    for _ in range(_MAX_BOXES):
        if at + 8 > size:
            break
        file.seek(at)
        header = file.read(16)
        length, name = struct.unpack_from(">I4s", header)
        if not all(32 <= byte < 127 or byte == 0xA9 for byte in name):
            break  # garbage after the last box
        has_index = has_index or name in (b"moov", b"moof", b"meta")
        if length == 1 and len(header) == 16:
            (length,) = struct.unpack_from(">Q", header, 8)
        if length == 0:
            at = size
        elif length < 8:
            break
        else:
            at += length
    return Claims(size, max(0, at - size), has_index)


def _riff(file: BinaryIO, size: int) -> Claims:
    file.seek(0)
    at = 0
    for _ in range(_MAX_BOXES):  # a long AVI is several RIFF chunks in a row
        file.seek(at)
        header = file.read(8)
        if len(header) < 8 or header[:4] != b"RIFF":
            break
        at += 8 + struct.unpack("<I", header[4:])[0]
        at += at & 1
    missing = at - size
    return Claims(size, missing if missing > 1 else 0)


def _matroska(file: BinaryIO, size: int) -> Claims:
    file.seek(0)
    head = file.read(512)
    at = head.find(b"\x18\x53\x80\x67")
    if at < 0 or at + 12 > len(head):
        return Claims(size)
    first = head[at + 4]
    width = 9 - first.bit_length()
    if not 1 <= width <= 8:
        return Claims(size)
    value = int.from_bytes(head[at + 4 : at + 4 + width], "big") & ((1 << (7 * width)) - 1)
    if value == (1 << (7 * width)) - 1:  # written live: the size is unknown
        return Claims(size)
    return Claims(size, max(0, at + 4 + width + value - size))
