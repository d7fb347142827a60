"""Changed copies of decoded pixels: what a score must hold for before it drops a file."""

from collections.abc import Iterator

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from inspector.domain.score import CopyKind

JPEG_QUALITY = 90
SCALE = 0.75
LONGEST_JPEG_SIDE = 65_500
"""JPEG has no longer side, in pixels."""


def changed_copies(pixels: NDArray[np.uint8]) -> Iterator[tuple[CopyKind, NDArray[np.uint8]]]:
    """Yield the copies of a frame, uint8 (h, w, 3), sRGB, one at a time.

    The first is the frame as a JPEG of quality 90 with halved colour would show it (left out
    where a side is longer than JPEG allows), the second has three quarters of its size.
    """
    height, width = pixels.shape[:2]
    if max(height, width) <= LONGEST_JPEG_SIDE:
        encoded = simplejpeg.encode_jpeg(
            np.ascontiguousarray(pixels), JPEG_QUALITY, colorspace="RGB", colorsubsampling="420"
        )
        yield CopyKind.JPEG_90, simplejpeg.decode_jpeg(encoded, colorspace="RGB")
    size = (max(1, round(width * SCALE)), max(1, round(height * SCALE)))
    smaller = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    yield CopyKind.SCALE_075, np.asarray(smaller, np.uint8)
