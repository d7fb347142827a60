"""How large a picture may be, so that decoding it fits a worker's memory."""

from collections.abc import Mapping
from types import MappingProxyType

_SHARE = 0.85
"""Share of the memory limit that pixels may take; interpreter and libraries need the rest."""

_STILL: Mapping[str, int] = MappingProxyType({"webp": 19, "avif": 12, "heif": 12, "jp2": 27})
_ANIMATED: Mapping[str, int] = MappingProxyType({"gif": 19, "png": 18, "webp": 22, "avif": 23})
"""Bytes of memory for each pixel at the worst moment, decoder, Pillow and our copy together.

Measured as the resident peak of a worker over pictures of 30 and 179 megapixels, Pillow 13.0.
The other formats need eight or less, which the general limit on pixels keeps in bounds.
"""


def pixel_limit(media_format: str, *, animated: bool, max_pixels: int, memory_bytes: int) -> int:
    """Return the most pixels that a picture (of an animation, its canvas) may have."""
    each = (_ANIMATED if animated else _STILL).get(media_format)
    if each is None:
        return max_pixels
    return min(max_pixels, int(memory_bytes * _SHARE) // each)
