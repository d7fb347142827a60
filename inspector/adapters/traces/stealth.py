"""Stealth PNG info: generator parameters in the lowest bit of the alpha channel.

Source: the "sd_webui_stealth_pnginfo" extension, also written by NovelAI: column by column, a
signature, a 32-bit length in bits, then text, plain or gzip.
"""

import struct
import warnings
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from inspector.adapters.traces.blocks import open_regular

MAX_PIXELS = 16_000_000
"""Larger pictures are not looked at: generators do not make them in one go."""

MAX_TEXT_BYTES = 1 << 20

_SIGNATURES = {b"stealth_pnginfo": False, b"stealth_pngcomp": True}
_SIGNATURE_BYTES = 15

_DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    struct.error,
    zlib.error,
    UnidentifiedImageError,
    Image.DecompressionBombError,
    MemoryError,
)


def hidden_text(path: str, pillow_format: str) -> str | None:
    """Return the text hidden in a picture's alpha channel, or None.

    Decodes the picture, so ask only of formats that keep alpha exactly (PNG, lossless WebP).
    """
    alpha = _alpha(path, pillow_format)
    if alpha is None:
        return None
    head = _bytes(alpha, 0, _SIGNATURE_BYTES + 4)
    packed = _SIGNATURES.get(head[:_SIGNATURE_BYTES])
    if packed is None or len(head) < _SIGNATURE_BYTES + 4:
        return None
    size = int.from_bytes(head[_SIGNATURE_BYTES:], "big") // 8
    content = _bytes(alpha, _SIGNATURE_BYTES + 4, min(size, MAX_TEXT_BYTES))
    try:
        plain = (
            zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, MAX_TEXT_BYTES)
            if packed
            else content
        )
    except zlib.error:
        return None
    return plain.decode("utf-8", "replace")


def _alpha(path: str, pillow_format: str) -> NDArray[np.uint8] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with open_regular(path) as file, Image.open(file, formats=[pillow_format]) as picture:
                if picture.mode != "RGBA" or picture.width * picture.height > MAX_PIXELS:
                    return None
                return np.asarray(picture.getchannel("A"), np.uint8)
        except _DAMAGED:
            return None


def _bytes(alpha: NDArray[np.uint8], start: int, count: int) -> bytes:
    """Return ``count`` bytes from the lowest bits, read down the columns from byte ``start``."""
    rows = alpha.shape[0]
    first, last = start * 8, (start + count) * 8
    columns = alpha[:, first // rows : -(-last // rows)]
    bits = (columns & 1).T.reshape(-1)
    offset = first - (first // rows) * rows
    return np.packbits(bits[offset : offset + count * 8]).tobytes()
