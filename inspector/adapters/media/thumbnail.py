"""Small pictures for the gallery, as cheaply as a format allows."""

import io
from typing import BinaryIO

import numpy as np
import simplejpeg
from PIL import Image

from inspector.adapters.media.color import SrgbConverter, turned
from inspector.adapters.media.frames import Pixels, check_size, fit
from inspector.adapters.media.still import (
    PILLOW_ERRORS,
    decode_still,
    exif_thumbnail,
    open_picture,
    orientation_of,
)
from inspector.domain.errors import FaultCode, MediaError

_ASPECT_SLACK = 0.05


def still_thumbnail(
    source: BinaryIO, media_format: str, side_px: int, *, quick: bool, max_pixels: int
) -> Pixels:
    """Return a picture's thumbnail, uint8 (h, w, 3), sRGB, upright.

    JPEGs whose header Pillow accepts are decoded at a fraction of their size. ``quick`` takes
    an embedded EXIF thumbnail where its shape matches the picture's.

    Raises:
        MediaError: the file cannot be decoded.
    """
    if media_format == "jpeg":
        pixels = _from_jpeg(source, side_px, quick, max_pixels)
        if pixels is not None:
            return pixels
    result = decode_still(source, media_format, None, max_pixels=max_pixels, thumbnail_px=side_px)
    if result.thumbnail is None:
        raise MediaError(FaultCode.CORRUPT, "The picture cannot be decoded.")
    return result.thumbnail


def _from_jpeg(source: BinaryIO, side_px: int, quick: bool, max_pixels: int) -> Pixels | None:
    """Decode a JPEG small; None where Pillow should do it."""
    try:
        with open_picture(source, "jpeg") as image:
            width, height = image.size
            check_size(width, height, max_pixels)
            if image.mode not in ("RGB", "L"):
                return None
            orientation = orientation_of(image)
            embedded = exif_thumbnail(image) if quick else None
            small = _embedded(embedded, width, height) if embedded is not None else None
            if small is None:
                source.seek(0)
                small = _scaled(source.read(), fit(width, height, side_px))
            small.info["icc_profile"] = image.info.get("icc_profile")
    except (ValueError, *PILLOW_ERRORS):
        return None
    small.thumbnail((side_px, side_px), Image.Resampling.BOX, reducing_gap=None)
    return np.array(turned(SrgbConverter(small)(small), orientation))


def _scaled(data: bytes, wanted: tuple[int, int]) -> Image.Image:
    pixels = simplejpeg.decode_jpeg(
        data, "RGB", min_width=wanted[0], min_height=wanted[1], min_factor=1
    )
    return Image.fromarray(pixels)


def _embedded(data: bytes, width: int, height: int) -> Image.Image | None:
    """Decode an EXIF thumbnail; None where it does not look like its picture."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        if image.width * image.height > 1 << 20 or image.width < 16 or image.height < 16:
            return None
        if abs(image.width * height / (image.height * width) - 1) > _ASPECT_SLACK:
            return None
        image.load()
        return image if image.mode == "RGB" else image.convert("RGB")
