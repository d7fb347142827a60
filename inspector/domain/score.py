"""What a detector says of one file: likelihoods, heatmap, regions, spans."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

NOT_SCORED = 255
"""Cell value of a heatmap where no likelihood stands (not scored, or the cell abstains)."""

CELL_STEPS = 254
"""A cell holds ``round(likelihood * CELL_STEPS)``."""


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Grid of calibrated likelihoods over the upright frame.

    Attributes:
        values: uint8, shape (rows, cols); 0..254 is likelihood x 254, 255 not scored.
        cell_px: side of a cell in native pixels; the last row and column may reach past the edge.
    """

    values: NDArray[np.uint8]
    cell_px: int

    @property
    def rows(self) -> int:
        return int(self.values.shape[0])

    @property
    def cols(self) -> int:
        return int(self.values.shape[1])

    @classmethod
    def from_likelihoods(cls, likelihoods: NDArray[np.float32], cell_px: int) -> "Heatmap":
        """Quantise likelihoods in [0, 1], shape (rows, cols); NaN means not scored."""
        scored = np.isfinite(likelihoods)
        values = np.full(likelihoods.shape, NOT_SCORED, np.uint8)
        values[scored] = np.rint(np.clip(likelihoods[scored], 0, 1) * CELL_STEPS).astype(np.uint8)
        return cls(values, cell_px)

    def likelihoods(self) -> NDArray[np.float32]:
        """Return likelihoods in [0, 1], shape (rows, cols), NaN where not scored."""
        result = self.values.astype(np.float32) / np.float32(CELL_STEPS)
        result[self.values == NOT_SCORED] = np.nan
        return result


@dataclass(frozen=True, slots=True)
class WholeMap:
    """The map of a whole frame, drawn for the eye; it changes no verdict.

    Attributes:
        model: id of the detector that drew it.
        by_sliding: the detector has no patch map and was slid over the frame.
    """

    heatmap: Heatmap
    model: str
    by_sliding: bool


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of high likelihood, in native pixels of the upright frame."""

    x: int
    y: int
    w: int
    h: int
    likelihood: float


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a clip whose scored frames all lie over the review threshold."""

    start_s: float
    end_s: float
    likelihood: float


@dataclass(frozen=True, slots=True)
class FrameScore:
    """Likelihood of one scored frame of a clip, with its own map where one was stored."""

    pts_s: float
    likelihood: float
    heatmap: Heatmap | None = None


@dataclass(frozen=True, slots=True)
class ViewScore:
    """What one view of the detector said alone: calibrated likelihood in [0, 1]."""

    name: str
    likelihood: float


class CopyKind(StrEnum):
    """How a file's pixels are changed before it is scored again, to see whether its score holds."""

    JPEG_90 = "jpeg_90"
    SCALE_075 = "scale_075"


@dataclass(frozen=True, slots=True)
class CopyScore:
    """What the detector says of a changed copy of a file.

    Attributes:
        likelihood: calibrated, [0, 1].
        stands_out: a region or a span of the copy lies over its threshold.
        abstained: the detector abstains on the copy, so that it says nothing of the file.
    """

    kind: CopyKind
    likelihood: float
    stands_out: bool = False
    abstained: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """Everything the detector says of one file.

    Attributes:
        likelihood: calibrated, [0, 1]; kept although ``abstained``.
        likelihood_max: highest frame (clips) or highest cell (pictures), [0, 1].
        abstain_reason: one sentence where the detector abstains, else None.
        frames_scored: 1 for a picture.
        copies: the file scored again from changed copies; empty where that was not asked for.
    """

    likelihood: float
    likelihood_max: float
    frames_scored: int
    abstain_reason: str | None = None
    heatmap: Heatmap | None = None
    regions: tuple[Region, ...] = ()
    spans: tuple[Span, ...] = ()
    frames: tuple[FrameScore, ...] = ()
    views: tuple[ViewScore, ...] = ()
    copies: tuple[CopyScore, ...] = ()

    @property
    def abstained(self) -> bool:
        return self.abstain_reason is not None
