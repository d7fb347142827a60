"""One graph for both views: pictures cut into windows of 224 px, what they give joined again.

The middle blocks hold the evidence for a whole picture, and each of their 196 patch tokens holds
it for its own 16 px and what they stand in. A whole view is exactly one window; native tiles may
have any size. Sizes stay tensors throughout, so that the exported graph works them out for each
picture; the types below cannot say so.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.training.clip_tower import SIDE, STRIDE, ClipTower
from models.training.readout import N_LOGITS, Readout

CELLS = SIDE // STRIDE
OUTPUTS = ("logit", "native_logit", "features", "patch_logits")


class TowerWithHeads(nn.Module):
    """Pixels [N, 3, H, W], sides multiples of 16, to ``OUTPUTS``.

    Windows overlap where the sides are no multiples of 224; a smaller picture's border is
    repeated. Logits [N] and features [N, K] are means over the windows: on one window, that
    window's. The map is [N, 1, H/16, W/16].
    """

    def __init__(
        self, tower: ClipTower, readout: Readout, cells: nn.Module, map_taps: slice
    ) -> None:
        super().__init__()
        self.tower, self.readout, self.cells = tower, readout, cells
        self.map_taps = map_taps

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        taps = self.tower.tokens(cut_windows(pixels))
        rows = self.readout(self.tower.pooled(taps))
        cells = self.cells(torch.cat([tap[:, 1:] for tap in taps[self.map_taps]], dim=2))
        return join_windows(pixels, rows, cells)


class CellNet(nn.Module):
    """Patch pixels [N, 3, H, W] to the map alone."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, pixels: Tensor) -> Tensor:
        cells: Tensor = self.net(pixels)[-1]
        return cells


def cut_windows(pixels: Tensor) -> Tensor:
    """Return the windows [N * down * across, 3, 224, 224] of pixels [N, 3, H, W]."""
    n, height, width = pixels.shape[0], pixels.shape[2], pixels.shape[3]
    lack = [torch.clamp(SIDE - torch.as_tensor(side), min=0) for side in (width, height)]
    whole = functional.pad(pixels, (0, lack[0], 0, lack[1]), mode="replicate")  # type: ignore[arg-type]
    rows, cols = (_pixels_of_windows(_cells(side)) for side in (height, width))
    cut = whole.index_select(2, rows).index_select(3, cols)
    down, across = rows.shape[0] // SIDE, cols.shape[0] // SIDE
    windows = cut.reshape(n, 3, down, SIDE, across, SIDE).permute(0, 2, 4, 1, 3, 5)
    return windows.reshape(-1, 3, SIDE, SIDE)


def join_windows(pixels: Tensor, rows: Tensor, cells: Tensor) -> tuple[Tensor, ...]:
    """Return ``OUTPUTS`` of pictures from what their windows gave.

    Args:
        rows: both logits and the features of each window, [M, 2 + K].
        cells: the map of each window, [M, 14, 14].
    """
    n, height, width = pixels.shape[0], pixels.shape[2], pixels.shape[3]
    across_cells = _cells_of_windows(_cells(width))
    down_cells = _cells_of_windows(_cells(height))
    down, across = (_count(_cells(side)) for side in (height, width))
    grid = cells.reshape(n, down, across, CELLS, CELLS).permute(0, 1, 3, 2, 4)
    grid = grid.reshape(n, 1, down * CELLS, across * CELLS)
    grid = grid.index_select(2, down_cells).index_select(3, across_cells)
    joined = rows.reshape(n, -1, rows.shape[1]).mean(dim=1)
    features = joined[:, N_LOGITS:]
    patches = grid[:, :, : height // STRIDE, : width // STRIDE]
    return joined[:, 0], joined[:, 1], features, patches


def _cells(side: int) -> Tensor:
    """Return how many cells a side holds once it is at least one window long."""
    return torch.clamp(torch.as_tensor(side) // STRIDE, min=CELLS)


def _count(cells: Tensor) -> Tensor:
    return (cells + CELLS - 1) // CELLS


def _starts(cells: Tensor) -> Tensor:
    """Spread windows evenly, the last one ending at the border; in cells."""
    count = _count(cells)
    return torch.arange(count) * (cells - CELLS) // torch.clamp(count - 1, min=1)


def _pixels_of_windows(cells: Tensor) -> Tensor:
    """Return the pixel that each pixel of the windows, side by side, comes from."""
    return ((_starts(cells) * STRIDE)[:, None] + torch.arange(SIDE)[None]).reshape(-1)


def _cells_of_windows(cells: Tensor) -> Tensor:
    """Return each cell's place among the windows' cells, in the window whose middle is nearest."""
    starts, place = _starts(cells), torch.arange(cells)
    window = torch.argmin(torch.abs(2 * (place[:, None] - starts[None]) - CELLS + 1), dim=1)
    return window * CELLS + place - starts[window]
