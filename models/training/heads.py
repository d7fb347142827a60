"""Whole views: features of a frozen net once, then a head for shipping and heads for proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import nn

from inspector.domain.detector import ViewInput
from models.training.features import extract, whole_view
from models.training.probe import LinearHead, fit_head, held_out_logits
from models.training.sources import Picture
from models.training.tables import summary


@dataclass(frozen=True, slots=True)
class WholeView:
    """A frozen net that sees the whole picture, and how its head is fitted.

    Attributes:
        c: inverse regularisation of the head, chosen on the five folds.
        half: features may be computed in bfloat16.
        copies: degraded copies of each picture that train beside it (see ``features``).
    """

    name: str
    input: ViewInput
    net: nn.Module
    c: float
    half: bool
    copies: int = 0


@dataclass(frozen=True, slots=True)
class FittedView:
    """A head on all pictures, a head that never saw the held-out fold, and held-out logits."""

    view: WholeView
    head: LinearHead
    blind_head: LinearHead
    logits: NDArray[np.float32]  # of each picture, by a head that never saw its group
    seen_logits: NDArray[np.float32]  # of val pictures, by the shipped head
    features: NDArray[np.float16]  # of each picture
    tables: dict[str, dict[str, float]]  # five folds, by kind of file


def fit_view(
    view: WholeView,
    pictures: Sequence[Picture],
    val: Sequence[Picture],
    folds: dict[str, int],
    hold_out: int,
    cache: Path,
) -> FittedView:
    """Extract features (kept in ``cache``), fit the heads and score every picture held out."""
    cache.mkdir(parents=True, exist_ok=True)
    features = _features(view, pictures, "train", cache)
    copies = [_features(view, pictures, "train", cache, n + 1) for n in range(view.copies)]
    variants = [features, *copies]
    logits = held_out_logits(variants, pictures, folds, view.c)
    everything = np.arange(len(pictures))
    seen = np.flatnonzero([folds[p.group] != hold_out for p in pictures])
    head, blind = (_fit(view, variants, pictures, rows) for rows in (everything, seen))
    return FittedView(
        view,
        head,
        blind,
        logits,
        head(_features(view, val, "val", cache)),
        features,
        {kind: _table(pictures, logits, folds, kind) for kind in ("whole", "crops")},
    )


def _fit(
    view: WholeView,
    variants: Sequence[NDArray[np.float16]],
    pictures: Sequence[Picture],
    rows: NDArray[np.intp],
) -> LinearHead:
    """Fit a head on some of the pictures, with their copies."""
    chosen = [pictures[i] for i in rows.tolist()]
    stacked = np.concatenate([features[rows] for features in variants])
    return fit_head(stacked, chosen * len(variants), view.c)


def _features(
    view: WholeView, pictures: Sequence[Picture], table: str, cache: Path, variant: int = 0
) -> NDArray[np.float16]:
    """Return one row a picture, in order; whole views and crops are kept in a file each."""
    rows: NDArray[np.float16] | None = None
    for kind in ("whole", "crops"):
        index = np.flatnonzero([p.view == kind for p in pictures])
        part = extract(
            view.net,
            [pictures[i] for i in index.tolist()],
            whole_view(view.input),
            variant,
            cache / f"{view.name}-{kind}-{table}-{variant}.npy",
            half=view.half,
        )
        if rows is None:
            rows = np.empty((len(pictures), part.shape[1]), np.float16)
        rows[index] = part
    assert rows is not None
    return rows


def _table(
    pictures: Sequence[Picture], logits: NDArray[np.float32], folds: dict[str, int], kind: str
) -> dict[str, float]:
    index = np.flatnonzero([p.view == kind for p in pictures])
    return summary([pictures[i] for i in index.tolist()], logits[index], folds)
