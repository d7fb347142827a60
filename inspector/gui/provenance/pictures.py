"""The small pictures that a credential carries, as Qt paints them."""

import base64
import binascii

from PySide6.QtGui import QImage, QPixmap

from inspector.domain.provenance import Thumbnail

SIDE_PX = 128


def pixmap_of(thumbnail: Thumbnail) -> QPixmap | None:
    """Return a picture's plain pixels as a pixmap; None where they are not what they claim."""
    width, height = thumbnail.width, thumbnail.height
    if not (0 < width <= SIDE_PX and 0 < height <= SIDE_PX):
        return None
    try:
        rgb = base64.b64decode(thumbnail.rgb_base64, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(rgb) != width * height * 3:
        return None
    return QPixmap.fromImage(QImage(rgb, width, height, width * 3, QImage.Format.Format_RGB888))
