"""A linear head on frozen features: standardise, fit a logistic, score held-out repositories."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.training.calm import calm_of
from models.training.sources import Picture

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LinearHead:
    """``logit = weights . (features - mean) / std + bias``."""

    mean: Floats
    std: Floats
    weights: Floats
    bias: float

    def __call__(self, features: NDArray[np.floating]) -> Floats:
        flat = self.weights / self.std
        shift = self.bias - float(self.mean @ flat)
        return np.asarray(np.asarray(features, np.float32) @ flat + shift, np.float32)


def source_weights(pictures: Sequence[Picture]) -> Floats:
    """Weigh a picture by its source's count to the power -1/2, both classes equal, mean 1."""
    counts = Counter(p.source for p in pictures)
    weights = np.array([counts[p.source] ** -0.5 for p in pictures], np.float32)
    synthetic = np.array([p.synthetic for p in pictures])
    for label in (True, False):
        weights[synthetic == label] /= weights[synthetic == label].sum()
    return np.asarray(weights * len(weights) / 2, np.float32)


def fit_head(
    features: NDArray[np.floating],
    pictures: Sequence[Picture],
    c: float,
    shares: Floats | None = None,
    harmless: Floats | None = None,
) -> LinearHead:
    """Fit a logistic of inverse regularisation ``c`` on standardised features.

    Args:
        shares: further weight of each row; 1 unless given.
        harmless: changes of features that the head must not see, [K, D].
    """
    x = np.asarray(features, np.float32)
    mean, std = x.mean(axis=0), x.std(axis=0) + 1e-4
    model = LogisticRegression(C=c, max_iter=300, tol=1e-3)
    weights = source_weights(pictures) * (1 if shares is None else shares)
    standard = (x - mean) / std
    calm = None if harmless is None else calm_of(harmless, std)
    if calm:
        standard = calm(standard)
    model.fit(standard, [p.synthetic for p in pictures], sample_weight=weights)
    found = np.asarray(model.coef_[0], np.float32)
    return LinearHead(mean, std, calm(found) if calm else found, float(model.intercept_[0]))
