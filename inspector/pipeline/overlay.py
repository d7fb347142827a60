"""Colours of a heatmap, blended over a frame."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.score import NOT_SCORED, Heatmap

_STOPS = np.array([[0, 34, 78], [87, 93, 109], [165, 156, 116], [255, 234, 70]], np.float32)
"""Anchors of the Cividis map (Nunez et al., PLOS ONE 13(7), 2018), legible to the colour-blind."""


def colour_table() -> NDArray[np.uint8]:
    """Return RGB of likelihood 0..254 / 254, uint8 (256, 3); the last entry is neutral grey."""
    positions = np.linspace(0, 1, len(_STOPS))
    at = np.linspace(0, 1, 255)
    table = np.full((256, 3), 128, np.uint8)
    for channel in range(3):
        table[:255, channel] = np.rint(np.interp(at, positions, _STOPS[:, channel]))
    return table


def blend_heatmap(
    pixels: NDArray[np.uint8], heatmap: Heatmap, opacity: float = 0.55
) -> NDArray[np.uint8]:
    """Return the frame with its heatmap over it, uint8 (h, w, 3).

    Cells without a score stay as they are, with a quarter of their colour taken away.
    """
    height, width = pixels.shape[:2]
    cell = heatmap.cell_px
    size = (heatmap.cols * cell, heatmap.rows * cell)
    scored = (heatmap.values != NOT_SCORED).astype(np.float32)
    colours = cv2.resize(colour_table()[heatmap.values], size, interpolation=cv2.INTER_LINEAR)
    weight = cv2.resize(scored, size, interpolation=cv2.INTER_NEAREST) * np.float32(opacity)
    weight = weight[:height, :width, None]
    grey = pixels.mean(axis=2, keepdims=True, dtype=np.float32)
    base = np.where(weight > 0, pixels, 0.75 * pixels + 0.25 * grey)
    blended = base * (1 - weight) + colours[:height, :width] * weight
    return np.asarray(np.rint(blended), np.uint8)


def png_bytes(pixels: NDArray[np.uint8]) -> bytes:
    """Return uint8 (h, w, 3) sRGB pixels as a PNG file."""
    done, encoded = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    if not done:
        raise ValueError("the picture could not be encoded")
    return encoded.tobytes()
