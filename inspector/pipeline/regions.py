"""From a map of likelihoods to regions, and from frame likelihoods to spans."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.score import FrameScore, Region, Span

MIN_REGION_PX = 64
"""Shortest side of a region, native pixels."""

MIN_SPAN_FRAMES = 3
"""Fewest scored frames in a row that make a span."""


def find_regions(
    likelihoods: NDArray[np.float32],
    cell_px: int,
    size: tuple[int, int],
    high: float,
    low: float,
) -> tuple[Region, ...]:
    """Return regions by hysteresis: joined cells over ``low`` that hold one over ``high``.

    Args:
        likelihoods: shape (rows, cols), [0, 1], NaN where not scored.
        cell_px: side of a cell, native pixels.
        size: width and height of the frame, native pixels; regions are cut to it.
        high: likelihood that seeds a region.
        low: likelihood that a region grows over.

    Returns:
        Regions of at least ``MIN_REGION_PX`` on both sides, the likeliest first.

    Source:
        Hysteresis thresholding as in Canny (IEEE TPAMI 8, 1986).
    """
    known = np.nan_to_num(likelihoods, nan=0.0)
    grown = (known >= low).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    width, height = size
    regions = []
    for label in range(1, count):
        inside = known[labels == label]
        if inside.max() < high:
            continue
        x, y, w, h = (int(stats[label, column]) * cell_px for column in range(4))
        w, h = min(w, width - x), min(h, height - y)
        if min(w, h) >= MIN_REGION_PX:
            regions.append(Region(x, y, w, h, float(inside.mean())))
    return tuple(sorted(regions, key=lambda region: -region.likelihood))


def find_spans(frames: Sequence[FrameScore], review: float) -> tuple[Span, ...]:
    """Return stretches of at least three scored frames in a row at or over ``review``."""
    spans: list[Span] = []
    run: list[FrameScore] = []
    for frame in [*frames, None]:
        if frame is not None and frame.likelihood >= review:
            run.append(frame)
            continue
        if len(run) >= MIN_SPAN_FRAMES:
            mean = float(np.mean([f.likelihood for f in run]))
            spans.append(Span(run[0].pts_s, run[-1].pts_s, mean))
        run = []
    return tuple(spans)
