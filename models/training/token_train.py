"""The map's head: what single patch tokens say, learnt from whole pictures and from regions."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn
from torch.nn import functional

from models.training.batches import Sampler, Twins
from models.training.clip_tower import SIDE, STRIDE, WIDTH, ClipTower
from models.training.features import run_net
from models.training.probe import LinearHead, fit_head
from models.training.sources import Picture
from models.training.token_map import CELLS

PARTS, BATCHES, CELLS_PER_CROP = 6, 20, 16
"""The tower is slow, so its cells are kept part by part; a batch is 24 crops."""

C = 1e-4
"""Inverse regularisation of both heads: weak ones keep to what holds across sources."""

REGION_SHARE = 1.0
"""Weight of the head learnt from regions beside the one learnt from whole pictures."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Tokens [M, taps * 768] of random cells of shown crops, and their share of fake pixels."""

    tokens: NDArray[np.float16]
    shares: NDArray[np.float32]


class PatchTokens(nn.Module):
    """Windows [N, 3, 224, 224] to the patch tokens of the tower's taps, [N, 196, taps * 768]."""

    def __init__(self, tower: ClipTower) -> None:
        super().__init__()
        self.tower = tower

    def forward(self, pixels: Tensor) -> Tensor:
        return torch.cat([tap[:, 1:] for tap in self.tower.tokens(pixels)], dim=2)


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
            cells.reshape(-1, 1, CELLS, CELLS), 3, 1, 1, count_include_pad=False
        )
        return smooth.reshape(-1, CELLS, CELLS)


def shown_cells(
    net: nn.Module, pictures: Sequence[Picture], twins: Twins, work: Path, *, half: bool
) -> Cells:
    """Run a tower over what the sampler shows; kept in ``work``, part by part."""
    kept = []
    for part in range(PARTS):
        sampler = Sampler(pictures, twins, 100 + part, SIDE)
        kept.append(_part(net, sampler, 100 + part, work / f"tokens-{part}.npz", half=half))
    return Cells(np.concatenate([k[0] for k in kept]), np.concatenate([k[1] for k in kept]))


def mean_tokens(features: NDArray[np.float16], n_last: int) -> NDArray[np.float16]:
    """Return the mean patch tokens of the last taps from features of class and mean tokens."""
    taps = features.reshape(len(features), -1, 2, WIDTH)[:, -n_last:, 1]
    return taps.reshape(len(features), -1)


def fit_map_head(
    means: NDArray[np.floating], pictures: Sequence[Picture], cells: Cells
) -> LinearHead:
    """Return one head for single tokens, the sum of two.

    The mean of tokens is linear in them, so a head fitted on pictures' mean tokens, [N, D], can
    be read off each token (as in class activation maps, Zhou et al. 2016, arXiv 1512.04150); it
    carries over best to new sources. One fitted on pasted regions sharpens where they lie.
    """
    heads = (fit_head(means, pictures, C), _fit_cells(cells))
    weights, centre = np.zeros(means.shape[1], np.float32), cells.tokens.mean(0, np.float32)
    for head, share in zip(heads, (1.0, REGION_SHARE), strict=True):
        weights += (share / head(cells.tokens).std()) * head.weights / head.std
    return LinearHead(centre, np.ones_like(centre), weights, 0.0)


def _fit_cells(cells: Cells) -> LinearHead:
    """Fit a logistic on cells that are clearly of one kind, both kinds weighing the same."""
    clear = (cells.shares < 0.1) | (cells.shares > 0.9)
    x = cells.tokens[clear].astype(np.float32)
    mean, std = x.mean(axis=0), x.std(axis=0) + 1e-3
    model = LogisticRegression(C=C, max_iter=200, class_weight="balanced", tol=1e-3)
    model.fit((x - mean) / std, cells.shares[clear] > 0.5)
    return LinearHead(mean, std, model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def _part(
    net: nn.Module, sampler: Sampler, seed: int, store: Path, *, half: bool
) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
    if store.exists():
        with np.load(store) as kept:
            return kept["features"], kept["shares"]
    rng = np.random.default_rng(seed)
    began, features, shares = time.monotonic(), [], []
    for _ in range(BATCHES):
        samples = sampler.batch()
        masks = torch.from_numpy(np.stack([s.mask for s in samples])[:, None])
        share = nn.functional.avg_pool2d(masks, STRIDE).numpy().reshape(len(samples), -1)
        tokens = run_net(net, [s.image for s in samples], half=half)
        places = rng.integers(0, CELLS**2, (len(samples), CELLS_PER_CROP))
        crop = np.arange(len(samples))[:, None]
        features.append(tokens[crop, places].reshape(-1, tokens.shape[2]).astype(np.float16))
        shares.append(share[crop, places].ravel())
    print(f"cells: {store.name}, {time.monotonic() - began:.0f} s", flush=True)
    out = np.concatenate(features), np.concatenate(shares).astype(np.float32)
    np.savez(store, features=out[0], shares=out[1])
    return out
