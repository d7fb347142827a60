"""A detector's head and fusion fitted again with a user's pictures, and whether that is better."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import Calibration, DetectorSpec
from inspector.domain.errors import TeachError
from inspector.domain.teaching import BeforeAfter, LabelledPictures, LinearHead, SetFigures
from inspector.pipeline.certificate import certify, files_needed
from inspector.pipeline.holding_out import FOLDS, by_folder, grouped, spread_over_folds
from inspector.pipeline.logistic import fit_logistic
from inspector.pipeline.measures import Curve, measure

LEAST_PICTURES = 30
"""Of each label; with fewer, nothing measured on them would mean much."""

MOST_LOST = 0.01
"""AUC on the built-in pictures that a taught head may cost."""

REVIEW_RATE, DROP_RATE = 0.035, 0.01
"""Shares of real pictures that may reach each threshold, by the upper bound."""

FUSION_L2 = 1e-3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What cross-validation chooses among.

    Attributes:
        share: of each label's weight that the user's pictures have together.
        l2: see ``fit_logistic``; the higher, the nearer the detector stays to what it was.
    """

    share: float
    l2: float


RECIPES = tuple(Recipe(share, l2) for share in (0.3, 0.9) for l2 in (3.0, 1.0, 0.3))


@dataclass(frozen=True, slots=True)
class Taught:
    """A head, a fusion and thresholds that were taught, and proof that they are worth having.

    Attributes:
        head: what the first fused view's logit lacked; it is added to it.
        fusion: over the card's terms, in their order.
        own: figures on the user's pictures, ``builtin`` on the built-in ones, each picture
            scored by heads that did not see its group.
        by_folder: whole folders of the user's were held out, not just pictures of them.
    """

    head: LinearHead
    fusion: LinearHead
    calibration: Calibration
    recipe: Recipe
    own: BeforeAfter
    builtin: BeforeAfter
    by_folder: bool


HEADS = 2 * FOLDS * len(RECIPES)
"""Heads fitted to choose and to measure; fewer where there are fewer groups than folds."""

Progress = Callable[[int], None]
"""Called with how many heads are fitted so far, of ``HEADS``."""


def teach(
    builtin: LabelledPictures, own: LabelledPictures, spec: DetectorSpec, progress: Progress
) -> Taught:
    """Fit the first fused view's head, the fusion and the thresholds again.

    Args:
        builtin: what the detector was trained on; ``terms`` from heads that did not see them.
        own: the user's pictures as the detector sees them; ``group`` is each one's scene.
        spec: the detector as it is.

    Raises:
        TeachError: there are too few pictures, or the detector would become worse.
    """
    refuse_too_few(own)
    own = replace(own, group=grouped(own) + int(builtin.group.max()) + 1)
    refuse_one_group(own)
    both = _joined(builtin, own)
    is_own = np.arange(both.synthetic.size) >= builtin.synthetic.size
    # One fold at a time, of either set: the detector as it was saw all of the other set too.
    fold = np.concatenate([spread_over_folds(builtin), spread_over_folds(own) + FOLDS])
    study = _Study(both, is_own, fold, _logits_before(both, spec), progress)
    after, recipe = study.held_out()
    head = study.head(recipe, np.ones(fold.size, np.bool_))
    terms = np.column_stack([study.scene(recipe), both.terms[:, 1:]])
    fusion = fit_logistic(terms, both.synthetic, study.weights(), FUSION_L2)
    calibration = _calibrated(spec.calibration, after, both, is_own)
    figures = [
        BeforeAfter(
            _figures(both, rows, _likelihoods(study.before, spec.calibration), spec.calibration),
            _figures(both, rows, _likelihoods(after, calibration), calibration),
        )
        for rows in (is_own, ~is_own)
    ]
    taught = Taught(head, fusion, calibration, recipe, figures[0], figures[1], by_folder(own))
    refuse_worse(taught)
    return taught


def refuse_too_few(own: LabelledPictures) -> None:
    """Raise TeachError unless there are enough pictures of both labels."""
    for count, name in ((own.n_real, "real"), (own.n_synthetic, "synthetic")):
        if count < LEAST_PICTURES:
            raise TeachError(
                f"There are {count} {name} pictures to learn from and {LEAST_PICTURES} are "
                f"needed, so {LEAST_PICTURES - count} are missing."
            )


def refuse_one_group(own: LabelledPictures) -> None:
    """Raise TeachError where the pictures of a label are one group: none can be held out."""
    for label, name in ((False, "real"), (True, "synthetic")):
        if np.unique(own.group[own.synthetic == label]).size < 2:
            raise TeachError(
                f"The {name} pictures belong together, as one scene or as folders that share "
                "scenes, so nothing could be measured on them; add others."
            )


def refuse_worse(taught: Taught) -> None:
    """Raise TeachError where the taught detector tells either set of pictures apart worse."""
    was, now = taught.own.before.auc.value, taught.own.after.auc.value
    if now < was:
        raise TeachError(
            f"It got worse on your own pictures (AUC {now:.3f}, before {was:.3f}), "
            "so nothing was written."
        )
    was, now = taught.builtin.before.auc.value, taught.builtin.after.auc.value
    if now < was - MOST_LOST:
        raise TeachError(
            f"It got worse on the built-in pictures (AUC {now:.3f}, before {was:.3f}), "
            "so nothing was written."
        )


class _Study:
    """Heads of every recipe, each fitted without one fold; one thread."""

    def __init__(
        self,
        both: LabelledPictures,
        is_own: NDArray[np.bool_],
        fold: NDArray[np.intp],
        before: Floats,
        progress: Progress,
    ) -> None:
        self.before = before
        self._both = both
        self._is_own = is_own
        self._fold = fold
        self._folds = np.unique(fold)
        self._progress = progress
        self._done = 0
        self._scenes = {recipe: self._scene(recipe) for recipe in RECIPES}

    def scene(self, recipe: Recipe) -> Floats:
        """Return the logits of the taught view, each from a head that did not see the group."""
        return self._scenes[recipe]

    def head(
        self, recipe: Recipe, rows: NDArray[np.bool_], start: LinearHead | None = None
    ) -> LinearHead:
        """Return a head fitted on some of the pictures; ``start`` is one that is near it."""
        return fit_logistic(
            self._both.features[rows],
            self._both.synthetic[rows],
            self.weights(recipe)[rows],
            recipe.l2,
            offset=self._both.terms[rows, 0],
            start=start,
        )

    def weights(self, recipe: Recipe | None = None) -> Floats:
        """Weigh sources by count^-1/2 and both labels alike, the user's together by the share."""
        both = self._both
        counts = np.zeros((len(both.sources), 2))
        np.add.at(counts, (both.source, both.synthetic.astype(int)), 1)
        weights = counts[both.source, both.synthetic.astype(int)] ** -0.5
        for label in (False, True):
            rows = both.synthetic == label
            weights[rows] /= weights[rows].sum()
            if recipe is not None:
                mine, others = rows & self._is_own, rows & ~self._is_own
                weights[mine] *= recipe.share / weights[mine].sum()
                weights[others] *= (1 - recipe.share) / weights[others].sum()
        return np.asarray(weights, np.float64)

    def held_out(self) -> tuple[Floats, Recipe]:
        """Return fused logits of heads that did not see the group, and the recipe for all.

        The recipe of a fold is chosen on the others, so choosing does not flatter the figures.
        """
        fused = {recipe: self._fused(recipe) for recipe in RECIPES}
        logits = np.zeros(self._fold.size)
        for number in self._folds:
            rows = self._fold == number
            logits[rows] = fused[self._chosen(fused, ~rows)][rows]
        return logits, self._chosen(fused, np.ones(self._fold.size, np.bool_))

    def _scene(self, recipe: Recipe) -> Floats:
        logits = np.zeros(self._fold.size)
        head = None
        for number in self._folds:
            rows = self._fold == number
            head = self.head(recipe, ~rows, head)
            logits[rows] = self._both.terms[rows, 0] + head(self._both.features[rows])
            self._done += 1
            self._progress(self._done)
        return logits

    def _fused(self, recipe: Recipe) -> Floats:
        both = self._both
        terms = np.column_stack([self._scenes[recipe], both.terms[:, 1:]])
        weights = self.weights()
        logits = np.zeros(self._fold.size)
        for number in self._folds:
            rows = self._fold == number
            fusion = fit_logistic(terms[~rows], both.synthetic[~rows], weights[~rows], FUSION_L2)
            logits[rows] = fusion(terms[rows])
        return logits

    def _chosen(self, fused: dict[Recipe, Floats], rows: NDArray[np.bool_]) -> Recipe:
        """Return what tells the user's pictures apart best among what costs little elsewhere."""
        # Half of what is allowed, since the rows chosen on are not those that are measured.
        least = self._auc(self.before, rows & ~self._is_own) - MOST_LOST / 2
        elsewhere = {r: self._auc(fused[r], rows & ~self._is_own) for r in RECIPES}
        cheap = [recipe for recipe in RECIPES if elsewhere[recipe] >= least]
        if not cheap:
            return max(RECIPES, key=lambda recipe: elsewhere[recipe])
        return max(cheap, key=lambda recipe: self._auc(fused[recipe], rows & self._is_own))

    def _auc(self, logits: Floats, rows: NDArray[np.bool_]) -> float:
        synthetic = self._both.synthetic[rows]
        if synthetic.all() or not synthetic.any():
            return 0.5
        weights = [labels[None].astype(np.float64) for labels in (synthetic, ~synthetic)]
        return float(Curve(logits[rows], *weights).auc()[0])


def _joined(builtin: LabelledPictures, own: LabelledPictures) -> LabelledPictures:
    return LabelledPictures(
        features=np.concatenate([builtin.features, own.features]),
        terms=np.concatenate([builtin.terms, own.terms]),
        synthetic=np.concatenate([builtin.synthetic, own.synthetic]),
        source=np.concatenate([builtin.source, own.source + len(builtin.sources)]),
        sources=(*builtin.sources, *own.sources),
        group=np.concatenate([builtin.group, own.group]),
    )


def _logits_before(both: LabelledPictures, spec: DetectorSpec) -> Floats:
    weights = np.array([term.weight for term in spec.fusion])
    return np.asarray(both.terms @ weights + spec.fusion_bias, np.float64)


def _likelihoods(logits: Floats, calibration: Calibration) -> Floats:
    scaled = logits / calibration.temperature + calibration.bias
    return np.asarray(0.5 * (1 + np.tanh(scaled / 2)), np.float64)


def _calibrated(
    base: Calibration, logits: Floats, both: LabelledPictures, is_own: NDArray[np.bool_]
) -> Calibration:
    """Return the calibration of the new fusion; the map's stays, and clips are never easier.

    The fusion is fitted with both labels even, so its logit needs no temperature.
    """
    fused = replace(base, temperature=1.0, bias=0.0)
    reals = _likelihoods(logits, fused)[~both.synthetic]
    mine = reals[is_own[~both.synthetic]]
    review = _threshold(reals, mine, REVIEW_RATE)
    drop = max(review, _threshold(reals, mine, DROP_RATE))
    return replace(
        fused,
        review=review,
        drop=drop,
        video_review=max(review, base.video_review),
        video_drop=max(drop, base.video_drop),
        n_real=int(reals.size),
        n_real_over_drop=int((reals >= drop).sum()),
    )


def _threshold(reals: Floats, mine: Floats, rate: float) -> float:
    """Return the threshold certified on all reals that no more than ``rate`` of the user's reach.

    The user's alone are too few for a certificate that would not cost much of what is found;
    ``inspector calibrate`` gives one.
    """
    certificate = certify(reals, rate)
    if certificate is None:
        missing = files_needed(rate) - reals.size
        raise TeachError(f"{missing} more real pictures are needed to certify thresholds.")
    strictest = np.nextafter(np.sort(mine)[::-1][int(rate * mine.size)], np.inf)
    # Rounded up, so that no real that had to stay under it reaches it.
    return min(1.0, float(np.ceil(max(certificate.threshold, strictest) * 1e5) / 1e5))


def _figures(
    both: LabelledPictures,
    rows: NDArray[np.bool_],
    likelihoods: Floats,
    limits: Calibration,
) -> SetFigures:
    synthetic, reals = both.synthetic[rows], likelihoods[rows & ~both.synthetic]
    each = np.arange(synthetic.size)
    found = measure(likelihoods[rows], synthetic, each, limits.review)
    return SetFigures(
        n_real=int(reals.size),
        n_synthetic=int(synthetic.sum()),
        auc=found.auc,
        tpr_at_5=found.tpr_at_5,
        over_review=float((reals >= limits.review).mean()),
        over_drop=float((reals >= limits.drop).mean()),
    )
