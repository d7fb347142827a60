"""Figures of a comparison with bootstrap intervals over scenes, all rounds at once."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from inspector.domain.figures import Interval, Measures, ReliabilityBin

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]
Scenes = NDArray[np.intp]

ROUNDS = 1000
SOURCE_ROUNDS = 300
"""Bootstrap rounds for the whole and for each source."""

ECE_BINS = 10
ROC_POINTS = 200
_CELLS_AT_ONCE = 2_000_000


def measure(
    likelihoods: Floats,
    synthetic: Labels,
    scenes: Scenes,
    review: float | Floats,
    rounds: int = ROUNDS,
) -> Measures:
    """Return every figure with its 95 % percentile interval.

    Each round draws scenes of each label with replacement, all files of a scene together, so
    that ten copies of one picture do not pass for ten pictures.

    Args:
        likelihoods: shape (n,), [0, 1]; ``synthetic`` and ``scenes`` likewise.
        scenes: number of each file's scene; a scene holds one label only.
        review: threshold of the balanced accuracy, one for all or one for each.

    Raises:
        ValueError: a label has no file.
    """
    if synthetic.all() or not synthetic.any():
        raise ValueError("both labels need at least one scored file")
    rows = [
        _figures(likelihoods, synthetic, weights, review)
        for weights in _resampled(synthetic, scenes, rounds)
    ]
    table = np.concatenate(rows)
    known = _many_scenes(synthetic, scenes)
    return Measures(*(_interval(column, known) for column in table.T))


def auc_interval(scores: Floats, synthetic: Labels, scenes: Scenes, rounds: int) -> Interval:
    """Return the AUC of any score with its interval, scenes drawn as in ``measure``."""

    def areas(weights: Floats) -> Floats:
        return Curve(scores, weights * synthetic, weights * ~synthetic).auc()

    return bootstrapped(areas, synthetic, scenes, rounds)


def bootstrapped(
    figure: Callable[[Floats], Floats], strata: NDArray[np.generic], scenes: Scenes, rounds: int
) -> Interval:
    """Return a figure's value and interval; ``figure`` takes weights (rounds, n)."""
    values = np.concatenate([figure(weights) for weights in _resampled(strata, scenes, rounds)])
    return _interval(values, _many_scenes(strata, scenes))


def _many_scenes(strata: NDArray[np.generic], scenes: Scenes) -> bool:
    """Return whether each stratum has two scenes; one alone says nothing of others."""
    return all(len(np.unique(scenes[strata == value])) > 1 for value in np.unique(strata))


def _interval(values: Floats, known: bool) -> Interval:
    """Return the first value within what the others span; within all there is where not known."""
    low, high = np.percentile(values[1:], [2.5, 97.5]) if known else (0.0, 1.0)
    return Interval(float(values[0]), float(low), float(high))


class Curve:
    """Operating points of many weightings of the same scores, the strictest first.

    Ties stand or fall together, so AUC counts them half (Mann-Whitney U; Hanley and McNeil,
    Radiology 143, 1982).

    Args:
        positive, negative: weights of each score as either label, shape (rounds, n).
    """

    def __init__(self, scores: Floats, positive: Floats, negative: Floats) -> None:
        order = np.argsort(-scores, kind="stable")
        ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
        self.hits = np.cumsum(positive[:, order], axis=1)[:, ends]
        self.alarms = np.cumsum(negative[:, order], axis=1)[:, ends]
        self.recall = self.hits / self.hits[:, -1:]
        self.fpr = self.alarms / self.alarms[:, -1:]

    def auc(self) -> Floats:
        """Return the chance that a positive scores over a negative, (rounds,)."""
        steps = np.diff(self.fpr, axis=1, prepend=0.0)
        before = np.concatenate([np.zeros((len(steps), 1)), self.recall[:, :-1]], axis=1)
        return np.asarray((steps * (self.recall + before)).sum(axis=1) / 2)

    def average_precision(self) -> Floats:
        """Return the area under the precision-recall curve, (rounds,)."""
        precision = self.hits / np.maximum(self.hits + self.alarms, 1e-12)
        return np.asarray((precision * np.diff(self.recall, axis=1, prepend=0.0)).sum(axis=1))

    def tpr_at(self, fpr: float) -> Floats:
        """Return the share of positives over the lowest threshold that keeps to ``fpr``."""
        return np.asarray((self.recall * (self.fpr <= fpr + 1e-9)).max(axis=1))


def _figures(
    likelihoods: Floats, synthetic: Labels, weights: Floats, review: float | Floats
) -> Floats:
    """Return AUC, AP, TPR at 1 % and 5 %, balanced accuracy and ECE, shape (rounds, 6)."""
    positive, negative = weights * synthetic, weights * ~synthetic
    curve = Curve(likelihoods, positive, negative)
    over = likelihoods >= review
    accuracy = (
        (positive @ over) / positive.sum(axis=1) + (negative @ ~over) / negative.sum(axis=1)
    ) / 2
    inside = _bins(likelihoods)[:, None] == np.arange(ECE_BINS)
    gaps = np.abs(weights @ (inside * (likelihoods - synthetic)[:, None])).sum(axis=1)
    return np.stack(
        [
            curve.auc(),
            curve.average_precision(),
            curve.tpr_at(0.01),
            curve.tpr_at(0.05),
            accuracy,
            gaps / weights.sum(axis=1),
        ],
        axis=1,
    )


def _resampled(strata: NDArray[np.generic], scenes: Scenes, rounds: int) -> Iterator[Floats]:
    """Yield weights (some rounds, n); the very first row is the sample itself, all ones."""
    generator = np.random.default_rng(0)
    names, scene_of = np.unique(scenes, return_inverse=True)
    groups = [np.unique(scene_of[strata == value]) for value in np.unique(strata)]
    yield np.ones((1, len(scenes)))
    step = max(1, _CELLS_AT_ONCE // max(1, len(scenes)))
    for start in range(0, rounds, step):
        size = min(step, rounds - start)
        counts = np.zeros((size, len(names)))
        for group in groups:
            counts[:, group] = generator.multinomial(
                len(group), np.full(len(group), 1 / len(group)), size
            )
        yield counts[:, scene_of]


def _bins(likelihoods: Floats) -> NDArray[np.intp]:
    return np.minimum((likelihoods * ECE_BINS).astype(np.intp), ECE_BINS - 1)


def reliability(likelihoods: Floats, synthetic: Labels) -> tuple[ReliabilityBin, ...]:
    """Return the non-empty ones of ten equal bins, lowest first."""
    bins = _bins(likelihoods)
    return tuple(
        ReliabilityBin(
            int(inside.sum()), float(likelihoods[inside].mean()), float(synthetic[inside].mean())
        )
        for index in range(ECE_BINS)
        if (inside := bins == index).any()
    )


def roc_points(likelihoods: Floats, synthetic: Labels) -> tuple[tuple[float, float], ...]:
    """Return the ROC curve from (0, 0) to (1, 1), thinned to at most 200 points."""
    curve = Curve(likelihoods, synthetic[None].astype(float), (~synthetic[None]).astype(float))
    count = curve.fpr.shape[1]
    kept = np.unique(np.linspace(0, count - 1, min(count, ROC_POINTS - 1)).round().astype(int))
    points = zip(curve.fpr[0, kept], curve.recall[0, kept], strict=True)
    return ((0.0, 0.0), *((float(x), float(y)) for x, y in points))
