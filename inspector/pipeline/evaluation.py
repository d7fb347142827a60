"""How well a detector tells two sets of files apart: figures with intervals, nothing by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BOOTSTRAP_ROUNDS = 1000
ECE_BINS = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """One source against all files of the other label.

    ``auc`` is None where a label has no scored file; ``over_review`` and ``over_drop`` are
    shares of the source's files at or over the thresholds.
    """

    source: str
    synthetic: bool
    n: int
    auc: Interval | None
    over_review: float
    over_drop: float
    mean_likelihood: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The whole comparison.

    Attributes:
        tpr_at_1, tpr_at_5: share of synthetic files found at 1 % and 5 % false positives.
        balanced_accuracy: at the review threshold.
        ece: expected calibration error over ten equal bins, [0, 1].
        unscored: files without a score, by label, left out of every figure.
    """

    n_real: int
    n_synthetic: int
    unscored: int
    auc: Interval
    average_precision: float
    tpr_at_1: float
    tpr_at_5: float
    balanced_accuracy: float
    false_review: float
    false_drop: float
    ece: float
    review: float
    drop: float
    sources: tuple[SourceFigures, ...]


def roc_auc(real: NDArray[np.float64], synthetic: NDArray[np.float64]) -> float:
    """Return the chance that a synthetic file scores over a real one; ties count half.

    Source:
        Mann-Whitney U through ranks (Hanley and McNeil, Radiology 143, 1982).
    """
    both = np.concatenate([real, synthetic])
    _, inverse, counts = np.unique(both, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[inverse]
    wins = ranks[real.size :].sum() - synthetic.size * (synthetic.size + 1) / 2
    return float(wins / (real.size * synthetic.size))


def average_precision(real: NDArray[np.float64], synthetic: NDArray[np.float64]) -> float:
    """Return the area under the precision-recall curve, synthetic files being positive."""
    scores = np.concatenate([real, synthetic])
    labels = np.concatenate([np.zeros(real.size), np.ones(synthetic.size)])
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(labels[order])
    # Files of one score stand or fall together, so precision is taken at the last of them.
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    precision, recall = hits[ends] / (ends + 1), hits[ends] / synthetic.size
    return float(np.sum(precision * np.diff(recall, prepend=0.0)))


def tpr_at_fpr(real: NDArray[np.float64], synthetic: NDArray[np.float64], fpr: float) -> float:
    """Return the share of synthetic files over the threshold that ``fpr`` of the real pass."""
    allowed = int(np.floor(fpr * real.size))
    threshold = np.sort(real)[::-1][min(allowed, real.size - 1)]
    return float((synthetic > threshold).mean())


def calibration_error(likelihoods: NDArray[np.float64], labels: NDArray[np.bool_]) -> float:
    """Return the expected calibration error: |mean likelihood - share synthetic| over bins."""
    bins = np.minimum((likelihoods * ECE_BINS).astype(int), ECE_BINS - 1)
    total = 0.0
    for index in range(ECE_BINS):
        inside = bins == index
        if inside.any():
            total += inside.sum() * abs(likelihoods[inside].mean() - labels[inside].mean())
    return float(total / max(1, likelihoods.size))


def auc_interval(
    real: NDArray[np.float64], synthetic: NDArray[np.float64], seed: int = 0
) -> Interval:
    """Return AUC with a 95 % percentile bootstrap over files of both labels."""
    generator = np.random.default_rng(seed)
    draws = [
        roc_auc(generator.choice(real, real.size), generator.choice(synthetic, synthetic.size))
        for _ in range(BOOTSTRAP_ROUNDS)
    ]
    low, high = np.percentile(draws, [2.5, 97.5])
    return Interval(roc_auc(real, synthetic), float(low), float(high))


def compare(
    real: Mapping[str, Sequence[float]],
    synthetic: Mapping[str, Sequence[float]],
    *,
    review: float,
    drop: float,
    unscored: int,
) -> Figures:
    """Return every figure for likelihoods by source.

    Raises:
        ValueError: a label has no scored file.
    """
    reals, fakes = _pooled(real), _pooled(synthetic)
    if not reals.size or not fakes.size:
        raise ValueError("both labels need at least one scored file")
    likelihoods = np.concatenate([reals, fakes])
    labels = np.concatenate([np.zeros(reals.size, bool), np.ones(fakes.size, bool)])
    false_review, found = float((reals >= review).mean()), float((fakes >= review).mean())
    sources = [_source(name, values, fakes, False, review, drop) for name, values in real.items()]
    sources += [
        _source(name, values, reals, True, review, drop) for name, values in synthetic.items()
    ]
    return Figures(
        n_real=reals.size,
        n_synthetic=fakes.size,
        unscored=unscored,
        auc=auc_interval(reals, fakes),
        average_precision=average_precision(reals, fakes),
        tpr_at_1=tpr_at_fpr(reals, fakes, 0.01),
        tpr_at_5=tpr_at_fpr(reals, fakes, 0.05),
        balanced_accuracy=(found + 1 - false_review) / 2,
        false_review=false_review,
        false_drop=float((reals >= drop).mean()),
        ece=calibration_error(likelihoods, labels),
        review=review,
        drop=drop,
        sources=tuple(sources),
    )


def _pooled(by_source: Mapping[str, Sequence[float]]) -> NDArray[np.float64]:
    return np.array([value for values in by_source.values() for value in values], np.float64)


def _source(
    name: str,
    values: Sequence[float],
    others: NDArray[np.float64],
    synthetic: bool,
    review: float,
    drop: float,
) -> SourceFigures:
    own = np.array(values, np.float64)
    auc = None
    if own.size and others.size:
        auc = auc_interval(others, own) if synthetic else auc_interval(own, others)
    return SourceFigures(
        source=name,
        synthetic=synthetic,
        n=own.size,
        auc=auc,
        over_review=float((own >= review).mean()) if own.size else 0.0,
        over_drop=float((own >= drop).mean()) if own.size else 0.0,
        mean_likelihood=float(own.mean()) if own.size else 0.0,
    )
