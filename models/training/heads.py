"""A frozen tower's heads: one for whole views, one for native windows, and others for proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import nn

from models.training.features import extract, whole_view
from models.training.nuisance import Changes, changes_of
from models.training.probe import LinearHead, fit_head
from models.training.sources import Picture
from models.training.tables import summary
from models.training.views import SCENE

KINDS = ("whole", "crops")  # as the data tables name them: whole views, native windows
COPY_WEIGHT = 0.15  # of each copy beside the picture itself: enough to learn from, no more
COPIES = (1, 2, 3)  # variants of each picture that train beside it (see ``features``)


@dataclass(frozen=True, slots=True)
class Tower:
    """A frozen net [N, 3, 224, 224] -> [N, D], and how its heads are fitted.

    Attributes:
        c: inverse regularisation of the heads, chosen on the five folds.
        half: features may be computed in bfloat16.
    """

    net: nn.Module
    c: float
    half: bool


@dataclass(frozen=True, slots=True)
class Heads:
    """A whole view shows composition and a native window pixels, so each has its own head."""

    whole: LinearHead
    native: LinearHead

    def of(self, kind: str) -> LinearHead:
        return self.whole if kind == KINDS[0] else self.native


@dataclass(frozen=True, slots=True)
class FittedTower:
    """Heads that ship and heads that never saw a fold, with what they say.

    Attributes:
        heads: fitted on all pictures.
        blind: the n-th never saw fold n.
        logits: of each picture, by a head that never saw its group.
        seen_logits: of val pictures, by the shipped heads.
        features: of each picture, [N, D].
        harmless: mean changes of features that the shipped heads do not see, [K, D].
        tables: five folds, by kind of view.
    """

    tower: Tower
    heads: Heads
    blind: tuple[Heads, ...]
    logits: NDArray[np.float32]
    seen_logits: NDArray[np.float32]
    features: NDArray[np.float16]
    harmless: NDArray[np.float32]
    tables: dict[str, dict[str, float]]


def fit_tower(
    tower: Tower,
    pictures: Sequence[Picture],
    val: Sequence[Picture],
    folds: dict[str, int],
    cache: Path,
) -> FittedTower:
    """Extract features (kept in ``cache``), fit the heads and score every picture held out."""
    cache.mkdir(parents=True, exist_ok=True)
    variants = [_features(tower, pictures, "train", cache, n) for n in (0, *COPIES)]
    changes = changes_of(tower.net, pictures, SCENE, cache, half=tower.half)
    fold = np.array([folds[p.group] for p in pictures])
    blind = tuple(
        _fit(tower, variants, changes, pictures, fold != number)
        for number in sorted(set(fold.tolist()))
    )
    logits = np.zeros(len(pictures), np.float32)
    for number, heads in enumerate(blind):
        _score(heads, variants[0], pictures, fold == number, logits)
    heads = _fit(tower, variants, changes, pictures, np.ones(len(pictures), np.bool_))
    seen = np.zeros(len(val), np.float32)
    _score(heads, _features(tower, val, "val", cache, 0), val, np.ones(len(val), np.bool_), seen)
    tables = {kind: _table(pictures, logits, folds, kind) for kind in KINDS}
    harmless = changes.of({p.group for p in pictures})
    return FittedTower(tower, heads, blind, logits, seen, variants[0], harmless, tables)


def _fit(
    tower: Tower,
    variants: Sequence[NDArray[np.float16]],
    changes: Changes,
    pictures: Sequence[Picture],
    allowed: NDArray[np.bool_],
) -> Heads:
    """Fit both heads on the allowed pictures and their copies, blind to harmless treatment."""
    heads = []
    groups = {pictures[i].group for i in np.flatnonzero(allowed).tolist()}
    harmless = changes.of(groups)
    for kind in KINDS:
        rows = np.flatnonzero(allowed & _is(pictures, kind))
        chosen = [pictures[i] for i in rows.tolist()]
        stacked = np.concatenate([features[rows] for features in variants])
        shares = np.repeat([1.0, *[COPY_WEIGHT] * len(COPIES)], len(rows)).astype(np.float32)
        heads.append(fit_head(stacked, chosen * len(variants), tower.c, shares, harmless))
    return Heads(*heads)


def _score(
    heads: Heads,
    features: NDArray[np.float16],
    pictures: Sequence[Picture],
    allowed: NDArray[np.bool_],
    out: NDArray[np.float32],
) -> None:
    for kind in KINDS:
        rows = allowed & _is(pictures, kind)
        out[rows] = heads.of(kind)(features[rows])


def _is(pictures: Sequence[Picture], kind: str) -> NDArray[np.bool_]:
    return np.array([p.view == kind for p in pictures], np.bool_)


def _features(
    tower: Tower, pictures: Sequence[Picture], table: str, cache: Path, variant: int
) -> NDArray[np.float16]:
    store = cache / f"{table}-{variant}.npy"
    return extract(tower.net, pictures, whole_view(SCENE), variant, store, half=tower.half)


def _table(
    pictures: Sequence[Picture], logits: NDArray[np.float32], folds: dict[str, int], kind: str
) -> dict[str, float]:
    index = np.flatnonzero(_is(pictures, kind))
    return summary([pictures[i] for i in index.tolist()], logits[index], folds)
