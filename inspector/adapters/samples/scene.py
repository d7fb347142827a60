"""Landscapes drawn from a seed, once as a camera would see them and once too smooth to be true."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Floats = NDArray[np.float32]


def draw_photo(seed: int, width: int = 1024, height: int = 768) -> NDArray[np.uint8]:
    """Return a landscape as a small camera would record it.

    The scene passes through lens blur, vignetting, a Bayer mosaic with shot and read noise,
    bilinear demosaicing and a tone curve, so that its noise is that of a sensor.

    Returns:
        uint8, shape (height, width, 3), sRGB.
    """
    rng = np.random.default_rng([seed, 1])
    scene = _blur(draw_scene(seed, width, height), 0.7)
    light = scene**2.2 * _vignette(width, height)[..., None] * np.float32(0.9)
    sensor = _demosaic(_bayer_noise(light, rng))
    sharp = sensor + 0.4 * (sensor - _blur(sensor, 1.0))
    return _to_bytes(np.clip(sharp, 0, 1) ** (1 / 2.2))


def draw_synthetic(seed: int, width: int = 1024, height: int = 768) -> NDArray[np.uint8]:
    """Return the same kind of landscape over-smooth, saturated, with an 8-pixel grid.

    It looks as a cheap image generator's output does to a forensic eye: no sensor noise, and the
    periodic pattern that transposed convolutions leave. No generator is involved.

    Returns:
        uint8, shape (height, width, 3), sRGB.
    """
    scene = _blur(draw_scene(seed, width, height), 1.6)
    grey = scene.mean(axis=2, keepdims=True)
    vivid = grey + 1.35 * (scene - grey)
    rows, cols = np.mgrid[0:height, 0:width].astype(np.float32)
    grid = np.cos(2 * np.pi * rows / 8) * np.cos(2 * np.pi * cols / 8)
    return _to_bytes(vivid + 0.012 * grid[..., None].astype(np.float32))


def draw_scene(seed: int, width: int, height: int) -> Floats:
    """Return a clean landscape, float32 in [0, 1], shape (height, width, 3): sky, ridges, lake."""
    rng = np.random.default_rng(seed)
    horizon = int(height * rng.uniform(0.52, 0.66))
    picture = _sky(rng, width, height, horizon)
    haze = picture[max(horizon - 2, 0)].mean(axis=0)
    base = np.array(_GROUND[int(rng.integers(len(_GROUND)))], np.float32)
    ridges = int(rng.integers(3, 5))
    for index in range(ridges):
        nearness = (index + 1) / ridges
        _ridge(picture, rng, horizon, nearness, haze * (1 - nearness) + base * nearness)
    _lake(picture, rng, horizon)
    return np.clip(picture, 0, 1)


_SKIES: tuple[tuple[tuple[float, float, float], tuple[float, float, float]], ...] = (
    ((0.23, 0.42, 0.72), (0.80, 0.86, 0.92)),
    ((0.19, 0.27, 0.48), (0.95, 0.68, 0.45)),
    ((0.45, 0.52, 0.60), (0.78, 0.79, 0.78)),
    ((0.12, 0.33, 0.58), (0.93, 0.84, 0.66)),
)
_GROUND: tuple[tuple[float, float, float], ...] = (
    (0.16, 0.23, 0.13),
    (0.25, 0.20, 0.14),
    (0.13, 0.20, 0.19),
    (0.30, 0.27, 0.13),
)


def _sky(rng: np.random.Generator, width: int, height: int, horizon: int) -> Floats:
    top, bottom = _SKIES[int(rng.integers(len(_SKIES)))]
    fall = np.clip(np.arange(height, dtype=np.float32) / max(horizon, 1), 0, 1)[:, None, None]
    sky = np.array(top, np.float32) * (1 - fall) + np.array(bottom, np.float32) * fall
    picture = np.broadcast_to(sky, (height, width, 3)).astype(np.float32)
    rows, cols = np.mgrid[0:height, 0:width].astype(np.float32)
    sun_x, sun_y = rng.uniform(0.15, 0.85) * width, rng.uniform(0.15, 0.7) * horizon
    distance = np.hypot(cols - sun_x, rows - sun_y) / max(width, height)
    glow = np.exp(-(distance**2) / 0.03) * 0.35 + np.exp(-(distance**2) / 0.0006)
    picture += glow[..., None] * np.array((1.0, 0.93, 0.78), np.float32)
    clouds = np.clip(_fractal(rng, width, height, coarse=3) * 1.8 - 0.75, 0, 1)[..., None]
    return np.asarray(picture * (1 - 0.8 * clouds) + 0.8 * clouds * 0.95, np.float32)


def _ridge(
    picture: Floats, rng: np.random.Generator, horizon: int, nearness: float, colour: Floats
) -> None:
    height, width = picture.shape[:2]
    line = _profile(rng, width)
    top = horizon - (line * (0.34 - 0.22 * nearness) + 0.02) * height
    if nearness > 0.8:
        top -= rng.gamma(2.0, 0.004, width) * height  # tree tops
    rows = np.arange(height, dtype=np.float32)[:, None]
    cover = np.clip(rows - top[None, :] + 0.5, 0, 1)[..., None].astype(np.float32)
    texture = _fractal(rng, width, height, coarse=12) - 0.5
    light = np.clip(np.gradient(texture, axis=1) * width * 0.05, -0.3, 0.3)
    shade = 1 + (0.9 * nearness + 0.1) * texture + (1.1 - 0.6 * nearness) * light
    picture[:] = picture * (1 - cover) + cover * colour * shade[..., None]


def _lake(picture: Floats, rng: np.random.Generator, horizon: int) -> None:
    height, width = picture.shape[:2]
    shore = min(height - 1, int(horizon + 0.05 * height))
    depth = height - shore
    rows = np.arange(depth)
    waves = _fractal(rng, width, depth, coarse=40)
    mirror = np.clip(shore - rows - 1, 0, height - 1)
    sway = np.rint((waves - 0.5) * (4 + rows[:, None] * 0.12)).astype(int)
    cols = np.clip(np.arange(width)[None, :] + sway, 0, width - 1)
    water = picture[mirror[:, None], cols] * 0.72 + np.array((0.02, 0.05, 0.07), np.float32)
    picture[shore:] = water + ((waves - 0.5) * 0.10)[..., None]


def _profile(rng: np.random.Generator, width: int) -> Floats:
    """Return a ridge line in about [0, 1], one value a column."""
    line = np.zeros(width, np.float32)
    at = np.linspace(0, 1, width)
    for octave in range(8):
        points = 3 * 2**octave
        knots = rng.uniform(-1, 1, points + 1)
        line += np.interp(at, np.linspace(0, 1, points + 1), knots).astype(np.float32) / 2**octave
    return np.asarray(np.clip(line * 0.4 + 0.5, 0, 1.2), np.float32)


def _fractal(rng: np.random.Generator, width: int, height: int, coarse: int) -> Floats:
    """Return value noise of halving scale, shape (height, width), about [0, 1]."""
    noise = np.zeros((height, width), np.float32)
    total, weight, cells = 0.0, 1.0, coarse
    while cells <= max(width, height) // 2:
        rows = max(2, cells * height // max(width, 1))
        grid = Image.fromarray(rng.random((rows, cells), np.float32))
        noise += weight * np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC))
        total, weight, cells = total + weight, weight * 0.55, cells * 2
    return np.asarray(noise / (total or 1.0), np.float32)


def _blur(picture: Floats, radius: float) -> Floats:
    """Return the picture blurred by a Gaussian, channel by channel, at float precision."""
    taps = np.arange(-int(3 * radius) - 1, int(3 * radius) + 2)
    kernel = np.exp(-(taps**2) / (2 * radius**2)).astype(np.float32)
    kernel /= kernel.sum()
    for axis in (0, 1):
        pad = [(0, 0)] * picture.ndim
        pad[axis] = (len(taps) // 2, len(taps) // 2)
        padded = np.pad(picture, pad, mode="edge")
        size = picture.shape[axis]
        picture = sum(
            (w * np.take(padded, range(i, i + size), axis=axis) for i, w in enumerate(kernel)),
            start=np.zeros(picture.shape, np.float32),
        )
    return picture


def _vignette(width: int, height: int) -> Floats:
    rows, cols = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(1 / (1 + 0.18 * (rows**2 + cols**2)) ** 2, np.float32)


def _bayer_noise(light: Floats, rng: np.random.Generator) -> Floats:
    """Return what an RGGB sensor counts: the mosaic, with shot and read noise, float32 (h, w)."""
    mosaic = np.empty(light.shape[:2], np.float32)
    for (row, col), channel in _BAYER.items():
        mosaic[row::2, col::2] = light[row::2, col::2, channel]
    full_well = 3000.0
    electrons = rng.normal(mosaic * full_well, np.sqrt(np.clip(mosaic, 0, 2) * full_well + 36.0))
    return np.clip(electrons / full_well, 0, 1).astype(np.float32)


_BAYER = {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 2}


def _demosaic(mosaic: Floats) -> Floats:
    """Return RGB from an RGGB mosaic by bilinear interpolation (normalised convolution)."""
    height, width = mosaic.shape
    result = np.empty((height, width, 3), np.float32)
    for channel in range(3):
        mask = np.zeros((height, width), np.float32)
        for (row, col), owner in _BAYER.items():
            if owner == channel:
                mask[row::2, col::2] = 1
        result[..., channel] = _tent(mosaic * mask) / np.maximum(_tent(mask), 1e-6)
    return result


def _tent(plane: Floats) -> Floats:
    padded = np.pad(plane, 1, mode="reflect")
    across = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    return np.asarray(across[:-2] + 2 * across[1:-1] + across[2:], np.float32)


def _to_bytes(picture: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    return np.asarray(np.rint(np.clip(picture, 0, 1) * 255), np.uint8)


def splice(
    base: NDArray[np.uint8], insert: NDArray[np.uint8], box: tuple[int, int, int, int]
) -> NDArray[np.uint8]:
    """Return ``base`` with the rectangle (x, y, w, h) of ``insert`` in it, its edge feathered."""
    x, y, w, h = box
    mask = Image.new("L", (base.shape[1], base.shape[0]))
    mask.paste(255, (x, y, x + w, y + h))
    soft = mask.filter(ImageFilter.GaussianBlur(6))
    joined = Image.composite(Image.fromarray(insert), Image.fromarray(base), soft)
    return np.asarray(joined, np.uint8)


def pan(
    picture: NDArray[np.uint8], frames: int, width: int, height: int, noise: float, seed: int = 0
) -> Iterator[NDArray[np.uint8]]:
    """Yield a camera's slow pan over a picture larger than the frame.

    Args:
        noise: standard deviation of what a sensor adds to each frame, in levels; 0 for none.
    """
    rng = np.random.default_rng(seed)
    rows, cols = picture.shape[:2]
    for index in range(frames):
        along = index / max(frames - 1, 1)
        x, y = int(along * (cols - width)), int(along * (rows - height))
        view = picture[y : y + height, x : x + width].astype(np.float32)
        yield _to_bytes((view + rng.normal(0, noise, view.shape)) / 255)
