"""Regions of one label pasted into pictures of the other, and how well a map finds them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import Calibration
from inspector.domain.figures import Interval, RegionFigures
from inspector.domain.score import Heatmap
from inspector.pipeline.measures import Curve, Floats, bootstrapped
from inspector.pipeline.regions import MIN_REGION_PX, find_regions

LEAST_SIDE = 2 * MIN_REGION_PX
"""Shortest side of a picture that can take a region, pixels."""

LARGEST_SIDE = 1024
"""The middle of a larger picture takes the region, pixels."""

ROUNDS = 300

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pasted:
    """A picture with a foreign region; ``mask`` is where the region lies, (h, w)."""

    pixels: Pixels
    mask: Mask


@dataclass(frozen=True, slots=True)
class FoundRegions:
    """What a map says of one pasted picture.

    Attributes:
        likelihoods: of cells, (rows, cols), NaN where it abstains.
        shares: of each cell's pixels that are synthetic, (rows, cols).
        iou: of cells over one half with the synthetic pixels.
        hit: a region of the scan's rules touches synthetic pixels.
    """

    likelihoods: NDArray[np.float32]
    shares: NDArray[np.float64]
    iou: float
    hit: bool


def paste(base: Pixels, insert: Pixels, generator: np.random.Generator) -> Pasted | None:
    """Return the middle of ``base`` with a part of ``insert`` at native size, softly joined.

    The region is a box, an ellipse or a polygon of at least 64 px and at most two thirds of
    each side, at random. None where a picture is too small to hold one.

    Args:
        base, insert: uint8 (h, w, 3), sRGB.
    """
    height, width = (
        min(LARGEST_SIDE, *sides) for sides in zip(base.shape[:2], insert.shape[:2], strict=True)
    )
    if min(height, width) < LEAST_SIDE:
        return None
    mask = _shape(generator, height, width)
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.0)[..., None]
    ours, theirs = _middle(base, height, width), _middle(insert, height, width)
    mixed = ours + (theirs.astype(np.float32) - ours) * soft
    return Pasted(np.rint(mixed).astype(np.uint8), mask)


def found_regions(heatmap: Heatmap, synthetic: Mask, calibration: Calibration) -> FoundRegions:
    """Compare a whole map with where the synthetic pixels are, (h, w)."""
    cell = heatmap.cell_px
    likelihoods = heatmap.likelihoods()
    height, width = synthetic.shape
    rows, cols = (np.arange(0, side, cell) for side in (height, width))
    sums = np.add.reduceat(np.add.reduceat(synthetic.astype(float), rows, 0), cols, 1)
    areas = np.outer([min(cell, height - y) for y in rows], [min(cell, width - x) for x in cols])
    shares = sums / areas
    shown = np.kron(np.nan_to_num(likelihoods) > 0.5, np.ones((cell, cell), bool))
    shown = shown[:height, :width]
    both, either = (shown & synthetic).sum(), (shown | synthetic).sum()
    regions = find_regions(
        likelihoods, cell, (width, height), calibration.region_review, calibration.region_low
    )
    hit = any(synthetic[r.y : r.y + r.h, r.x : r.x + r.w].any() for r in regions)
    return FoundRegions(likelihoods, shares, float(both / max(1, either)), hit)


def region_figures(found: Sequence[FoundRegions]) -> RegionFigures:
    """Return the figures over pasted pictures, with intervals over pictures.

    Raises:
        ValueError: there is no picture.
    """
    if not found:
        raise ValueError("no picture with a region")
    cells = np.concatenate([f.likelihoods.ravel() for f in found]).astype(np.float64)
    shares = np.concatenate([f.shares.ravel() for f in found])
    ends = np.cumsum([0, *(f.shares.size for f in found)])
    owner = np.empty(len(cells), np.intp)
    for number, (start, end) in enumerate(pairwise(ends)):
        owner[start:end] = number
    scored = np.isfinite(cells)

    def areas(weights: Floats) -> Floats:
        own = weights[:, owner[scored]]
        return Curve(cells[scored], own * shares[scored], own * (1 - shares[scored])).auc()

    return RegionFigures(
        len(found),
        _over_pictures(areas, len(found)),
        _mean([f.iou for f in found]),
        _mean([float(f.hit) for f in found]),
        float(1 - scored.mean()),
    )


def _mean(values: Sequence[float]) -> Interval:
    column = np.array(values)
    return _over_pictures(lambda w: np.asarray(w @ column / w.sum(axis=1)), len(values))


def _over_pictures(figure: Callable[[Floats], Floats], count: int) -> Interval:
    return bootstrapped(figure, np.zeros(count, bool), np.arange(count), ROUNDS)


def _shape(generator: np.random.Generator, height: int, width: int) -> Mask:
    h, w = (
        int(generator.integers(MIN_REGION_PX, max(MIN_REGION_PX + 1, side * 2 // 3)))
        for side in (height, width)
    )
    top, left = int(generator.integers(height - h + 1)), int(generator.integers(width - w + 1))
    mask = np.zeros((height, width), np.uint8)
    middle = (left + w // 2, top + h // 2)
    match int(generator.integers(3)):
        case 0:
            mask[top : top + h, left : left + w] = 1
        case 1:
            cv2.ellipse(mask, middle, (w // 2, h // 2), 0, 0, 360, 1, -1)
        case _:
            angles = np.sort(generator.uniform(0, 2 * np.pi, 8))
            reach = generator.uniform(0.5, 1.0, (8, 1))
            points = np.stack([np.cos(angles), np.sin(angles)], 1) * reach
            points -= points.min(axis=0)
            points *= [w - 1, h - 1] / points.max(axis=0)
            cv2.fillPoly(mask, [np.rint(points + np.array([left, top])).astype(np.int32)], 1)
    return mask.astype(bool)


def _middle(pixels: Pixels, height: int, width: int) -> Pixels:
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return pixels[top : top + height, left : left + width]
