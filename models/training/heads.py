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
    """

    name: str
    input: ViewInput
    net: nn.Module
    c: float
    half: bool


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
    logits = held_out_logits([features], pictures, folds, view.c)
    rows = np.flatnonzero([folds[p.group] != hold_out for p in pictures])
    head = fit_head(features, pictures, view.c)
    return FittedView(
        view,
        head,
        fit_head(features[rows], [pictures[i] for i in rows.tolist()], view.c),
        logits,
        head(_features(view, val, "val", cache)),
        features,
        {kind: _table(pictures, logits, folds, kind) for kind in ("whole", "crops")},
    )


def _features(
    view: WholeView, pictures: Sequence[Picture], table: str, cache: Path
) -> NDArray[np.float16]:
    """Return one row a picture, in order; whole views and crops are kept in a file each."""
    rows: NDArray[np.float16] | None = None
    for kind in ("whole", "crops"):
        index = np.flatnonzero([p.view == kind for p in pictures])
        part = extract(
            view.net,
            [pictures[i] for i in index.tolist()],
            whole_view(view.input),
            0,
            cache / f"{view.name}-{kind}-{table}-0.npy",
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
