"""A linear head by logistic regression, in NumPy alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.domain.teaching import LinearHead

Floats = NDArray[np.float64]

MOST_STEPS = 50
CLOSE_ENOUGH = 1e-8
"""A step that promises less than this of the loss ends the search."""

FIXED = 1e3
"""Penalty that leaves a weight at zero."""

_HALVINGS = 30
_STEADY = 1e-9
"""Added to the curvature, so that it can be solved where nothing bends the bias."""
_SMALLEST_SPREAD = 1e-4
"""Added to each feature's deviation, so that a constant one weighs nothing."""


@dataclass(frozen=True, slots=True)
class _Problem:
    """Standardised features and a column of ones, labels as 0 and 1, shares, and penalties."""

    x: Floats
    y: Floats
    share: Floats
    ridge: Floats
    offset: Floats

    def logits(self, v: Floats) -> Floats:
        return np.asarray(self.x @ v + self.offset, np.float64)

    def loss(self, v: Floats) -> float:
        logits = self.logits(v)
        fit = self.share @ (np.logaddexp(0, logits) - self.y * logits)
        return float(fit + (self.ridge * v * v).sum() / 2)


def fit_logistic(
    features: NDArray[np.floating],
    labels: NDArray[np.bool_],
    weights: Floats,
    l2: float,
    *,
    offset: Floats | None = None,
    start: LinearHead | None = None,
) -> LinearHead:
    """Return the head with the least weighted mean log loss + l2 / 2 |v|^2.

    ``v`` are the weights over standardised features; the bias is free.

    Args:
        features: shape (n, k).
        labels: shape (n,); True is the class whose logit is positive.
        weights: of each row, positive, shape (n,).
        l2: over 0, so that there is one answer even where a plane parts the classes.
        offset: logits that the head's are added to, shape (n,); it learns what they lack, and
            the mean of what it adds is held at zero.
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
    x = np.hstack([(features - mean) / spread, np.ones((features.shape[0], 1))])
    ridge = np.full(x.shape[1], l2)
    ridge[-1] = 0.0 if offset is None else FIXED
    fixed = np.zeros(labels.size) if offset is None else np.asarray(offset, np.float64)
    v = np.zeros(x.shape[1])
    if start is not None:
        v = np.append(start.weights * spread, start.bias + mean @ start.weights)
    v = _newton(_Problem(x, labels.astype(np.float64), share, ridge, fixed), v)
    flat = v[:-1] / spread
    return LinearHead(flat, float(v[-1] - mean @ flat))


def _spread(features: NDArray[np.floating], share: Floats) -> tuple[Floats, Floats]:
    mean = share @ features
    square = share @ (features - mean) ** 2
    return mean, np.sqrt(square) + _SMALLEST_SPREAD


def _newton(problem: _Problem, v: Floats) -> Floats:
    loss = problem.loss(v)
    rough = problem.x.astype(np.float32)  # the way may be rough; the gradient may not
    for _ in range(MOST_STEPS):
        p = 0.5 * (1 + np.tanh(problem.logits(v) / 2))
        gradient = problem.x.T @ (problem.share * (p - problem.y)) + problem.ridge * v
        bend = np.asarray(problem.share * p * (1 - p), np.float32)
        curvature = np.asarray((rough * bend[:, None]).T @ rough, np.float64)
        curvature[np.diag_indices_from(curvature)] += problem.ridge + _STEADY
        step = np.asarray(np.linalg.solve(curvature, gradient), np.float64)
        if float(gradient @ step) < CLOSE_ENOUGH:
            break
        v, loss = _downhill(problem, v, step, loss)
    return v


def _downhill(problem: _Problem, v: Floats, step: Floats, loss: float) -> tuple[Floats, float]:
    """Go along the step, halved until the loss falls; far from the answer a whole one may not."""
    for _ in range(_HALVINGS):
        there = problem.loss(v - step)
        if there <= loss:
            break
        step = step / 2
    return v - step, there
