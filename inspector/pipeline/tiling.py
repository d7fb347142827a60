"""Where native-resolution tiles lie, and how their maps are stitched without seams."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

WHOLE_FACTOR = 2
"""Pictures up to this many tile sides are scored in one pass."""

STITCH_SIDE = 1024
"""Side of the tiles of a stitched whole map, pixels."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle of the padded frame, in pixels; x and y are multiples of the stride."""

    x: int
    y: int
    w: int
    h: int


def padded(pixels: NDArray[np.uint8], multiple: int, minimum: int = 0) -> NDArray[np.uint8]:
    """Return pixels (h, w, 3) padded by reflection, right and below, to whole multiples.

    Args:
        minimum: smallest side of the result, pixels.
    """
    height, width = pixels.shape[:2]
    below = -max(height, minimum) % multiple + max(0, minimum - height)
    right = -max(width, minimum) % multiple + max(0, minimum - width)
    if not below and not right:
        return pixels
    result = cv2.copyMakeBorder(pixels, 0, below, 0, right, cv2.BORDER_REFLECT_101)
    return np.asarray(result, np.uint8)


def scan_tiles(
    pixels: NDArray[np.uint8], side: int, budget: int, stride: int, *, fixed: bool = False
) -> tuple[Tile, ...]:
    """Choose the tiles that stand for a picture in a scan.

    A picture of at most two tile sides is one tile. A larger one gets ``budget`` tiles of
    ``side``: half of them spread evenly, the others where its texture is strongest; a single
    one lies in the middle.

    Args:
        pixels: uint8 (h, w, 3), already padded to a multiple of ``stride``.
        fixed: the view takes tiles of exactly ``side``, so a small picture is tiled too.
    """
    height, width = pixels.shape[:2]
    if not fixed and max(height, width) <= WHOLE_FACTOR * side:
        return (Tile(0, 0, width, height),)
    candidates = _grid(width, height, side, stride)
    if len(candidates) <= budget:
        return tuple(candidates)
    if budget == 1:
        return (_middle(width, height, side, stride),)
    spread = _evenly(candidates, (budget + 1) // 2)
    rest = [tile for tile in candidates if tile not in spread]
    energy = _texture(pixels, rest)
    strongest = [rest[i] for i in np.argsort(-energy, kind="stable")[: budget - len(spread)]]
    return (*spread, *strongest)


def _grid(width: int, height: int, side: int, stride: int) -> list[Tile]:
    w, h = min(side, width), min(side, height)
    return [Tile(x, y, w, h) for y in _starts(height, h, stride) for x in _starts(width, w, stride)]


def _middle(width: int, height: int, side: int, stride: int) -> Tile:
    w, h = min(side, width), min(side, height)
    return Tile((width - w) // (2 * stride) * stride, (height - h) // (2 * stride) * stride, w, h)


def _starts(length: int, side: int, stride: int, overlap: int = 0) -> list[int]:
    if length <= side:
        return [0]
    count = -(-(length - overlap) // (side - overlap))
    last = (length - side) // stride
    return sorted({round(i * last / (count - 1)) * stride for i in range(count)})


def _evenly(tiles: Sequence[Tile], count: int) -> list[Tile]:
    return [tiles[int((i + 0.5) * len(tiles) / count)] for i in range(count)]


def _texture(pixels: NDArray[np.uint8], tiles: Sequence[Tile]) -> NDArray[np.float64]:
    """Return mean absolute Laplacian per tile, on a copy reduced four times."""
    small = cv2.resize(pixels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    strength = np.abs(cv2.Laplacian(grey, cv2.CV_32F))
    return np.array(
        [strength[t.y // 4 : (t.y + t.h) // 4, t.x // 4 : (t.x + t.w) // 4].mean() for t in tiles]
    )


def cut_out(pixels: NDArray[np.uint8], tile: Tile) -> NDArray[np.uint8]:
    """Return a tile's pixels in memory of their own."""
    return np.ascontiguousarray(pixels[tile.y : tile.y + tile.h, tile.x : tile.x + tile.w])


def overlapping_tiles(width: int, height: int, side: int, unit: int) -> tuple[Tile, ...]:
    """Return tiles that cover a frame and overlap by at least a quarter of their side.

    Args:
        width: pixels, a multiple of ``unit``.
        height: pixels, a multiple of ``unit``.
        side: longest side of a tile, pixels.
        unit: places of tiles are multiples of it, pixels.
    """
    side = max(unit, side // unit * unit)
    overlap = min(side - unit, -(-side // (4 * unit)) * unit)
    w, h = min(side, width), min(side, height)
    return tuple(
        Tile(x, y, w, h)
        for y in _starts(height, h, unit, overlap)
        for x in _starts(width, w, unit, overlap)
    )


@dataclass(frozen=True, slots=True)
class StitchTile:
    """A tile of a whole map and the part of it that is kept, all in pixels of the frame."""

    tile: Tile
    keep: Tile


def stitch_plan(
    width: int, height: int, margin: int, stride: int, side: int = STITCH_SIDE
) -> Iterator[StitchTile]:
    """Yield overlapping tiles whose kept parts cover the frame once, without seams.

    Each kept part lies at least ``margin`` pixels from an inner tile border, so with a margin
    of half the receptive field the map equals that of one pass. Sides are multiples of
    ``stride``.
    """
    margin = -(-margin // stride) * stride
    step = max(stride, (side - 2 * margin) // stride * stride)
    for top, bottom in _bands(height, step):
        for left, right in _bands(width, step):
            x0, y0 = max(0, left - margin), max(0, top - margin)
            x1, y1 = min(width, right + margin), min(height, bottom + margin)
            yield StitchTile(
                Tile(x0, y0, x1 - x0, y1 - y0), Tile(left, top, right - left, bottom - top)
            )


def _bands(length: int, step: int) -> Iterator[tuple[int, int]]:
    for start in range(0, length, step):
        yield start, min(length, start + step)
