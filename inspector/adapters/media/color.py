"""Turns any Pillow mode into sRGB pixels, strip by strip, so that memory stays bounded."""

import io
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

from inspector.adapters.media.frames import Pixels, fit

Transpose = Image.Transpose
_STRIP_PIXELS = 4_000_000
_WHITE = (255, 255, 255, 255)

_TURNS: dict[int, Transpose] = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""What makes a picture upright, by EXIF orientation."""

PROFILE_NOTE = "The colour profile cannot be used; the colours were taken as sRGB."


class SrgbConverter:
    """Knows how the pixels of one loaded picture become 8-bit sRGB.

    Transparency is laid over white, as a curator sees it on a page. 16-bit grey keeps its
    upper byte (12-bit values in 16 are scaled as such); 32-bit integers and floats are stretched
    to their own range, unless floats already lie in [0, 1].
    """

    def __init__(self, image: Image.Image) -> None:
        self.note: str | None = None
        self._transform: ImageCms.ImageCmsTransform | None = None
        self._convert = self._by_mode(image)
        profile = image.info.get("icc_profile")
        if isinstance(profile, bytes) and profile and image.mode in _PROFILED:
            try:
                self._transform = _transform_of(profile, _PROFILED[image.mode])
            except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
                self.note = PROFILE_NOTE

    def __call__(self, strip: Image.Image) -> Image.Image:
        """Return the strip in mode RGB."""
        if self._transform is not None and strip.mode == "CMYK":
            return _applied(self._transform, strip)
        rgb = self._convert(strip)
        return rgb if self._transform is None else _applied(self._transform, rgb)

    def _by_mode(self, image: Image.Image) -> Callable[[Image.Image], Image.Image]:
        mode = image.mode
        if mode.startswith("I;16"):
            _, high = _extrema(image)
            return lambda strip: _from_grey(np.asarray(strip) >> (8 if high > 4095 else 4))
        if mode in ("I", "F"):
            low, high = _extrema(image)
            if mode == "F" and low >= 0 and 0 < high <= 1:
                low, high = 0.0, 1.0
            return lambda strip: _stretched(strip, low, high)
        if mode == "LAB":
            transform = _lab_transform()
            return lambda strip: _applied(transform, strip)
        if image.has_transparency_data:
            return _over_white
        return lambda strip: strip if strip.mode == "RGB" else strip.convert("RGB")


_PROFILED = {"RGB": "RGB", "RGBA": "RGB", "P": "RGB", "CMYK": "CMYK"}
"""Modes whose embedded profile is used, and the mode the transform reads."""


def pour(
    image: Image.Image,
    converter: SrgbConverter,
    orientation: int,
    target: Pixels | None,
    thumbnail_px: int,
) -> Pixels | None:
    """Write a loaded picture upright into ``target`` and return its thumbnail.

    Args:
        image: loaded; not yet turned.
        converter: made for the same picture.
        orientation: EXIF's, 1 to 8; anything else counts as 1.
        target: uint8, shape (h, w, 3) after turning; None where only the thumbnail is wanted.
        thumbnail_px: longest side of the thumbnail; 0 for none, and then None is returned.
    """
    width, height = image.size
    factor = max(1, max(width, height) // (2 * thumbnail_px)) if thumbnail_px else 1
    rows = max(1, _STRIP_PIXELS // (width * factor)) * factor
    small: Image.Image | None = None
    if thumbnail_px:
        small = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        whole = rows >= height
        strip = converter(image if whole else image.crop((0, top, width, bottom)))
        if small is not None:
            small.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
        if target is not None:
            _place(strip, orientation, target, top, bottom, height)
    if small is None:
        return None
    seen = (0, 0, width / factor, height / factor)
    small = small.resize(fit(width, height, thumbnail_px), Image.Resampling.BOX, box=seen)
    return np.array(turned(small, orientation))


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """Return the picture upright."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def swaps_sides(orientation: int) -> bool:
    """Whether turning upright swaps width and height."""
    return orientation in (5, 6, 7, 8)


def _place(
    strip: Image.Image, orientation: int, target: Pixels, top: int, bottom: int, height: int
) -> None:
    pixels = np.asarray(turned(strip, orientation))
    if orientation in (3, 4, 6, 7):
        top, bottom = height - bottom, height - top
    if swaps_sides(orientation):
        target[:, top:bottom] = pixels
    else:
        target[top:bottom] = pixels


def _over_white(strip: Image.Image) -> Image.Image:
    rgba = strip if strip.mode == "RGBA" else strip.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, _WHITE), rgba).convert("RGB")


def _from_grey(values: np.ndarray) -> Image.Image:
    return Image.fromarray(values.astype(np.uint8)).convert("RGB")


def _stretched(strip: Image.Image, low: float, high: float) -> Image.Image:
    values = np.nan_to_num(np.asarray(strip).astype(np.float32), posinf=high, neginf=low)
    span = high - low
    scaled = (values - low) * (255 / span) if span > 0 else np.zeros_like(values)
    return _from_grey(np.clip(np.rint(scaled), 0, 255))


def _extrema(image: Image.Image) -> tuple[float, float]:
    """Return the lowest and the highest finite value, strip by strip."""
    width, height = image.size
    rows = max(1, _STRIP_PIXELS // width)
    lows, highs = [], []
    for top in range(0, height, rows):
        values = np.asarray(image.crop((0, top, width, min(top + rows, height))))
        if values.dtype.kind == "f":
            values = values[np.isfinite(values)]
        if values.size:
            lows.append(float(values.min()))
            highs.append(float(values.max()))
    return (min(lows), max(highs)) if lows else (0.0, 0.0)


def _applied(transform: ImageCms.ImageCmsTransform, strip: Image.Image) -> Image.Image:
    result = ImageCms.applyTransform(strip, transform)
    assert result is not None  # only an in-place transform returns nothing
    return result


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@lru_cache(maxsize=1)
def _lab_transform() -> ImageCms.ImageCmsTransform:
    lab = ImageCms.createProfile("LAB")
    return ImageCms.buildTransform(lab, _srgb(), "LAB", "RGB")


@lru_cache(maxsize=16)
def _transform_of(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the way from a profile to sRGB; None where the profile is sRGB already.

    Raises:
        ImageCms.PyCMSError, OSError, ValueError, TypeError: the profile cannot be used.
    """
    embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if mode == "RGB" and "srgb" in ImageCms.getProfileDescription(embedded).lower():
        return None
    return ImageCms.buildTransform(embedded, _srgb(), mode, "RGB")
