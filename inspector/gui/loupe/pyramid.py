"""A decoded picture made ready for the screen, in a worker thread."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

_SMALLEST_SIDE = 512
_LARGEST_IN_FOUR_BYTES = 50_000_000
"""Pictures with more pixels stay in three bytes a pixel: they paint slower, but fit in memory."""


@dataclass(frozen=True, slots=True)
class Pyramid:
    """A picture at full size, half, quarter, ...: painting picks the level nearest above.

    Attributes:
        levels: largest first; each owns its memory.
    """

    levels: tuple[QImage, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height of the full picture in pixels."""
        return (self.levels[0].width(), self.levels[0].height())

    def level_for(self, scale: float) -> QImage:
        """Return the smallest level that is not enlarged.

        Args:
            scale: device pixels per pixel of the full picture.
        """
        for level in reversed(self.levels):
            if level.width() >= self.levels[0].width() * scale:
                return level
        return self.levels[0]


def screen_image(pixels: NDArray[np.uint8]) -> QImage:
    """Return sRGB pixels, uint8 (h, w, 3), as an image in the screen's own order."""
    height, width = pixels.shape[:2]
    if height * width > _LARGEST_IN_FOUR_BYTES:
        rows = np.ascontiguousarray(pixels)
        return QImage(rows.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()
    image = QImage(width, height, QImage.Format.Format_RGB32)
    words = np.frombuffer(image.bits(), np.uint8).reshape(height, width, 4)
    cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGRA, dst=words)
    return image


def build_pyramid(pixels: NDArray[np.uint8]) -> Pyramid:
    """Return the levels of sRGB pixels, uint8, shape (h, w, 3)."""
    levels = [screen_image(pixels)]
    while max(pixels.shape[:2]) > 2 * _SMALLEST_SIDE:
        size = (max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        levels.append(screen_image(pixels))
    return Pyramid(tuple(levels))


def single_level(pixels: NDArray[np.uint8]) -> Pyramid:
    """Return one level: enough for a thumbnail or a frame that is shown for a moment."""
    return Pyramid((screen_image(pixels),))
