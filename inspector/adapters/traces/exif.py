"""EXIF: generator parameters where cameras write comments, software, and the camera itself."""

import struct
import warnings
from collections.abc import Callable, Iterator

from PIL import ExifTags, Image

from inspector.adapters.traces.blocks import open_regular
from inspector.adapters.traces.generators import text_traces
from inspector.adapters.traces.statements import software_traces, trace
from inspector.domain.traces import Says, Trace

_MALFORMED = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    ZeroDivisionError,
    AttributeError,
    AssertionError,
    struct.error,
)
"""What Pillow raises over twisted EXIF."""

_PREFIXES = ("prompt:", "workflow:", "Prompt:", "Workflow:")
"""ComfyUI writes its graphs to WebP as Make and Model with these words before them."""


def exif_traces(block: bytes) -> Iterator[Trace]:
    """Yield what an EXIF block (a TIFF stream) says; a malformed one says nothing more."""
    return _said(_texts(lambda exif: exif.load(b"Exif\0\0" + block)))


def tiff_traces(path: str) -> Iterator[Trace]:
    """Yield what the tags of a TIFF file say; they may stand anywhere in it.

    Raises:
        OSError: the file cannot be opened.
    """
    with open_regular(path) as file:
        return _said(_texts(lambda exif: exif.load_from_fp(file)))


def _said(texts: list[tuple[str, str]]) -> Iterator[Trace]:
    for name, text in texts:
        key = f"EXIF {name}"
        if name == "Camera":
            yield trace("exif", "EXIF Make, Model, exposure", text, Says.CAMERA)
        elif name == "Software":
            yield from software_traces(key, text)
        else:
            prefix = next((p for p in _PREFIXES if text.startswith(p)), "")
            yield from text_traces("EXIF", name, text.removeprefix(prefix))


def _texts(load: Callable[[Image.Exif], None]) -> list[tuple[str, str]]:
    """Return the texts of interest by the tag's name, and the camera's if there is one."""
    found: list[tuple[str, str]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exif = Image.Exif()
            load(exif)
            for tag in _TAGS:
                text = _text(exif.get(tag))
                if text:
                    found.append((tag.name, text))
            details = exif.get_ifd(ExifTags.IFD.Exif)
            comment = details.get(ExifTags.Base.UserComment)
            if comment:
                found.append(("UserComment", _comment(comment)))
            camera = _camera(exif, details)
            if camera:
                found.append(("Camera", camera))
        except _MALFORMED:
            return found
    return found


_TAGS = (
    ExifTags.Base.Software,
    ExifTags.Base.ImageDescription,
    ExifTags.Base.Make,
    ExifTags.Base.Model,
    ExifTags.Base.XPComment,
)


def _camera(exif: Image.Exif, details: dict[int, object]) -> str | None:
    make, model = _text(exif.get(ExifTags.Base.Make)), _text(exif.get(ExifTags.Base.Model))
    exposed = any(
        tag in details
        for tag in (
            ExifTags.Base.ExposureTime,
            ExifTags.Base.FNumber,
            ExifTags.Base.ISOSpeedRatings,
            ExifTags.Base.MakerNote,
        )
    )
    name = model if model.startswith(make) else f"{make} {model}"
    return name.strip() or None if exposed else None


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-16-le" if b"\0" in value[:16] else "utf-8", "replace").strip("\0 ")
    return value.strip("\0 ") if isinstance(value, str) else ""


def _comment(value: object) -> str:
    """Return a UserComment: eight bytes name its encoding (EXIF 2.32, 4.6.5)."""
    if not isinstance(value, bytes):
        return _text(value)
    code, text = value[:8], value[8:]
    if code == b"UNICODE\0":
        # The specification leaves the byte order to the TIFF header; tools do as they like.
        little = text[1:2] == b"\0" or text[:2] == b"\xff\xfe"
        return text.decode("utf-16-le" if little else "utf-16-be", "replace").strip("\0 ")
    if code in (b"ASCII\0\0\0", b"JIS\0\0\0\0\0", b"\0" * 8):
        return text.decode("utf-8", "replace").strip("\0 ")
    return value.decode("utf-8", "replace").strip("\0 ")
