"""Pictures that a credential carries: taken out, decoded and made small, inside the worker."""

import base64
import io
import struct
import warnings
from collections.abc import Iterable

import c2pa
from PIL import Image

from inspector.domain.provenance import Thumbnail

MAX_THUMBNAILS = 64
SIDE_PX = 128
MAX_BYTES = 4 << 20
MAX_PIXELS = 16_000_000

_DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    struct.error,
    Image.DecompressionBombError,
    MemoryError,
)


class _Bounded(io.BytesIO):
    """Takes no more than ``MAX_BYTES``."""

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(data) > MAX_BYTES:
            raise OSError("the thumbnail is too large")
        return super().write(data)


def read_thumbnails(reader: c2pa.Reader, places: Iterable[str]) -> dict[str, Thumbnail]:
    """Return the pictures at these places of a store; what cannot be decoded is left out."""
    found = {}
    for place in places:
        content = _Bounded()
        try:
            reader.resource_to_stream(place, content)
        except c2pa.C2paError:
            continue
        picture = decode_thumbnail(content.getvalue())
        if picture is not None:
            found[place] = picture
    return found


def decode_thumbnail(content: bytes) -> Thumbnail | None:
    """Return an encoded picture as small plain pixels, or None where it cannot be decoded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return None
                picture.draft("RGB", (SIDE_PX, SIDE_PX))
                picture.thumbnail((SIDE_PX, SIDE_PX))
                small = picture.convert("RGB")
        except _DAMAGED:
            return None
    pixels = base64.b64encode(small.tobytes()).decode("ascii")
    return Thumbnail(small.width, small.height, pixels)
