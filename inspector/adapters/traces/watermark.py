"""The invisible watermark that Stable Diffusion and FLUX put into pixels ("dwtDct").

Source: the invisible-watermark library (MIT), method dwtDct, as the reference scripts of
Stability AI, Hugging Face diffusers and Black Forest Labs call it: channel U, Haar wavelet,
4x4 blocks of the low band, one bit a block, told by the largest value modulo 36. It survives
only where pixels were kept (nearly) as they were; its absence means nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.traces.statements import trace
from inspector.domain.traces import Says, Trace

SCALE = 36
MIN_PIXELS = 256 * 256
"""The library marks no smaller picture."""

ROWS_READ = 1024
"""The message repeats from block to block, so the top of a picture is enough."""

_STRIP_ROWS = 128
"""Rows turned into floats at a time, a multiple of a block's eight: wide pictures are large."""


def _bits_of_text(text: str) -> str:
    return "".join(f"{byte:08b}" for byte in text.encode("ascii"))


MESSAGES: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "Stable Diffusion 1": (_bits_of_text("StableDiffusionV1"), 120),
        "Stable Diffusion XL": ("101100111110110010010000011110111011000110011110", 44),
        # The scripts lose the two leading zeros of the 48-bit message: bin() drops them.
        "FLUX": ("1010101111111010000111100111001111010100101110", 42),
    }
)
"""The bits of each message, and how many must agree.

Wrong bits are right half of the time: 44 of 48 by chance is one picture in a billion.
"""


def watermark_traces(pixels: NDArray[np.uint8]) -> list[Trace]:
    """Return the trace of a known message in pixels, uint8 (h, w, 3), sRGB; one or none."""
    if pixels.shape[0] * pixels.shape[1] < MIN_PIXELS:
        return []
    votes = _block_bits(pixels)
    for name, (message, needed) in MESSAGES.items():
        agreeing = _agreeing(votes, message)
        if agreeing >= needed:
            value = f"{name}: {agreeing} of {len(message)} bits"
            return [trace("watermark", "pixels, invisible-watermark dwtDct", value, Says.AI)]
    return []


def _block_bits(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return the bit each block votes for, row by row."""
    height = min(pixels.shape[0] // 4 * 4, ROWS_READ)
    strips = [
        _strip_bits(pixels[top : min(top + _STRIP_ROWS, height)])
        for top in range(0, height, _STRIP_ROWS)
    ]
    return np.concatenate([np.zeros(0, np.bool_), *strips])


def _strip_bits(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    top = pixels[:, : pixels.shape[1] // 4 * 4].astype(np.float32)
    luma = top @ np.array((0.299, 0.587, 0.114), np.float32)
    chroma = np.rint(np.clip(0.492 * (top[..., 2] - luma) + 128, 0, 255))
    low = (chroma[0::2, 0::2] + chroma[0::2, 1::2] + chroma[1::2, 0::2] + chroma[1::2, 1::2]) / 2
    rows, cols = low.shape[0] // 4, low.shape[1] // 4
    blocks = low[: rows * 4, : cols * 4].reshape(rows, 4, cols, 4).transpose(0, 2, 1, 3)
    largest = np.abs(blocks.reshape(rows * cols, 16)[:, 1:]).max(axis=1)
    return np.asarray(largest % SCALE > SCALE / 2, np.bool_)


def _agreeing(votes: NDArray[np.bool_], message: str) -> int:
    """Return how many bits of a message the majority of its blocks gives."""
    length = len(message)
    whole = votes[: len(votes) // length * length].reshape(-1, length)
    if not len(whole):
        return 0
    wanted = np.frombuffer(message.encode("ascii"), np.uint8) == ord("1")
    return int(((whole.mean(axis=0) > 127 / 255) == wanted).sum())
