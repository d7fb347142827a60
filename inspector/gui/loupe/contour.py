"""Where a heatmap crosses a likelihood, and where nothing was scored, as plain geometry."""

import numpy as np
from numpy.typing import NDArray

from inspector.domain.score import NOT_SCORED, Heatmap

Segments = NDArray[np.float64]
"""Shape (n, 4): x1, y1, x2, y2 of each segment, in native pixels."""

_TOP, _RIGHT, _BOTTOM, _LEFT = range(4)

_EDGES: tuple[tuple[int, int, int], ...] = (
    (1, _LEFT, _TOP), (2, _TOP, _RIGHT), (3, _LEFT, _RIGHT), (4, _RIGHT, _BOTTOM),
    (5, _LEFT, _TOP), (5, _RIGHT, _BOTTOM), (6, _TOP, _BOTTOM), (7, _LEFT, _BOTTOM),
    (8, _BOTTOM, _LEFT), (9, _BOTTOM, _TOP), (10, _TOP, _RIGHT), (10, _BOTTOM, _LEFT),
    (11, _BOTTOM, _RIGHT), (12, _RIGHT, _LEFT), (13, _RIGHT, _TOP), (14, _TOP, _LEFT),
)  # fmt: skip
"""(case, edge, edge): which edges of a square the line joins. Case bits: 1 top left, 2 top right,
4 bottom right, 8 bottom left corner over the level."""


def contour(heatmap: Heatmap, level: float) -> Segments:
    """Return the lines along which the likelihood crosses ``level``.

    Cell centres are the sample points; the map is framed with zeros, so that every line closes.
    A cell that was not scored counts as zero: the line runs along the edge of what was scored.

    Args:
        heatmap: any grid.
        level: likelihood, in (0, 1).

    Source:
        Marching squares (Maple 2003, doi 10.1109/GMAG.2003.1219671).
    """
    field = np.pad(np.nan_to_num(heatmap.likelihoods().astype(np.float64)), 1)
    top_left, top_right = field[:-1, :-1], field[:-1, 1:]
    bottom_left, bottom_right = field[1:, :-1], field[1:, 1:]
    case = (
        (top_left >= level) * 1
        + (top_right >= level) * 2
        + (bottom_right >= level) * 4
        + (bottom_left >= level) * 8
    )
    rows, cols = np.indices(case.shape).astype(np.float64)
    crossing = {
        _TOP: (cols + _share(top_left, top_right, level), rows),
        _RIGHT: (cols + 1, rows + _share(top_right, bottom_right, level)),
        _BOTTOM: (cols + _share(bottom_left, bottom_right, level), rows + 1),
        _LEFT: (cols, rows + _share(top_left, bottom_left, level)),
    }
    pieces = []
    for number, start, end in _EDGES:
        at = case == number
        if at.any():
            (x1, y1), (x2, y2) = crossing[start], crossing[end]
            pieces.append(np.stack([x1[at], y1[at], x2[at], y2[at]], axis=1))
    if not pieces:
        return np.empty((0, 4))
    lines: Segments = (np.concatenate(pieces) - 0.5) * heatmap.cell_px
    return lines


def _share(
    start: NDArray[np.float64], end: NDArray[np.float64], level: float
) -> NDArray[np.float64]:
    """Return how far along an edge the level lies, in [0, 1]; 0.5 where it does not cross."""
    rise = end - start
    share = np.full(start.shape, 0.5)
    np.divide(level - start, rise, out=share, where=np.abs(rise) > 1e-9)
    clipped: NDArray[np.float64] = np.clip(share, 0.0, 1.0)
    return clipped


def unscored_rectangles(heatmap: Heatmap) -> tuple[tuple[int, int, int, int], ...]:
    """Return the cells without a likelihood as few rectangles (x, y, w, h), in native pixels.

    Runs of cells along a row are joined with the row above where they start and end alike.
    """
    blank = np.pad(heatmap.values == NOT_SCORED, ((0, 0), (1, 1))).astype(np.int8)
    steps = np.diff(blank, axis=1)
    growing: dict[tuple[int, int], int] = {}
    done: list[tuple[int, int, int, int]] = []
    for row in range(heatmap.rows + 1):
        runs = _runs(steps[row]) if row < heatmap.rows else set()
        for run in [open_run for open_run in growing if open_run not in runs]:
            first = growing.pop(run)
            done.append((run[0], first, run[1] - run[0], row - first))
        for run in runs:
            growing.setdefault(run, row)
    side = heatmap.cell_px
    return tuple((x * side, y * side, w * side, h * side) for x, y, w, h in sorted(done))


def _runs(steps: NDArray[np.int8]) -> set[tuple[int, int]]:
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return set(zip(starts.tolist(), ends.tolist(), strict=True))
