"""The map's head: what single patch tokens say, learnt from whole native crops."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.training.clip_tower import WIDTH
from models.training.probe import LinearHead, fit_head
from models.training.sources import Picture
from models.training.token_map import CELLS

C = 1e-4
"""Inverse regularisation: a weak head keeps to what holds across sources."""

SMOOTH = 5  # cells


class LinearCells(nn.Module):
    """Patch tokens [N, 196, D] to maps [N, 14, 14], each cell averaged with its neighbours.

    A cell alone is noisy.
    """

    def __init__(self, head: LinearHead) -> None:
        super().__init__()
        self.register_buffer("centre", torch.from_numpy(head.mean.copy()))
        self.register_buffer("weights", torch.from_numpy(head.weights / head.std))

    def forward(self, tokens: Tensor) -> Tensor:
        cells = torch.matmul(tokens.float() - self.get_buffer("centre"), self.get_buffer("weights"))
        smooth = functional.avg_pool2d(
            cells.reshape(-1, 1, CELLS, CELLS), SMOOTH, 1, SMOOTH // 2, count_include_pad=False
        )
        return smooth.reshape(-1, CELLS, CELLS)


def fit_map_head(
    features: NDArray[np.float16], pictures: Sequence[Picture], taps: slice
) -> LinearCells:
    """Fit a head on the mean patch tokens of native crops, to be read off each token.

    The mean of tokens is linear in them (as in class activation maps, Zhou et al. 2016,
    arXiv 1512.04150), and whole generated pictures carry over best to new sources.

    Args:
        features: class and mean tokens of each tap, [N, taps * 2 * 768].
        taps: those that the map reads.
    """
    rows = [i for i, p in enumerate(pictures) if p.view == "crops"]
    means = features.reshape(len(features), -1, 2, WIDTH)[rows, taps, 1].reshape(len(rows), -1)
    return LinearCells(fit_head(means, [pictures[i] for i in rows], C))
