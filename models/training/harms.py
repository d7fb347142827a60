"""What may befall a real picture without making it synthetic, though it looks like a trace."""

from collections.abc import Callable

import cv2
import numpy as np

from models.training.augment import Degradation, Image, resize

Harm = Callable[[Image, np.random.Generator], Image]


def _down_up(image: Image, rng: np.random.Generator) -> Image:
    kernels = (cv2.INTER_CUBIC, cv2.INTER_LANCZOS4, cv2.INTER_LINEAR, cv2.INTER_NEAREST)
    small = resize(image, rng.uniform(0.25, 0.7), cv2.INTER_AREA)
    size = image.shape[1::-1]
    return np.asarray(cv2.resize(small, size, interpolation=int(rng.choice(kernels))), np.uint8)


def _median(image: Image, rng: np.random.Generator) -> Image:
    return np.asarray(cv2.medianBlur(image, int(rng.choice([3, 5]))), np.uint8)


def _denoise(image: Image, rng: np.random.Generator) -> Image:
    return np.asarray(cv2.bilateralFilter(image, 5, rng.uniform(15, 50), 3), np.uint8)


def _unsharp(image: Image, rng: np.random.Generator) -> Image:
    soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.8, 2.5))
    amount = rng.uniform(0.4, 1.5)
    return np.asarray(cv2.addWeighted(image, 1 + amount, soft, -amount, 0), np.uint8)


def _tone(image: Image, rng: np.random.Generator) -> Image:
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    tiles = cv2.createCLAHE(rng.uniform(1.0, 3.0), (4, 4))
    light = tiles.apply(np.ascontiguousarray(lab[..., 0]))
    lab[..., 0] = light
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8)


def _codec_twice(image: Image, rng: np.random.Generator) -> Image:
    first, second = (int(q) for q in rng.integers(40, 95, 2))
    once = Degradation(jpeg=first).apply(image[int(rng.integers(8)) :, int(rng.integers(8)) :])
    return Degradation(jpeg=second).apply(once)


def _webp(image: Image, rng: np.random.Generator) -> Image:
    return Degradation(webp=int(rng.integers(40, 95))).apply(image)


def fine_webp(image: Image, rng: np.random.Generator) -> Image:
    """Code a picture as WebP so well that nobody sees it; a detector must not, either."""
    return Degradation(webp=int(rng.integers(80, 99))).apply(image)


HARMS: tuple[Harm, ...] = (
    _down_up,
    _down_up,
    _median,
    _denoise,
    _unsharp,
    _tone,
    _codec_twice,
    _webp,
)
"""What befalls a harmless copy that trains beside its picture; the first is the most common."""


def _non_local_means(image: Image, rng: np.random.Generator) -> Image:
    strength = rng.uniform(2, 7)
    return np.asarray(
        cv2.fastNlMeansDenoisingColored(image, None, strength, strength, 5, 11), np.uint8
    )


def _nearest(image: Image, rng: np.random.Generator) -> Image:
    small = resize(image, rng.uniform(0.4, 0.8), cv2.INTER_AREA)
    size = image.shape[1::-1]
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _fine_jpeg(image: Image, rng: np.random.Generator) -> Image:
    return Degradation(jpeg=int(rng.integers(88, 98))).apply(image)


def _fine_webp(image: Image, rng: np.random.Generator) -> Image:
    return Degradation(webp=int(rng.integers(85, 98))).apply(image)


def _finest_jpeg(image: Image, rng: np.random.Generator) -> Image:
    """Code so well that next to nothing is lost: what is left moves features another way."""
    return Degradation(jpeg=int(rng.integers(94, 98))).apply(image)


def _finest_webp(image: Image, rng: np.random.Generator) -> Image:
    return Degradation(webp=int(rng.integers(94, 98))).apply(image)


def _smaller(image: Image, rng: np.random.Generator) -> Image:
    return Degradation(scale=rng.uniform(0.5, 0.9)).apply(image)


def _larger(image: Image, rng: np.random.Generator) -> Image:
    return Degradation(scale=rng.uniform(1.1, 1.6), kernel=cv2.INTER_CUBIC).apply(image)


def _frame(image: Image, rng: np.random.Generator) -> Image:
    return Degradation(x264=int(rng.integers(18, 28))).apply(image)


TREATMENTS: tuple[Harm, ...] = (
    *dict.fromkeys(HARMS),
    _non_local_means,
    _nearest,
    _fine_jpeg,
    _fine_webp,
    _smaller,
    _larger,
    _frame,
    _finest_jpeg,
    _finest_webp,
)
"""One of each kind: what they do to features, a head must not see (``nuisance``)."""
