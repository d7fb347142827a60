"""Figures of a comparison of real and synthetic files: what evaluate prints and reports."""

from dataclasses import dataclass


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
class ReliabilityBin:
    """Files whose likelihood lies in one tenth: how many, their mean, and what share is AI."""

    n: int
    mean_likelihood: float
    share_synthetic: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The whole comparison.

    Attributes:
        tpr_at_1, tpr_at_5: share of synthetic files found at 1 % and 5 % false positives.
        balanced_accuracy: at the review threshold.
        ece: expected calibration error over ten equal bins, [0, 1].
        unscored: files without a score, left out of every figure.
        roc: (false positive rate, true positive rate), rising, thinned.
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
    roc: tuple[tuple[float, float], ...]
    reliability: tuple[ReliabilityBin, ...]
