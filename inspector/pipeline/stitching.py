"""A patch map of a whole frame from tiles, without seams."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from math import lcm
from threading import Event

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import DetectorSpec, SizePolicy, ViewSpec
from inspector.pipeline.pooling import map_likelihoods
from inspector.pipeline.tiling import (
    StitchTile,
    cut_out,
    overlapping_tiles,
    padded,
    stitch_plan,
)
from inspector.ports import Detector, ScanCancelled

Step = Callable[[int, int], None]
"""Called after each tile with the tiles done and the tiles in all."""


def no_step(done: int, total: int) -> None:
    """Pass over how far it is."""


def patch_view(spec: DetectorSpec) -> ViewSpec | None:
    """Return the view that draws a map at native resolution, if any."""
    view = spec.map_view
    is_native = view is not None and view.input.size_policy is SizePolicy.NATIVE_TILES
    return view if is_native else None


def stitched_likelihoods(
    detector: Detector,
    view: ViewSpec,
    pixels: NDArray[np.uint8],
    step: Step = no_step,
    cancel: Event | None = None,
) -> tuple[NDArray[np.float32], int]:
    """Return likelihoods (rows, cols) of the cells of a patch map, and the side of a cell.

    Where the card names a margin of half the receptive field, tiles are cut back by it and the
    map equals that of one pass. Else a tile is taken to see no further than itself: tiles of the
    card's size overlap and are blended, so that no edge of one shows.
    """
    assert view.map_output is not None
    stride = view.map_output.stride
    height, width = pixels.shape[:2]
    source = padded(pixels, lcm(view.input.multiple, stride))
    shape = (source.shape[0] // stride, source.shape[1] // stride)
    total, weight = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for part, cells in _mapped(detector, view, _plan(view, source, stride), source, step, cancel):
        share = _share(part, cells.shape, stride)
        rows = slice(part.tile.y // stride, part.tile.y // stride + cells.shape[0])
        cols = slice(part.tile.x // stride, part.tile.x // stride + cells.shape[1])
        total[rows, cols] += share * cells
        weight[rows, cols] += share
    np.divide(total, weight, out=total)
    logits = total[: -(-height // stride), : -(-width // stride)]
    return map_likelihoods(logits, detector.spec.calibration), stride


def _plan(view: ViewSpec, source: NDArray[np.uint8], stride: int) -> list[StitchTile]:
    height, width = source.shape[:2]
    if view.input.margin:
        return list(stitch_plan(width, height, view.input.margin, stride))
    unit = lcm(view.input.multiple, stride)
    tiles = overlapping_tiles(width, height, view.input.size, unit)
    return [StitchTile(tile, tile) for tile in tiles]


def _mapped(
    detector: Detector,
    view: ViewSpec,
    plan: Sequence[StitchTile],
    source: NDArray[np.uint8],
    step: Step,
    cancel: Event | None,
) -> Iterator[tuple[StitchTile, NDArray[np.float32]]]:
    """Yield each tile with its patch logits; tiles of one shape run together on a device."""
    most, done = detector.device.batch, 0
    for _, alike in groupby(plan, key=lambda part: (part.tile.w, part.tile.h)):
        parts = list(alike)
        for start in range(0, len(parts), most):
            check_cancelled(cancel)
            together = parts[start : start + most]
            batch = np.stack([cut_out(source, part.tile) for part in together])
            cells = detector.run(view.name, batch).map_logits
            assert cells is not None
            yield from zip(together, cells, strict=True)
            done += len(together)
            step(done, len(plan))


def _share(part: StitchTile, shape: tuple[int, ...], stride: int) -> NDArray[np.float32]:
    """Return how much each cell of a tile counts: all of what is kept, or less to the edges."""
    if part.keep != part.tile:
        share = np.zeros(shape, np.float32)
        row, col = (part.keep.y - part.tile.y) // stride, (part.keep.x - part.tile.x) // stride
        share[row : row + part.keep.h // stride, col : col + part.keep.w // stride] = 1
        return share
    ramps = [np.minimum(np.arange(n) + 1, n - np.arange(n)) for n in shape]
    return np.outer(*ramps).astype(np.float32)


def check_cancelled(cancel: Event | None) -> None:
    """Raise ScanCancelled once ``cancel`` was set."""
    if cancel is not None and cancel.is_set():
        raise ScanCancelled
