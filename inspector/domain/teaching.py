"""What a detector is taught with, and how well it does before and after."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.domain.figures import Interval


@dataclass(frozen=True, slots=True)
class LabelledPictures:
    """Pictures of known origin as a detector's views see them, one row a picture.

    Attributes:
        features: of the first fused view, float32, shape (n, k).
        terms: pooled logits in the order of the card's fusion, float32, shape (n, t); the first
            is that of the view whose head is taught, from a head that did not see the picture.
        synthetic: bool, shape (n,).
        source: index into ``sources``, shape (n,).
        sources: names of repositories or folders.
        group: pictures that share a number are never split apart, shape (n,).
    """

    features: NDArray[np.float32]
    terms: NDArray[np.float32]
    synthetic: NDArray[np.bool_]
    source: NDArray[np.intp]
    sources: tuple[str, ...]
    group: NDArray[np.intp]

    @property
    def n_real(self) -> int:
        return int((~self.synthetic).sum())

    @property
    def n_synthetic(self) -> int:
        return int(self.synthetic.sum())


@dataclass(frozen=True, slots=True)
class SetFigures:
    """How well one set of pictures is told apart by logits of heads that did not see them.

    Attributes:
        tpr_at_5: share of synthetic pictures found at 5 % false positives.
        over_review: share of the real pictures at or over the review threshold, likewise drop.
    """

    n_real: int
    n_synthetic: int
    auc: Interval
    tpr_at_5: Interval
    over_review: float
    over_drop: float


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """One set of pictures, judged by the detector as it was and as it was taught."""

    before: SetFigures
    after: SetFigures


@dataclass(frozen=True, slots=True)
class LinearHead:
    """logit = features @ weights + bias; ``weights`` float64, shape (k,)."""

    weights: NDArray[np.float64]
    bias: float

    def __call__(self, features: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the logits, shape (n,), of features, shape (n, k)."""
        return np.asarray(features @ self.weights + self.bias, np.float64)


HEADINGS = ("", "yours, before", "yours, after", "built-in, before", "built-in, after")
"""Of ``comparison_rows``."""


def comparison_rows(own: BeforeAfter, builtin: BeforeAfter) -> list[tuple[str, ...]]:
    """Return each figure in words: its name, then before and after on either set."""
    columns = (own.before, own.after, builtin.before, builtin.after)
    return [
        ("real pictures", *(f"{c.n_real:,}" for c in columns)),
        ("synthetic pictures", *(f"{c.n_synthetic:,}" for c in columns)),
        ("AUC", *(_interval(c.auc) for c in columns)),
        ("found at 5 % false", *(_interval(c.tpr_at_5) for c in columns)),
        ("real over review", *(f"{c.over_review:.1%}" for c in columns)),
        ("real over drop", *(f"{c.over_drop:.1%}" for c in columns)),
    ]


def _interval(found: Interval) -> str:
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"
