"""Encoding of drawn pixels, with the metadata that real tools write."""

import io
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, PngImagePlugin


def encode_jpeg(
    pixels: NDArray[np.uint8],
    quality: int = 92,
    *,
    exif: bytes | None = None,
    xmp: str | None = None,
) -> bytes:
    """Return a JPEG (4:2:0) of pixels, uint8 (h, w, 3); ``exif`` as ``camera_exif`` makes it."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(
        buffer,
        "JPEG",
        quality=quality,
        subsampling="4:2:0",
        exif=exif or b"",
        **({"xmp": xmp.encode()} if xmp else {}),
    )
    return buffer.getvalue()


def encode_png(
    pixels: NDArray[np.uint8], text: Mapping[str, str] | None = None, *, xmp: str | None = None
) -> bytes:
    """Return a PNG with tEXt (iTXt where not Latin-1) entries; pixels uint8 (h, w, 3 or 4)."""
    chunks = PngImagePlugin.PngInfo()
    for key, value in (text or {}).items():
        chunks.add_text(key, value)
    if xmp:
        chunks.add_itxt("XML:com.adobe.xmp", xmp)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", pnginfo=chunks, compress_level=3)
    return buffer.getvalue()


def encode_clip(
    path: Path,
    frames: Iterable[NDArray[np.uint8]],
    fps: int = 25,
    *,
    codec: str = "libx264",
    gop: int | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """Write frames, uint8 (h, w, 3) of one even size, as a clip; the suffix picks the container.

    Args:
        gop: frames from one key frame to the next; None leaves it to the encoder.

    Returns:
        ``path``.
    """
    with av.open(str(path), "w") as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=Fraction(fps))
        assert isinstance(stream, av.VideoStream)
        stream.pix_fmt = "yuv420p"
        if gop is not None:
            stream.gop_size = gop
        for index, pixels in enumerate(frames):
            if index == 0:
                stream.height, stream.width = pixels.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return path


def camera_exif(
    make: str = "Aperture Works", model: str = "AW-7", taken: str = "2026:05:14 09:30:12"
) -> bytes:
    """Return the EXIF block that a camera writes."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = make
    exif[ExifTags.Base.Model] = model
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.DateTime] = taken
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.ExposureTime] = (1, 250)
    details[ExifTags.Base.FNumber] = (56, 10)
    details[ExifTags.Base.ISOSpeedRatings] = 200
    details[ExifTags.Base.FocalLength] = (35, 1)
    details[ExifTags.Base.DateTimeOriginal] = taken
    return exif.tobytes()


def generator_exif(parameters: str) -> bytes:
    """Return the EXIF block in which A1111 writes its parameters to JPEG: a UTF-16 UserComment."""
    exif = Image.Exif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.UserComment] = b"UNICODE\x00" + parameters.encode("utf-16-be")
    return exif.tobytes()
