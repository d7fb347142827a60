"""From pooled logits to a calibrated likelihood, and thresholds that stand on counted reals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression

from inspector.pipeline.regions import find_regions
from models.training.probe import source_weights
from models.training.sources import Picture

Floats = NDArray[np.floating]

REVIEW_RATE, DROP_RATE = 0.03, 0.008
"""Shares of reals that may pass each threshold, by the upper bound. No more than 1 % may be
dropped; the rest of that is left to what harmless treatment adds."""


@dataclass(frozen=True, slots=True)
class Fusion:
    """image logit = weights . features + bias; already calibrated, so the temperature is 1."""

    weights: NDArray[np.float32]
    bias: float

    def __call__(self, features: Floats) -> NDArray[np.float32]:
        return np.asarray(features @ self.weights + self.bias, np.float32)


def fit_fusion(features: Floats, pictures: Sequence[Picture], c: float = 0.1) -> Fusion:
    """Fit a logistic on standardised features; sources and classes weigh as in the heads."""
    mean, std = features.mean(axis=0), features.std(axis=0) + 1e-6
    model = LogisticRegression(C=c, max_iter=1000)
    model.fit(
        (features - mean) / std,
        [p.synthetic for p in pictures],
        sample_weight=source_weights(pictures),
    )
    weights = model.coef_[0] / std
    return Fusion(weights.astype(np.float32), float(model.intercept_[0] - mean @ weights))


def cross_fused(features: Floats, pictures: Sequence[Picture], n: int = 5) -> NDArray[np.float32]:
    """Return fused logits, each from a fusion that did not see the file's group."""
    groups = sorted({p.group for p in pictures})
    part = np.array([groups.index(p.group) % n for p in pictures])
    logits = np.zeros(len(pictures), np.float32)
    for number in range(n):
        rows = np.flatnonzero(part != number)
        fusion = fit_fusion(features[rows], [pictures[i] for i in rows])
        logits[part == number] = fusion(features[part == number])
    return logits


def error_bound(errors: int, n: int, confidence: float = 0.95) -> float:
    """Return the one-sided upper Clopper-Pearson bound of a rate (Biometrika 26, 1934)."""
    return 1.0 if errors >= n else float(beta.ppf(confidence, errors + 1, n - errors))


def threshold(reals: Floats, rate: float) -> tuple[float, int]:
    """Return the lowest likelihood over which at most ``rate`` of reals lie, and how many do.

    "At most" by the upper bound, so the promise holds beyond the reals counted.
    """
    ordered = np.sort(reals)[::-1]
    allowed = 0
    while error_bound(allowed + 1, len(reals)) <= rate:
        allowed += 1
    if error_bound(allowed, len(reals)) > rate:
        raise ValueError(f"{len(reals)} reals are too few to certify a rate of {rate}")
    # The threshold lies on the first real that must stay under it, a hair above.
    return float(ordered[allowed]) + 1e-4, allowed


@dataclass(frozen=True, slots=True)
class Scaling:
    """Likelihood = sigmoid(logit / temperature + bias); for a map, the thresholds of regions."""

    temperature: float
    bias: float
    high: float = 1.0
    low: float = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds on the image logit, and how many of the reals lie over them."""

    review: float
    drop: float
    over_review: int
    over_drop: int
    n_real: int


def limits_of(reals: Floats) -> Limits:
    """Return the thresholds that few enough of the reals' logits pass."""
    review, over_review = threshold(reals, REVIEW_RATE)
    drop, over_drop = threshold(reals, DROP_RATE)
    return Limits(review, max(review, drop), over_review, over_drop, len(reals))


def likelihood(logit: float) -> float:
    """Return a likelihood, rounded up: no real that must stay under a threshold reaches it."""
    return float(np.ceil(1e5 / (1 + np.exp(-logit))) / 1e5)


def calibrate_frames(logits: Floats, synthetic: NDArray[np.bool_]) -> tuple[Limits, Scaling]:
    """Return thresholds for the logits of a clip's frames, and what makes likelihoods of them."""
    model = LogisticRegression(class_weight="balanced").fit(logits[:, None], synthetic)
    slope = max(float(model.coef_[0, 0]), 1e-3)
    return limits_of(logits[~synthetic]), Scaling(1 / slope, float(model.intercept_[0]))


def fit_map(logits: Floats, shares: Floats) -> Scaling:
    """Fit a cell's likelihood on its logit; ``shares`` are the true shares of fake pixels."""
    clear = (shares < 0.1) | (shares > 0.9)
    model = LogisticRegression(class_weight="balanced")
    model.fit(logits[clear, None], shares[clear] > 0.5)
    slope = max(float(model.coef_[0, 0]), 1e-3)
    return Scaling(1 / slope, float(model.intercept_[0]))


def region_thresholds(
    maps: Sequence[NDArray[np.float32]], cell_px: int, rate: float, gap: float = 1.0
) -> tuple[float, float, int]:
    """Return (high, low, errors): the lowest thresholds at which regions fire on few reals.

    Args:
        maps: likelihoods of held-out reals, NaN where not scored.
        gap: how far the low threshold lies under the high one, in logits.
    """
    chosen = (1.0, 1.0, 0)
    for logit in np.arange(8.0, -1.0, -0.25):
        high, low = (float(1 / (1 + np.exp(-v))) for v in (logit, logit - gap))
        hits = sum(
            bool(find_regions(m, cell_px, (m.shape[1] * cell_px, m.shape[0] * cell_px), high, low))
            for m in maps
        )
        if error_bound(hits, len(maps)) > rate:
            break
        chosen = (high, low, hits)
    return chosen
