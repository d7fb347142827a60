"""Decodes pictures with Pillow: strictly first, leniently once for files that are cut short."""

import io
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import BinaryIO

from PIL import AvifImagePlugin, ExifTags, Image, ImageFile, UnidentifiedImageError

from inspector.adapters.media.color import SrgbConverter, pour, swaps_sides
from inspector.adapters.media.frames import FrameSink, Reading, check_size, fit
from inspector.adapters.media.opened import reading_failed
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import Fault, MediaInfo, MediaKind

Image.MAX_IMAGE_PIXELS = None  # check_size is the limit, and a hard one
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # one file a worker, one thread a decoder

_PLUGINS = {
    "jpeg": ("JPEG", "MPO"),
    "png": ("PNG",),
    "gif": ("GIF",),
    "webp": ("WEBP",),
    "tiff": ("TIFF",),
    "bmp": ("BMP",),
    "avif": ("AVIF",),
    "heif": ("HEIF",),
    "jp2": ("JPEG2000",),
}
_ORIENTATION = 0x0112
_TEXT_CHUNKS = (b"zTXt", b"iTXt", b"tEXt", b"iCCP")
TEXT_NOTE = "Oversized text or colour data in the file was left out."

PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    RuntimeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    struct.error,
    Image.DecompressionBombError,
)
"""Everything Pillow and its plugins were seen to raise for the bytes of a file."""


def decode_still(
    source: BinaryIO,
    media_format: str,
    sink: FrameSink | None,
    *,
    max_pixels: int,
    thumbnail_px: int,
) -> Reading:
    """Decode one picture whole into ``sink`` (None: only as far as the thumbnail needs).

    Raises:
        MediaError: no pixels can be had.
    """
    notes: tuple[str, ...] = ()
    try:
        return _decode(source, media_format, sink, max_pixels, thumbnail_px, notes)
    except MemoryError as error:
        raise out_of_memory() from error
    except PILLOW_ERRORS as error:
        if media_format == "png" and "too large" in str(error).lower():
            source, notes = without_text(source), (TEXT_NOTE,)
        elif not _says_truncated(error):
            raise unreadable(error) from error
    lenient = not notes
    try:
        with _truncated_allowed() if lenient else _strictly():
            return _decode(
                source, media_format, sink, max_pixels, thumbnail_px, notes, truncated=lenient
            )
    except MemoryError as error:
        raise out_of_memory() from error
    except PILLOW_ERRORS as error:
        raise unreadable(error) from error


def _decode(
    source: BinaryIO,
    media_format: str,
    sink: FrameSink | None,
    max_pixels: int,
    thumbnail_px: int,
    notes: tuple[str, ...],
    *,
    truncated: bool = False,
) -> Reading:
    with closing(open_picture(source, media_format)) as image:
        width, height = image.size
        check_size(width, height, max_pixels)
        name = (image.format or media_format).lower()
        embedded = exif_thumbnail(image) is not None
        if sink is None and thumbnail_px and name in ("jpeg", "mpo"):
            image.draft(None, fit(width, height, 2 * thumbnail_px))
        image.load()
        if truncated and _blank(image):
            raise MediaError(FaultCode.TRUNCATED, "The file is cut short before its first pixels.")
        orientation = orientation_of(image)
        if image.size == (height, width):  # the plugin itself has turned the picture
            width, height = image.size
        if swaps_sides(orientation):
            width, height = height, width
        converter = SrgbConverter(image)
        target = sink.buffer(height, width) if sink is not None else None
        thumbnail = pour(image, converter, orientation, target, thumbnail_px)
    # Pillow's own pixels are let go of first: of a large picture they are most of the memory.
    if sink is not None:
        sink.deliver(0.0)
    fault = None
    if truncated:
        text = "The file is cut short; the rest of the picture is missing."
        fault = Fault(FaultCode.TRUNCATED, text)
    if converter.note is not None:
        notes = (*notes, converter.note)
    info = MediaInfo(MediaKind.IMAGE, name, width, height, frame_count=1)
    return Reading(info, thumbnail, fault, notes, embedded)


def open_picture(source: BinaryIO, media_format: str) -> Image.Image:
    """Read a picture's header with the one plugin its bytes call for."""
    if media_format == "heif":
        _register_heif()
    source.seek(0)
    return Image.open(source, formats=_PLUGINS[media_format])


def orientation_of(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 where there is none or it is nonsense."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except PILLOW_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def exif_thumbnail(image: Image.Image) -> bytes | None:
    """Return the bytes of an embedded EXIF thumbnail, or None."""
    exif = image.info.get("exif")
    if not isinstance(exif, bytes) or len(exif) < 32:
        return None
    try:
        directory = image.getexif().get_ifd(ExifTags.IFD.IFD1)
    except PILLOW_ERRORS:
        directory = {}
    start, length = directory.get(0x0201), directory.get(0x0202)
    if not isinstance(start, int) or not isinstance(length, int):
        return None
    base = 6 if exif.startswith(b"Exif\x00\x00") else 0
    data = exif[base + start : base + start + length]
    return data if data.startswith(b"\xff\xd8\xff") and len(data) == length else None


def without_text(source: BinaryIO) -> BinaryIO:
    """Return a PNG without its text and colour-profile chunks."""
    source.seek(0)
    kept = io.BytesIO()
    kept.write(source.read(8))
    while len(header := source.read(8)) == 8:
        length, name = struct.unpack(">I4s", header)
        if name in _TEXT_CHUNKS:
            source.seek(length + 4, io.SEEK_CUR)
            continue
        kept.write(header)
        kept.write(source.read(length + 4))
    return kept


def unreadable(error: BaseException) -> MediaError:
    """Return the fault of a picture that does not decode, in plain words."""
    if isinstance(error, OSError) and error.errno is not None:
        return reading_failed(error)  # the system's own; Pillow's have no number
    if isinstance(error, UnidentifiedImageError):
        return MediaError(FaultCode.CORRUPT, "The picture's header is damaged.")
    if isinstance(error, NotImplementedError) or "unsupported" in str(error).lower():
        return MediaError(FaultCode.UNSUPPORTED, "The picture uses a coding that is not supported.")
    if _says_truncated(error):
        return MediaError(FaultCode.TRUNCATED, "The file is cut short before its first pixels.")
    return MediaError(FaultCode.CORRUPT, "The picture's data are damaged and cannot be decoded.")


def out_of_memory() -> MediaError:
    return MediaError(FaultCode.OUT_OF_MEMORY, "Decoding the file needs more memory than allowed.")


def _says_truncated(error: BaseException) -> bool:
    return isinstance(error, EOFError) or "truncated" in str(error).lower()


def _blank(image: Image.Image) -> bool:
    """Whether every pixel is alike, as where a lenient decoder got nothing at all."""
    low_high = image.getextrema()
    bands = low_high if isinstance(low_high[0], tuple) else (low_high,)
    return all(band[0] == band[1] for band in bands if isinstance(band, tuple))


@contextmanager
def _truncated_allowed() -> Iterator[None]:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


@contextmanager
def _strictly() -> Iterator[None]:
    yield


def _register_heif() -> None:
    if "HEIF" not in Image.OPEN:
        import pillow_heif  # a slow import that few folders need

        pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
