"""How well a detector tells two sets of files apart: figures with intervals, nothing by hand."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from inspector.domain.figures import Figures, Interval, ReliabilityBin, SourceFigures

BOOTSTRAP_ROUNDS = 1000
ECE_BINS = 10
ROC_POINTS = 200


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


def reliability(
    likelihoods: NDArray[np.float64], labels: NDArray[np.bool_]
) -> tuple[ReliabilityBin, ...]:
    """Return the non-empty ones of ten equal bins, lowest first."""
    bins = np.minimum((likelihoods * ECE_BINS).astype(int), ECE_BINS - 1)
    return tuple(
        ReliabilityBin(
            int(inside.sum()), float(likelihoods[inside].mean()), float(labels[inside].mean())
        )
        for index in range(ECE_BINS)
        if (inside := bins == index).any()
    )


def calibration_error(likelihoods: NDArray[np.float64], labels: NDArray[np.bool_]) -> float:
    """Return the expected calibration error: |mean likelihood - share synthetic| over bins."""
    total = sum(
        found.n * abs(found.mean_likelihood - found.share_synthetic)
        for found in reliability(likelihoods, labels)
    )
    return float(total / max(1, likelihoods.size))


def roc_points(
    real: NDArray[np.float64], synthetic: NDArray[np.float64]
) -> tuple[tuple[float, float], ...]:
    """Return the ROC curve from (0, 0) to (1, 1), thinned to at most 200 points."""
    thresholds = np.unique(np.concatenate([real, synthetic]))[::-1]
    if thresholds.size > ROC_POINTS - 1:
        kept = np.linspace(0, thresholds.size - 1, ROC_POINTS - 1).round().astype(int)
        thresholds = thresholds[kept]
    curve = [(float((real >= t).mean()), float((synthetic >= t).mean())) for t in thresholds]
    return ((0.0, 0.0), *curve)


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
        roc=roc_points(reals, fakes),
        reliability=reliability(likelihoods, labels),
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
