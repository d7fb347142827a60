"""From a cell of a heatmap to a colour that people with any colour vision can rank.

The maps get lighter as the likelihood grows, so they also read in grey. Low likelihoods are left
transparent: they are no evidence, so nothing is painted that could be taken for "authentic".
"""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from inspector.domain.score import CELL_STEPS, NOT_SCORED


class MapColours(StrEnum):
    """Colour maps on offer, all safe for red-green and blue-yellow blindness."""

    INFERNO = "inferno"
    CIVIDIS = "cividis"
    GREYS = "greys"


_ANCHORS: dict[MapColours, tuple[str, ...]] = {
    MapColours.INFERNO: (
        "#57106e", "#781c6d", "#9b2964", "#bc3754", "#d84c3e", "#ed6925", "#f98e09", "#fbb61a",
        "#fcffa4",
    ),
    MapColours.CIVIDIS: (
        "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369",
        "#fee838",
    ),
    MapColours.GREYS: ("#404040", "#ffffff"),
}  # fmt: skip
"""Evenly spaced colours. Source: inferno (without its black end) and cividis, CC0, Matplotlib."""

_FULL_COLOUR_AT = 0.6
"""Likelihood from which the colour is laid on at full strength."""


def colour_table(colours: MapColours) -> NDArray[np.uint8]:
    """Return opaque colours by cell value, uint8, shape (256, 3), RGB; NOT_SCORED is grey."""
    anchors = np.array([_rgb(QColor(name)) for name in _ANCHORS[colours]], np.float64)
    places = np.linspace(0, CELL_STEPS, len(anchors))
    values = np.arange(256)
    table = np.stack([np.interp(values, places, anchors[:, band]) for band in range(3)], axis=1)
    table[NOT_SCORED] = 128
    return np.rint(table).astype(np.uint8)


def overlay_table(colours: MapColours) -> NDArray[np.uint32]:
    """Return premultiplied ARGB words by cell value, shape (256,).

    Opacity grows with the likelihood; a cell that was not scored is transparent here and hatched
    by the overlay.
    """
    opacity = np.clip(np.arange(256) / CELL_STEPS / _FULL_COLOUR_AT, 0, 1) ** 1.5
    opacity[NOT_SCORED] = 0
    premultiplied = np.rint(colour_table(colours) * opacity[:, None]).astype(np.uint32)
    alpha = np.rint(opacity * 255).astype(np.uint32)
    red, green, blue = premultiplied.T
    words: NDArray[np.uint32] = (alpha << 24) | (red << 16) | (green << 8) | blue
    return words


def coloured(values: NDArray[np.uint8], table: NDArray[np.uint32]) -> QImage:
    """Return a heatmap's cells as a small premultiplied image of its own memory."""
    words = np.ascontiguousarray(table[values])
    rows, cols = words.shape
    image = QImage(words.data, cols, rows, cols * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()


def colour_of(likelihood: float, colours: MapColours) -> QColor:
    """Return the opaque colour of one likelihood in [0, 1]."""
    red, green, blue = colour_table(colours)[round(min(1.0, max(0.0, likelihood)) * CELL_STEPS)]
    return QColor(int(red), int(green), int(blue))


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return (colour.red(), colour.green(), colour.blue())
