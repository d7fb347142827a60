"""The map of *full*: the linear head on CLIP's single tokens, over windows of 224 px.

The middle blocks hold the evidence for a whole picture, and each of their 196 patch tokens holds
it for its own 16 px and what they stand in. One graph serves both views: a whole view of exactly
one window, and native tiles of any size, cut into windows. Sizes stay tensors throughout, so that
the exported graph works them out for each picture; the types below cannot say so.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.training.clip_tower import SIDE, ClipTower
from models.training.probe import LinearHead

STRIDE = 16
CELLS = SIDE // STRIDE


class TokenCells(nn.Module):
    """Windows [N, 3, 224, 224] to the tapped patch tokens as a map, [N, taps * 768, 14, 14]."""

    def __init__(self, tower: ClipTower) -> None:
        super().__init__()
        self.tower = tower

    def forward(self, pixels: Tensor) -> Tensor:
        tokens = torch.cat([tap[:, 1:] for tap in self.tower.tokens(pixels)], dim=2)
        return tokens.transpose(1, 2).reshape(len(tokens), -1, CELLS, CELLS)


class SceneAndMap(nn.Module):
    """Pixels [N, 3, H, W], sides multiples of 16, to logits [N] and [N, 1, H/16, W/16].

    Windows overlap where the sides are no multiples of 224; a smaller picture's border is
    repeated. ``logit`` is the mean of the windows' own logits: on one window, that window's.
    """

    def __init__(self, tower: ClipTower, scene: LinearHead, token: LinearHead) -> None:
        super().__init__()
        self.tower = tower
        for name, head in (("scene", scene), ("token", token)):
            self.register_buffer(f"{name}_centre", torch.from_numpy(head.mean.copy()))
            self.register_buffer(f"{name}_weights", torch.from_numpy(head.weights / head.std))
            self.register_buffer(f"{name}_bias", torch.tensor(head.bias, dtype=torch.float32))

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        taps = self.tower.tokens(cut_windows(pixels))
        logits = self._linear("scene", self.tower.pooled(taps))
        cells = self._linear("token", torch.cat([tap[:, 1:] for tap in taps], dim=2))
        return join_windows(pixels, logits, cells)

    def _linear(self, name: str, features: Tensor) -> Tensor:
        centred = features - self.get_buffer(f"{name}_centre")
        return torch.matmul(centred, self.get_buffer(f"{name}_weights")) + self.get_buffer(
            f"{name}_bias"
        )


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


def join_windows(pixels: Tensor, logits: Tensor, cells: Tensor) -> tuple[Tensor, Tensor]:
    """Return logits [N] and cells [N, 1, H/16, W/16] from those of the windows of ``pixels``.

    Args:
        logits: one a window, [M].
        cells: one a patch token of each window, M * 196 in order.
    """
    n, height, width = pixels.shape[0], pixels.shape[2], pixels.shape[3]
    rows, cols = (_cells_of_windows(_cells(side)) for side in (height, width))
    down, across = (_count(_cells(side)) for side in (height, width))
    # A cell alone is noisy; it is averaged with its neighbours of the same window.
    smooth = functional.avg_pool2d(
        cells.reshape(-1, 1, CELLS, CELLS), 3, 1, 1, count_include_pad=False
    )
    grid = smooth.reshape(n, down, across, CELLS, CELLS).permute(0, 1, 3, 2, 4)
    grid = grid.reshape(n, 1, down * CELLS, across * CELLS)
    grid = grid.index_select(2, rows).index_select(3, cols)
    return logits.reshape(n, -1).mean(dim=1), grid[:, :, : height // STRIDE, : width // STRIDE]


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
