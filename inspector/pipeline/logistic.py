"""A linear head by logistic regression, in NumPy alone."""

import numpy as np
from numpy.typing import NDArray

from inspector.domain.teaching import LinearHead

MOST_STEPS = 50
CLOSE_ENOUGH = 1e-8
"""A step that promises less than this of the loss ends the search."""

_HALVINGS = 30
_STEADY = 1e-9
"""Added to the curvature, so that it can be solved where nothing bends the bias."""
_SMALLEST_SPREAD = 1e-4
"""Added to each feature's deviation, so that a constant one weighs nothing."""


def fit_logistic(
    features: NDArray[np.floating],
    labels: NDArray[np.bool_],
    weights: NDArray[np.float64],
    l2: float,
    start: LinearHead | None = None,
) -> LinearHead:
    """Return the head with the least weighted mean log loss + l2 / 2 |v|^2.

    ``v`` are the weights over standardised features; the bias is free.

    Args:
        features: shape (n, k).
        labels: shape (n,); True is the class whose logit is positive.
        weights: of each row, positive, shape (n,).
        l2: over 0, so that there is one answer even where a plane parts the classes.
        start: a head that is near the answer; it only saves time.

    Raises:
        ValueError: one class only.

    Source:
        Newton's method, which is iteratively reweighted least squares here (Hastie, Tibshirani
        and Friedman, The Elements of Statistical Learning, 2nd ed., 4.4.1), with halved steps.
    """
    if labels.all() or not labels.any():
        raise ValueError("a head needs pictures of both classes")
    share = weights / weights.sum()
    mean, spread = _spread(features, share)
    ones = np.ones((features.shape[0], 1))
    x = np.hstack([(features - mean) / spread, ones])
    ridge = np.full(x.shape[1], l2)
    ridge[-1] = 0.0
    v = np.zeros(x.shape[1])
    if start is not None:
        v = np.append(start.weights * spread, start.bias + mean @ start.weights)
    v = _newton(x, labels.astype(np.float64), share, ridge, v)
    flat = v[:-1] / spread
    return LinearHead(flat, float(v[-1] - mean @ flat))


def _spread(
    features: NDArray[np.floating], share: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mean = share @ features
    square = share @ (features - mean) ** 2
    return mean, np.sqrt(square) + _SMALLEST_SPREAD


def _newton(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    share: NDArray[np.float64],
    ridge: NDArray[np.float64],
    v: NDArray[np.float64],
) -> NDArray[np.float64]:
    loss = _loss(x, y, share, ridge, v)
    rough = x.astype(np.float32)  # the way to the answer may be rough; the gradient may not
    for _ in range(MOST_STEPS):
        p = _sigmoid(x @ v)
        gradient = x.T @ (share * (p - y)) + ridge * v
        bend = np.asarray(share * p * (1 - p), np.float32)
        curvature = np.asarray((rough * bend[:, None]).T @ rough, np.float64)
        curvature[np.diag_indices_from(curvature)] += ridge + _STEADY
        step = np.asarray(np.linalg.solve(curvature, gradient), np.float64)
        promised = float(gradient @ step)
        if promised < CLOSE_ENOUGH:
            break
        v, loss = _downhill(x, y, share, ridge, v, step, loss)
    return v


def _downhill(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    share: NDArray[np.float64],
    ridge: NDArray[np.float64],
    v: NDArray[np.float64],
    step: NDArray[np.float64],
    loss: float,
) -> tuple[NDArray[np.float64], float]:
    """Go along the step, halved until the loss falls; far from the answer a whole one may not."""
    for _ in range(_HALVINGS):
        there = _loss(x, y, share, ridge, v - step)
        if there <= loss:
            break
        step = step / 2
    return v - step, there


def _loss(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    share: NDArray[np.float64],
    ridge: NDArray[np.float64],
    v: NDArray[np.float64],
) -> float:
    logits = x @ v
    return float(share @ (np.logaddexp(0, logits) - y * logits) + (ridge * v * v).sum() / 2)


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(0.5 * (1 + np.tanh(logits / 2)), np.float64)
