"""What happens to real pictures without making them synthetic; none of it may raise an alarm."""

from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.adapters.treat import treated
from inspector.domain.figures import Treatment
from inspector.pipeline.pasting import paste

Pixels = NDArray[np.uint8]


def _down_up(kernel: int) -> Callable[[Pixels], Pixels]:
    def apply(pixels: Pixels) -> Pixels:
        height, width = pixels.shape[:2]
        small = cv2.resize(pixels, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.resize(small, (width, height), interpolation=kernel), np.uint8)

    return apply


def _unsharp(pixels: Pixels) -> Pixels:
    soft = cv2.GaussianBlur(pixels, (0, 0), 1.5)
    return np.asarray(cv2.addWeighted(pixels, 2.0, soft, -1.0, 0), np.uint8)


def _tone(pixels: Pixels) -> Pixels:
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(2.0, (4, 4)).apply(np.ascontiguousarray(lab[..., 0]))
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8)


def _copy(treatment: Treatment) -> Callable[[Pixels], Pixels]:
    def apply(pixels: Pixels) -> Pixels:
        copy = treated(pixels, treatment)
        assert copy is not None
        return copy

    return apply


def _jpeg_twice(pixels: Pixels) -> Pixels:
    """Save, cut the first rows and columns off so that the grids differ, and save again."""
    once = _copy(Treatment.JPEG_75)(pixels)
    return _copy(Treatment.JPEG_85)(np.ascontiguousarray(once[3:, 5:]))


HARMLESS: dict[str, Callable[[Pixels], Pixels]] = {
    "halved and enlarged, bicubic": _down_up(cv2.INTER_CUBIC),
    "halved and enlarged, Lanczos": _down_up(cv2.INTER_LANCZOS4),
    "halved and enlarged, nearest": _down_up(cv2.INTER_NEAREST),
    "denoised, non-local means": lambda p: np.asarray(
        cv2.fastNlMeansDenoisingColored(p, None, 4, 4, 5, 11), np.uint8
    ),
    "median of 3": lambda p: np.asarray(cv2.medianBlur(p, 3), np.uint8),
    "unsharp mask": _unsharp,
    "tone mapping": _tone,
    "JPEG twice": _jpeg_twice,
    "WebP 80": _copy(Treatment.WEBP_80),
    "x264 frame": _copy(Treatment.X264),
}


def identity(pixels: Pixels) -> Pixels:
    """Return what the recipe's autoencoder would get and give if it changed nothing.

    Sides are cut to multiples of 8, values pass [0, 1] and bfloat16 and are rounded again.
    """
    height, width = (side // 8 * 8 for side in pixels.shape[:2])
    values = pixels[:height, :width].astype(np.float32) / 255
    bits = values.view(np.uint32)
    rounded = ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype(np.uint32)
    back = np.clip(rounded.view(np.float32), 0, 1) * 255
    return np.rint(back).astype(np.uint8)


def real_pastes(pictures: Sequence[Pixels], count: int) -> Iterator[Pixels]:
    """Yield at most ``count`` pictures with a region of another picture of the same label."""
    generator = np.random.default_rng(0)
    made = 0
    for n in range(4 * count if len(pictures) > 1 else 0):
        first = n % len(pictures)
        second = (first + 1 + int(generator.integers(len(pictures) - 1))) % len(pictures)
        pasted = paste(pictures[first], pictures[second], generator)
        if pasted is not None:
            made += 1
            yield pasted.pixels
        if made == count:
            return
