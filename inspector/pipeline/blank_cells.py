"""Which cells of a frame show nothing to judge: flat, or clipped to white or black."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.pipeline.tiling import padded

FLAT_DEVIATION = 0.6
"""Standard deviation of luma, in levels of 255, under which a cell shows nothing to judge."""

CLIPPED_LEVELS = 2
"""A pixel whose every channel lies this near to 0 or to 255 is clipped (JPEG wavers so much)."""

CLIPPED_SHARE = 0.9
"""Share of clipped pixels from which a cell is saturated."""


def blank_cells(pixels: NDArray[np.uint8], cell_px: int) -> NDArray[np.bool_]:
    """Return which cells are flat or saturated, shape (rows, cols).

    Args:
        pixels: uint8 (h, w, 3), sides multiples of ``cell_px``.
        cell_px: side of a cell.
    """
    size = (pixels.shape[1] // cell_px, pixels.shape[0] // cell_px)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    mean = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    square = cv2.resize(grey * grey, size, interpolation=cv2.INTER_AREA)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    darkest = cv2.min(cv2.min(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
    lightest = cv2.max(cv2.max(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
    clipped = (darkest >= 255 - CLIPPED_LEVELS) | (lightest <= CLIPPED_LEVELS)
    share = cv2.resize(clipped.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray((deviation < FLAT_DEVIATION) | (share >= CLIPPED_SHARE), np.bool_)


def without_blank(
    likelihoods: NDArray[np.float32], pixels: NDArray[np.uint8], cell_px: int
) -> NDArray[np.float32]:
    """Return likelihoods of a frame's cells, (rows, cols), NaN where a cell is blank.

    Args:
        likelihoods: of cells that cover the frame; the last of a side may reach past it.
        pixels: uint8 (h, w, 3).
        cell_px: side of a cell.
    """
    rows, cols = likelihoods.shape
    blank = blank_cells(padded(pixels, cell_px), cell_px)[:rows, :cols]
    return np.where(blank, np.float32(np.nan), likelihoods)
