"""From a frame to the input of a view that sees the whole picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import SizePolicy, ViewInput
from inspector.pipeline.tiling import padded

LONGEST = 8
"""A picture more than this many times as long as wide gives its middle: one of a single pixel's
height would otherwise become a strip of a million pixels' width."""


def fit_whole(pixels: NDArray[np.uint8], view: ViewInput) -> NDArray[np.uint8]:
    """Return the frame as the view wants it, uint8 (h, w, 3).

    Args:
        pixels: uint8 (h, w, 3), sRGB, upright.
        view: any size policy but native tiles.

    Raises:
        ValueError: the policy is ``native_tiles``.
    """
    match view.size_policy:
        case SizePolicy.CENTRE_CROP:
            return _centre(padded(pixels, 1, view.size), view.size)
        case SizePolicy.RESIZE_CROP:
            return _centre(_short_side(pixels, max(view.resize, view.size), 1), view.size)
        case SizePolicy.RESIZE:
            return _resized(pixels, view.size, view.size)
        case SizePolicy.RESIZE_SHORT:
            return _short_side(pixels, view.resize, view.multiple)
        case SizePolicy.NATIVE_TILES:
            raise ValueError("a view of native tiles does not see the whole picture")


def _centre(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]


def _short_side(pixels: NDArray[np.uint8], side: int, multiple: int) -> NDArray[np.uint8]:
    pixels = _not_too_long(pixels)
    height, width = pixels.shape[:2]
    scale = side / min(height, width)
    return _resized(
        pixels, _whole(width * scale, multiple, side), _whole(height * scale, multiple, side)
    )


def _not_too_long(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    most = LONGEST * min(height, width)
    top, left = max(0, height - most) // 2, max(0, width - most) // 2
    return pixels[top : top + most, left : left + most]


def _whole(length: float, multiple: int, least: int) -> int:
    return max(least, round(length / multiple) * multiple)


def _resized(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    if pixels.shape[:2] == (height, width):
        return pixels
    shrinks = width * height < pixels.shape[0] * pixels.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=method), np.uint8)
