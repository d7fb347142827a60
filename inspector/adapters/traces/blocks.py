"""The metadata blocks of a file, found by walking its container; no pixel is decoded.

Each walker is short, reads only what it needs, and stops at the first thing that is not as the
format's specification has it: what was found until then counts.
"""

import os
import stat
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

MAX_BLOCK = 8 << 20
"""Longest block taken, in bytes; longer ones are skipped."""

MAX_TOTAL = 32 << 20
"""Bytes of metadata taken from one file, packed ones counted unpacked."""

MAX_STEPS = 20_000
"""Chunks, segments or boxes walked in one file."""

_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_SCAN_BYTES = 4 << 20
_EXIF_BYTES = 1 << 20


@dataclass(slots=True)
class Blocks:
    """What was found: raw EXIF (a TIFF stream), XMP packets, Photoshop's IPTC, text by key.

    Attributes:
        alpha: the picture says that it has an alpha channel.
    """

    exif: list[bytes] = field(default_factory=list)
    xmp: list[bytes] = field(default_factory=list)
    iptc: list[bytes] = field(default_factory=list)
    text: list[tuple[str, str]] = field(default_factory=list)
    alpha: bool = False
    spent: int = 0

    def read(self, file: BinaryIO, size: int) -> bytes:
        """Read a block of the file, within ``MAX_TOTAL``."""
        self.spend(size)
        return file.read(size)

    def inflate(self, data: bytes) -> bytes:
        """Return inflated bytes, at most ``MAX_BLOCK``, within ``MAX_TOTAL``."""
        inflated = zlib.decompressobj().decompress(data, MAX_BLOCK)
        self.spend(len(inflated))
        return inflated

    def spend(self, size: int) -> None:
        """Count bytes taken.

        Raises:
            ValueError: they are more than ``MAX_TOTAL`` by now.
        """
        self.spent += size
        if self.spent > MAX_TOTAL:
            raise ValueError("more metadata than any file needs")


def read_blocks(path: str, media_format: str) -> Blocks:
    """Return the metadata blocks of a file.

    Raises:
        OSError: the file cannot be opened or read.
    """
    blocks = Blocks()
    walk = _WALKERS.get(media_format, _scan)
    with open_regular(path) as file:
        try:
            walk(file, blocks)
        except (struct.error, zlib.error, ValueError, IndexError):
            return blocks  # cut or twisted: what was found until here stands
    return blocks


def open_regular(path: str) -> BinaryIO:
    """Open a file for reading, without waiting on a pipe or a device.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags | getattr(os, "O_CLOEXEC", 0)), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(f"{path!r} is no regular file")
    return file


def _png(file: BinaryIO, blocks: Blocks) -> None:
    """Walk PNG chunks (W3C PNG, third edition), also those behind the pixels."""
    if file.read(8) != b"\x89PNG\r\n\x1a\n":
        return
    for _ in _steps():
        size, kind = struct.unpack(">I4s", file.read(8))
        if kind == b"IEND":
            return
        if kind in _PNG_KINDS and size <= MAX_BLOCK:
            _png_chunk(kind, blocks.read(file, size), blocks)
            file.seek(4, os.SEEK_CUR)
        else:
            file.seek(size + 4, os.SEEK_CUR)


_PNG_KINDS = frozenset({b"IHDR", b"tRNS", b"tEXt", b"zTXt", b"iTXt", b"eXIf"})


def _png_chunk(kind: bytes, data: bytes, blocks: Blocks) -> None:
    match kind:
        case b"IHDR":
            blocks.alpha = data[9] in (4, 6)
        case b"tRNS":
            blocks.alpha = True
        case b"eXIf":
            blocks.exif.append(data)
        case b"tEXt":
            key, _, value = data.partition(b"\0")
            blocks.text.append((_latin(key), _latin(value)))
        case b"zTXt":
            key, _, rest = data.partition(b"\0")
            blocks.text.append((_latin(key), _latin(blocks.inflate(rest[1:]))))
        case _:
            _international_text(data, blocks)


def _international_text(data: bytes, blocks: Blocks) -> None:
    key, _, rest = data.partition(b"\0")
    packed, rest = rest[0] == 1, rest[2:]
    _, _, rest = rest.partition(b"\0")  # language
    _, _, rest = rest.partition(b"\0")  # translated key
    value = blocks.inflate(rest) if packed else rest
    if key == b"XML:com.adobe.xmp":
        blocks.xmp.append(value)
    else:
        blocks.text.append((_latin(key), value.decode("utf-8", "replace")))


def _jpeg(file: BinaryIO, blocks: Blocks) -> None:
    """Walk JPEG segments (ITU T.81) up to the first scan."""
    if file.read(2) != b"\xff\xd8":
        return
    for _ in _steps():
        marker = file.read(2)
        while marker[1:] == b"\xff":
            marker = b"\xff" + file.read(1)
        if len(marker) < 2 or marker[0] != 0xFF or marker[1] in (0xDA, 0xD9):
            return
        if marker[1] == 0x01 or 0xD0 <= marker[1] <= 0xD7:
            continue
        size = struct.unpack(">H", file.read(2))[0] - 2
        if marker[1] in (0xE1, 0xED, 0xFE):
            _jpeg_segment(marker[1], blocks.read(file, size), blocks)
        else:
            file.seek(size, os.SEEK_CUR)


def _jpeg_segment(marker: int, data: bytes, blocks: Blocks) -> None:
    if marker == 0xE1 and data.startswith(b"Exif\0"):
        blocks.exif.append(data[6:])
    elif marker == 0xE1 and data.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
        blocks.xmp.append(data[29:])
    elif marker == 0xED and data.startswith(b"Photoshop 3.0\0"):
        blocks.iptc.append(data[14:])
    elif marker == 0xFE:
        blocks.text.append(("comment", data.decode("utf-8", "replace")))


def _webp(file: BinaryIO, blocks: Blocks) -> None:
    """Walk RIFF chunks (RFC 9649)."""
    if file.read(4) != b"RIFF" or file.read(8)[4:] != b"WEBP":
        return
    for _ in _steps():
        kind, size = struct.unpack("<4sI", file.read(8))
        if kind in (b"EXIF", b"XMP ", b"VP8X") and size <= MAX_BLOCK:
            data = blocks.read(file, size)
            file.seek(size & 1, os.SEEK_CUR)
            if kind == b"EXIF":
                blocks.exif.append(data.removeprefix(b"Exif\0\0"))
            elif kind == b"XMP ":
                blocks.xmp.append(data)
            else:
                blocks.alpha = bool(data[0] & 0x10)
        else:
            blocks.alpha = blocks.alpha or kind == b"VP8L"
            file.seek(size + (size & 1), os.SEEK_CUR)


def _boxes(file: BinaryIO, blocks: Blocks) -> None:
    """Walk the outer boxes of an ISO base media file (ISO/IEC 14496-12) for XMP."""
    file.seek(0, os.SEEK_END)
    end = file.tell()
    for start, kind, size in _box_heads(file, 0, end):
        if kind == b"uuid" and size <= MAX_BLOCK:
            file.seek(start)
            if file.read(16) == _XMP_UUID:
                blocks.xmp.append(blocks.read(file, size - 16))
        elif kind == b"moov":
            for inner, inner_kind, inner_size in _box_heads(file, start, start + size):
                if inner_kind == b"udta":
                    _user_data(file, inner, inner + inner_size, blocks)


def _user_data(file: BinaryIO, start: int, end: int, blocks: Blocks) -> None:
    for at, kind, size in _box_heads(file, start, end):
        if kind == b"XMP_" and size <= MAX_BLOCK:
            file.seek(at)
            blocks.xmp.append(blocks.read(file, size))


def _box_heads(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, bytes, int]]:
    """Yield (start of content, kind, size of content) of the boxes in a stretch of the file."""
    at = start
    for _ in _steps():
        if at + 8 > end:
            return
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", file.read(8))[0], 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            return
        yield at + head, kind, size - head
        at += size


def _scan(file: BinaryIO, blocks: Blocks) -> None:
    """Look for an XMP packet in the first megabytes (XMP part 1 allows this for any format)."""
    head = file.read(_SCAN_BYTES)
    start = head.find(b"<x:xmpmeta")
    end = head.find(b"</x:xmpmeta>", start)
    if 0 <= start < end:
        blocks.xmp.append(head[start : end + 12])


def _heif(file: BinaryIO, blocks: Blocks) -> None:
    """Scan AVIF and HEIF: the EXIF item is a TIFF stream somewhere (ISO/IEC 23008-12)."""
    head = file.read(_SCAN_BYTES)
    starts = [head.find(b"II*\0\x08\0\0\0"), head.find(b"MM\0*\0\0\0\x08")]
    blocks.exif.extend(head[start : start + _EXIF_BYTES] for start in starts if start >= 0)
    file.seek(0)
    _scan(file, blocks)


def _steps() -> range:
    return range(MAX_STEPS)


def _latin(data: bytes) -> str:
    """Return text of a tEXt chunk; many tools write UTF-8 where Latin-1 is specified."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


_WALKERS: Mapping[str, Callable[[BinaryIO, Blocks], None]] = {
    "png": _png,
    "apng": _png,
    "jpeg": _jpeg,
    "mpo": _jpeg,
    "webp": _webp,
    "avif": _heif,
    "heif": _heif,
    "heic": _heif,
    "mp4": _boxes,
    "mov": _boxes,
    "m4v": _boxes,
}
