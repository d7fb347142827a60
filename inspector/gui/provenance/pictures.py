"""The small pictures that a credential carries, as Qt paints them."""

import base64
import binascii

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap

from inspector.domain.provenance import Thumbnail

SIDE_PX = 128

GAIN = 4
"""What a difference is multiplied by, so that small ones are seen."""

_SAME_SHAPE = 0.02
"""A small picture's sides are whole pixels, so its shape is off by about this share."""


def pixmap_of(thumbnail: Thumbnail) -> QPixmap | None:
    """Return a picture as a pixmap; None where its pixels are not what they claim."""
    image = image_of(thumbnail)
    return QPixmap.fromImage(image) if image is not None else None


def image_of(thumbnail: Thumbnail) -> QImage | None:
    """Return a picture's plain pixels; None where they are not what they claim."""
    width, height = thumbnail.width, thumbnail.height
    if not (0 < width <= SIDE_PX and 0 < height <= SIDE_PX):
        return None
    try:
        rgb = base64.b64decode(thumbnail.rgb_base64, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(rgb) != width * height * 3:
        return None
    return rgb_image(rgb, width, height)


def rgb_image(rgb: bytes, width: int, height: int) -> QImage:
    """Return rows of three bytes a pixel as an image with memory of its own."""
    return QImage(rgb, width, height, width * 3, QImage.Format.Format_RGB888).copy()


def difference(one: QImage, other: QImage) -> QImage:
    """Return how far two pictures differ, each channel ``GAIN`` times, at the size of the first."""
    apart = np.minimum(_apart(one, other) * GAIN, 255).astype(np.uint8)
    return rgb_image(apart.tobytes(), one.width(), one.height())


def mean_difference(one: QImage, other: QImage) -> float:
    """Return how far two pictures differ on average, of 255, at the size of the first."""
    return float(_apart(one, other).mean())


def is_stretched(one: QImage, other: QImage) -> bool:
    """Whether one must be stretched to lie upon the other: their shapes differ by over 2 %."""
    ratio = one.width() * other.height() / max(1, one.height() * other.width())
    return abs(ratio - 1) > _SAME_SHAPE


def _apart(one: QImage, other: QImage) -> NDArray[np.int16]:
    plain, smooth = QImage.Format.Format_RGB888, Qt.TransformationMode.SmoothTransformation
    fitted = other.scaled(one.size(), Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    values = [_values(image.convertToFormat(plain)) for image in (one, fitted)]
    apart: NDArray[np.int16] = np.abs(values[0] - values[1])
    return apart


def _values(image: QImage) -> NDArray[np.int16]:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * 3].astype(np.int16)
