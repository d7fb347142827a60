"""Re-encodes and resizes pixels in memory; it never sees a file, only what was decoded safely."""

import io
from fractions import Fraction

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector.domain.figures import Treatment

Pixels = NDArray[np.uint8]

MOST_PIXELS = 40_000_000
"""Larger pictures are scored as they are only: their copies would need gigabytes."""

PLATFORM_SIDE = 1080
"""Longest side after an upload to a platform, pixels."""

_JPEG_MOST, _WEBP_MOST, _X264_MOST = 65_535, 16_383, 16_384
_X264_LEAST = 16
_SCALES = {
    Treatment.HALF: 0.5,
    Treatment.THREE_QUARTERS: 0.75,
    Treatment.ONE_AND_A_HALF: 1.5,
}


def treated(pixels: Pixels, treatment: Treatment) -> Pixels | None:
    """Return a copy after a treatment; None where its coding does not take such a size.

    Args:
        pixels: uint8 (h, w, 3), sRGB, at most ``MOST_PIXELS``.
    """
    match treatment:
        case Treatment.NONE:
            return pixels
        case Treatment.JPEG_85:
            return _jpeg(pixels, 85)
        case Treatment.JPEG_75:
            return _jpeg(pixels, 75)
        case Treatment.WEBP_80:
            return _webp(pixels, 80)
        case Treatment.PLATFORM:
            return _jpeg(_scaled(pixels, min(1.0, PLATFORM_SIDE / max(pixels.shape[:2]))), 80)
        case Treatment.X264:
            return _x264(pixels)
        case _:
            return _scaled(pixels, _SCALES[treatment])


def _scaled(pixels: Pixels, scale: float) -> Pixels:
    if scale == 1.0:
        return pixels
    height, width = (max(1, round(side * scale)) for side in pixels.shape[:2])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=method), np.uint8)


def _jpeg(pixels: Pixels, quality: int) -> Pixels | None:
    if max(pixels.shape[:2]) > _JPEG_MOST:
        return None
    return _through(pixels, "JPEG", quality=quality, subsampling="4:2:0")


def _webp(pixels: Pixels, quality: int) -> Pixels | None:
    if max(pixels.shape[:2]) > _WEBP_MOST:
        return None
    return _through(pixels, "WEBP", quality=quality, method=2)


def _through(pixels: Pixels, coding: str, **options: int | str) -> Pixels:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, coding, **options)
    with Image.open(buffer, formats=[coding]) as picture:
        return np.array(picture.convert("RGB"), np.uint8)


def _x264(pixels: Pixels) -> Pixels | None:
    """Return the one frame of a clip, 4:2:0, constant rate factor 23."""
    height, width = pixels.shape[:2]
    if min(height, width) < _X264_LEAST or max(height, width) > _X264_MOST:
        return None
    even = cv2.copyMakeBorder(pixels, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.height, encoder.width = even.shape[:2]
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = Fraction(1, 25)
    encoder.thread_count = 1
    encoder.options = {"crf": "23"}
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(even, np.uint8), format="rgb24")
    frame.pts = 0
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.thread_count = 1
    packets = [*encoder.encode(frame), *encoder.encode(None)]
    frames = [shown for packet in packets for shown in decoder.decode(packet)]
    frames += decoder.decode(None)
    return np.ascontiguousarray(frames[0].to_ndarray(format="rgb24")[:height, :width])
