"""Tells what a file is by its first bytes; names only decide how a stranger is reported."""

import os
import struct
from dataclasses import dataclass

from inspector.domain.errors import FaultCode
from inspector.domain.media import Fault, ItemStatus, MediaKind

HEAD_BYTES = 4096
"""How much of a file ``sniff`` wants to see."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A format that is decoded; animated pictures still count as images here."""

    format: str
    kind: MediaKind


@dataclass(frozen=True, slots=True)
class Stranger:
    """Bytes that are not decoded; ``what`` names them, with an article, for a sentence."""

    what: str


_IMAGE, _VIDEO = MediaKind.IMAGE, MediaKind.VIDEO
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")

_MEDIA: tuple[tuple[bytes, str, MediaKind], ...] = (
    (b"\xff\xd8\xff", "jpeg", _IMAGE),
    (b"\x89PNG\r\n\x1a\n", "png", _IMAGE),
    (b"GIF87a", "gif", _IMAGE),
    (b"GIF89a", "gif", _IMAGE),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2", _IMAGE),
    (b"\xff\x4f\xff\x51", "jp2", _IMAGE),
    (b"FLV\x01", "flv", _VIDEO),
    (_ASF, "wmv", _VIDEO),
    (b"YUV4MPEG2 ", "y4m", _VIDEO),
    (b"\x00\x00\x01\xba", "mpeg", _VIDEO),
    (b"\x00\x00\x01\xb3", "mpegvideo", _VIDEO),
)

_STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"8BPS", "a Photoshop document"),
    (b"%PDF-", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript document"),
    (b"v/1\x01", "an OpenEXR picture"),
    (b"#?RADIANCE", "a Radiance HDR picture"),
    (b"#?RGBE", "a Radiance HDR picture"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"\x00\x00\x02\x00", "a cursor"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
    (b"DDS ", "a DDS texture"),
    (b"qoif", "a QOI picture"),
    (b"FUJIFILMCCD-RAW", "a camera raw file"),
    (b"IIRO", "a camera raw file"),
    (b"IIRS", "a camera raw file"),
    (b"IIU\x00", "a camera raw file"),
    (b"ID3", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"#!AMR", "a sound file"),
    (b"MThd", "a sound file"),
    (b"#EXTM3U", "a playlist"),
    (b"ffconcat version", "a playlist"),
    (b"SQLite format 3\x00", "a database"),
    (b"PK\x03\x04", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!", "an archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)

_BRANDS: dict[bytes, tuple[str, MediaKind]] = {
    b"avif": ("avif", _IMAGE),
    b"avis": ("avif", _IMAGE),
    b"heic": ("heif", _IMAGE),
    b"heix": ("heif", _IMAGE),
    b"heim": ("heif", _IMAGE),
    b"heis": ("heif", _IMAGE),
    b"hevc": ("heif", _IMAGE),
    b"hevx": ("heif", _IMAGE),
    b"mif1": ("heif", _IMAGE),
    b"msf1": ("heif", _IMAGE),
    b"qt  ": ("mov", _VIDEO),
    b"M4V ": ("m4v", _VIDEO),
    b"M4VH": ("m4v", _VIDEO),
    b"M4VP": ("m4v", _VIDEO),
}

_BARE_BOXES = frozenset([b"moov", b"mdat", b"wide", b"pnot", b"skip", b"free"])
_FRAGMENT_BOXES = frozenset([b"styp", b"moof", b"sidx"])
_SOUND_CODECS = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC", b"Speex   ")

_PICTURE_NAMES = (
    "jpg jpeg jpe jfif mpo png apng gif webp tif tiff bmp dib avif heic heif hif jp2 j2k"
)
_CLIP_NAMES = (
    "mp4 m4v mov qt mkv webm avi mts m2ts mpg mpeg m1v m2v vob ogv flv f4v 3gp 3g2 wmv asf y4m"
)
MEDIA_SUFFIXES = frozenset(f".{name}" for name in f"{_PICTURE_NAMES} {_CLIP_NAMES}".split(" "))
"""Names under which people expect pictures or clips: there, a stranger is a fault."""


def sniff(head: bytes) -> Sniffed | Stranger:
    """Tell the format from a file's first ``HEAD_BYTES`` bytes."""
    for magic, name, kind in _MEDIA:
        if head.startswith(magic):
            return Sniffed(name, kind)
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return Stranger("a camera raw file") if _is_raw(head) else Sniffed("tiff", _IMAGE)
    if head[:2] == b"BM" and len(head) >= 18 and head[15:18] == b"\x00\x00\x00":
        return Sniffed("bmp", _IMAGE)
    if head[:4] == b"RIFF":
        return _riff(head)
    if head[4:8] == b"ftyp":
        return _iso(head)
    if head[4:8] in _BARE_BOXES:
        return Sniffed("mov", _VIDEO)
    if head[4:8] in _FRAGMENT_BOXES:
        return Stranger("a fragment of a streamed clip")
    if head[:4] == b"\x1aE\xdf\xa3":
        return Sniffed("webm" if b"webm" in head[:64] else "mkv", _VIDEO)
    if head[:4] == b"OggS":
        return _ogg(head)
    if _is_transport_stream(head):
        return Sniffed("mpegts", _VIDEO)
    return _stranger(head)


def refusal(path: str, size: int, stranger: Stranger) -> tuple[ItemStatus, Fault]:
    """Say why bytes are not decoded.

    A stranger under a picture's or a clip's name is a fault of the file; any other file is
    simply no media.
    """
    expected = os.path.splitext(path)[1].lower() in MEDIA_SUFFIXES
    status = ItemStatus.UNREADABLE if expected else ItemStatus.SKIPPED
    if size == 0:
        return status, Fault(FaultCode.EMPTY, "The file is empty.")
    if expected:
        suffix = os.path.splitext(path)[1].lower()
        message = f"The file is named {suffix}, but it holds {stranger.what}."
        return status, Fault(FaultCode.NOT_MEDIA, message)
    if path.lower().endswith(".c2pa"):
        return status, Fault(FaultCode.NOT_MEDIA, "A C2PA sidecar is read with its picture.")
    what = stranger.what
    if what.endswith(("picture", "texture", "icon", "raw file", "clip", "Photoshop document")):
        text = f"{what[0].upper()}{what[1:]} is not decoded."
        return status, Fault(FaultCode.UNSUPPORTED, text)
    return status, Fault(FaultCode.NOT_MEDIA, f"The file is not media: it holds {what}.")


def _riff(head: bytes) -> Sniffed | Stranger:
    match head[8:12]:
        case b"WEBP":
            return Sniffed("webp", _IMAGE)
        case b"AVI ":
            return Sniffed("avi", _VIDEO)
        case b"WAVE":
            return Stranger("a sound file")
    return Stranger("RIFF data of an unknown kind")


def _iso(head: bytes) -> Sniffed | Stranger:
    end = min(int.from_bytes(head[:4], "big"), 1024)
    major = head[8:12]
    brands = [major, *(head[at : at + 4] for at in range(16, end - 3, 4))]
    if major in (b"M4A ", b"M4B ", b"M4P "):
        return Stranger("a sound file")
    if major == b"crx ":
        return Stranger("a camera raw file")
    if major in (b"mif1", b"msf1") and any(brand in (b"avif", b"avis") for brand in brands):
        return Sniffed("avif", _IMAGE)
    if major in _BRANDS:
        return Sniffed(*_BRANDS[major])
    if major[:3] in (b"3gp", b"3g2"):
        return Sniffed("3gp", _VIDEO)
    return Sniffed("mp4", _VIDEO)


def _ogg(head: bytes) -> Sniffed | Stranger:
    if b"theora" not in head and any(codec in head for codec in _SOUND_CODECS):
        return Stranger("a sound file")
    return Sniffed("ogg", _VIDEO)


def _is_transport_stream(head: bytes) -> bool:
    """Sync bytes at every 188 bytes, or at every 192 after a 4-byte time stamp (m2ts)."""
    for first, step in ((0, 188), (4, 192)):
        marks = head[first : first + 5 * step : step]
        if len(marks) >= 3 and marks == b"G" * len(marks):
            return True
    return False


def _is_raw(head: bytes) -> bool:
    """Whether a TIFF is a camera's raw file: CR2's mark, a DNG version, or a bare preview."""
    if head[8:10] == b"CR":
        return True
    order = "<" if head[:1] == b"I" else ">"
    if head[2:4] in (b"+\x00", b"\x00+"):
        return False
    (offset,) = struct.unpack_from(f"{order}I", head, 4) if len(head) >= 8 else (0,)
    if not 8 <= offset <= len(head) - 2:
        return False
    (count,) = struct.unpack_from(f"{order}H", head, offset)
    tags: dict[int, int] = {}
    for at in range(offset + 2, min(offset + 2 + 12 * count, len(head) - 11), 12):
        tag, _, _, value = struct.unpack_from(f"{order}HHII", head, at)
        tags[tag] = value
    reduced = tags.get(0xFE, 0) & 1 == 1
    return 0xC612 in tags or (reduced and 0x14A in tags)


def _stranger(head: bytes) -> Stranger:
    for magic, what in _STRANGERS:
        if head.startswith(magic):
            return Stranger(what)
    if head[4:8] == b"jumb":
        return Stranger("a C2PA manifest store")
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3].isspace():
        return Stranger("a PNM picture")
    if not head.strip(b"\x00"):
        return Stranger("only zeros")
    text = head.lstrip(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
        return Stranger("an SVG picture" if b"<svg" in text else "XML text")
    if b"<svg" in text[:1024] and not text.startswith((b"<!doctype html", b"<html")):
        return Stranger("an SVG picture")
    if text.startswith((b"<!doctype html", b"<html")):
        return Stranger("a web page")
    if b"\x00" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) * 20 < len(head):
        return Stranger("text")
    return Stranger("data of an unknown kind")
