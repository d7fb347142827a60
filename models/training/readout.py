"""What is read off a window's pooled tokens: a logit for either view, and reduced features."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd
from torch import Tensor, nn

from models.training.calm import calm_of
from models.training.heads import Heads
from models.training.probe import LinearHead

N_LOGITS = 2
N_FEATURES = 320
"""Few enough to ship for every training picture, enough to lose next to no AUC."""


@dataclass(frozen=True, slots=True)
class LinearMap:
    """``(features - centre) @ weights``; centre [D] float32, weights [D, K] float16."""

    centre: NDArray[np.float32]
    weights: NDArray[np.float16]

    def __call__(self, features: NDArray[np.floating]) -> NDArray[np.float32]:
        centred = np.asarray(features, np.float32) - self.centre
        return np.asarray(centred @ self.weights.astype(np.float32), np.float32)


def reduce(features: NDArray[np.float16], heads: Heads, harmless: NDArray[np.float32]) -> LinearMap:
    """Return a map to the directions that hold most variance, the whole view's logit first.

    Every direction is scaled to unit deviation, and none shows a harmless change, [K, D].
    """
    centre, std = heads.whole.mean, heads.whole.std
    calm = calm_of(harmless, std)
    standard = calm((np.asarray(features, np.float32) - centre) / std)
    _, _, rows = randomized_svd(standard, N_FEATURES - 1, random_state=0)
    directions = np.concatenate([heads.whole.weights[None], rows])
    deviations = np.array([(standard @ d).std() for d in directions])
    weights = directions.T / deviations / std[:, None]
    return LinearMap(centre, weights.astype(np.float16))


class Readout(nn.Module):
    """Pooled tokens [M, D] to [M, 2 + K]: the whole view's logit, the native one's, features."""

    def __init__(self, heads: Heads, reduction: LinearMap) -> None:
        super().__init__()
        centre = reduction.centre.astype(np.float64)
        columns = [_raw(heads.whole), _raw(heads.native)]
        weights = np.stack([w for w, _ in columns], axis=1)
        bias = np.array([b for _, b in columns]) + centre @ weights
        self.register_buffer("centre", torch.from_numpy(reduction.centre.copy()))
        self.register_buffer("logit_weights", torch.from_numpy(weights.astype(np.float32)))
        self.register_buffer("logit_bias", torch.from_numpy(bias.astype(np.float32)))
        # Half precision halves the file; a head taught on them never saw any others.
        self.register_buffer("reduction", torch.from_numpy(reduction.weights))

    def forward(self, pooled: Tensor) -> Tensor:
        centred = pooled.float() - self.get_buffer("centre")
        logits = torch.matmul(centred, self.get_buffer("logit_weights"))
        features = torch.matmul(centred, self.get_buffer("reduction").to(torch.float32))
        return torch.cat([logits + self.get_buffer("logit_bias"), features], dim=1)


def _raw(head: LinearHead) -> tuple[NDArray[np.float64], float]:
    """Return a head as weights and bias on features as they are."""
    weights = (head.weights / head.std).astype(np.float64)
    return weights, head.bias - float(head.mean.astype(np.float64) @ weights)
