"""Figures of a comparison of real and synthetic files: what evaluate prints and reports."""

from dataclasses import dataclass
from enum import StrEnum


class Treatment(StrEnum):
    """What a picture went through before it was scored; ``NONE`` is the file as it is."""

    NONE = "none"
    JPEG_85 = "jpeg-85"
    JPEG_75 = "jpeg-75"
    WEBP_80 = "webp-80"
    HALF = "resize-0.5"
    THREE_QUARTERS = "resize-0.75"
    ONE_AND_A_HALF = "resize-1.5"
    PLATFORM = "platform"
    X264 = "x264-crf-23"


TREATMENT_WORDS: dict[Treatment, str] = {
    Treatment.NONE: "as they are",
    Treatment.JPEG_85: "JPEG 85",
    Treatment.JPEG_75: "JPEG 75",
    Treatment.WEBP_80: "WebP 80",
    Treatment.HALF: "resized to 0.5",
    Treatment.THREE_QUARTERS: "resized to 0.75",
    Treatment.ONE_AND_A_HALF: "resized to 1.5",
    Treatment.PLATFORM: "platform (1080 px, JPEG 80)",
    Treatment.X264: "x264 crf 23",
}


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measures:
    """How well likelihoods tell two sets apart, each figure in [0, 1].

    Attributes:
        tpr_at_1, tpr_at_5: share of synthetic files found at 1 % and 5 % false positives.
        balanced_accuracy: at the review threshold.
        ece: expected calibration error over ten equal bins.
    """

    auc: Interval
    average_precision: Interval
    tpr_at_1: Interval
    tpr_at_5: Interval
    balanced_accuracy: Interval
    ece: Interval


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """One source against all files of the other label.

    ``measures`` is None where a label has no scored file; ``over_review`` and ``over_drop`` are
    shares of the source's files at or over the thresholds; ``baseline`` is the AUC of the
    trivial baselines' joint fit on the same files.
    """

    source: str
    synthetic: bool
    n: int
    scenes: int
    measures: Measures | None
    baseline: float | None
    over_review: float
    over_drop: float
    mean_likelihood: float


@dataclass(frozen=True, slots=True)
class BaselineFigures:
    """A trivial measure on the same files, in whichever direction serves it."""

    name: str
    auc: Interval


@dataclass(frozen=True, slots=True)
class TreatedFigures:
    """Everything measured on the files after one treatment.

    ``false_review`` and ``false_drop`` are shares of real files at or over the thresholds.
    """

    treatment: Treatment
    n_real: int
    n_synthetic: int
    measures: Measures
    false_review: float
    false_drop: float
    sources: tuple[SourceFigures, ...]
    baselines: tuple[BaselineFigures, ...]


@dataclass(frozen=True, slots=True)
class RegionFigures:
    """How well the map finds regions of the other label, pasted in on the spot.

    Attributes:
        n: pictures made; half of them synthetic regions in real pictures, half the reverse.
        pixel_auc: a synthetic pixel's cell against another's.
        iou: mean overlap of cells over one half with the synthetic pixels.
        found: share of pictures where a region of the scan's rules touches synthetic pixels.
        abstained: share of pixels in cells without a likelihood, left out of ``pixel_auc``.
    """

    n: int
    pixel_auc: Interval
    iou: Interval
    found: Interval
    abstained: float


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
        scenes: files that show the same, in another size or coding, count as one scene.
        unscored: files without a score, left out of every figure.
        treated: the files as they are first, then each treatment that was asked for.
        roc: (false positive rate, true positive rate), rising, thinned; files as they are.
    """

    model: str
    scenes: int
    unscored: int
    review: float
    drop: float
    treated: tuple[TreatedFigures, ...]
    regions: RegionFigures | None
    roc: tuple[tuple[float, float], ...]
    reliability: tuple[ReliabilityBin, ...]

    @property
    def plain(self) -> TreatedFigures:
        """The files as they are."""
        return self.treated[0]
