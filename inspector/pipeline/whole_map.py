"""The heatmap of a whole frame, for the eye: of patches, or by sliding tiles."""

from threading import Event

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import DetectorSpec
from inspector.domain.media import Frame
from inspector.domain.score import Heatmap, WholeMap
from inspector.pipeline.blank_cells import without_blank
from inspector.pipeline.scoring import FrameScorer
from inspector.pipeline.stitching import Step, check_cancelled, no_step
from inspector.pipeline.tiling import Tile, cut_out

MOST_HALF_STEPS = 400
"""Windows of a sliding map up to which they overlap by half; more lie side by side."""


def draw_whole_map(
    scorer: FrameScorer,
    pixels: NDArray[np.uint8],
    step: Step = no_step,
    cancel: Event | None = None,
) -> WholeMap:
    """Return the map of a frame, uint8 (h, w, 3), sRGB; flat and saturated cells abstain.

    A detector without a patch map at native resolution is slid over the frame as over pictures
    of their own, and the map says so.

    Raises:
        ModelError: the detector gave no usable score.
        ScanCancelled: ``cancel`` was set before the last tile.
    """
    heatmap = scorer.whole_map(pixels, step, cancel)
    if heatmap is not None:
        return WholeMap(heatmap, scorer.spec.id, by_sliding=False)
    likelihoods, cell_px = sliding_likelihoods(scorer, pixels, step, cancel)
    heatmap = Heatmap.from_likelihoods(without_blank(likelihoods, pixels, cell_px), cell_px)
    return WholeMap(heatmap, scorer.spec.id, by_sliding=True)


def window_side(spec: DetectorSpec) -> int:
    """Return the side of the windows that a detector without a patch map is slid in, pixels."""
    return max(max(view.input.size, view.input.resize) for view in spec.views)


def sliding_likelihoods(
    scorer: FrameScorer,
    pixels: NDArray[np.uint8],
    step: Step = no_step,
    cancel: Event | None = None,
) -> tuple[NDArray[np.float32], int]:
    """Return likelihoods (rows, cols) of windows scored one by one, and the side of a cell.

    A cell holds the mean likelihood of the windows over its middle.
    """
    height, width = pixels.shape[:2]
    side = window_side(scorer.spec)
    cell_px = max(1, side // 2)
    tiles = _windows(width, height, side, cell_px)
    if len(tiles) > MOST_HALF_STEPS:
        tiles = _windows(width, height, side, side)
    rows, cols = -(-height // cell_px), -(-width // cell_px)
    middle_y = np.minimum((np.arange(rows) + 0.5) * cell_px, height - 0.5)
    middle_x = np.minimum((np.arange(cols) + 0.5) * cell_px, width - 0.5)
    total, count = np.zeros((rows, cols), np.float32), np.zeros((rows, cols), np.float32)
    for done, tile in enumerate(tiles):
        check_cancelled(cancel)
        likelihood = scorer.score(Frame(cut_out(pixels, tile))).likelihood
        inside_y = (middle_y >= tile.y) & (middle_y < tile.y + tile.h)
        inside_x = (middle_x >= tile.x) & (middle_x < tile.x + tile.w)
        inside = np.outer(inside_y, inside_x)
        total[inside] += likelihood
        count[inside] += 1
        step(done + 1, len(tiles))
    return (total / np.maximum(count, 1)).astype(np.float32), cell_px


def _windows(width: int, height: int, side: int, step: int) -> list[Tile]:
    w, h = min(side, width), min(side, height)
    return [
        Tile(x, y, w, h)
        for y in _window_starts(height, h, step)
        for x in _window_starts(width, w, step)
    ]


def _window_starts(length: int, side: int, step: int) -> list[int]:
    return [*range(0, length - side, step), length - side]
