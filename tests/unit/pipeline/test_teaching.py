from dataclasses import replace

import numpy as np
import pytest

from inspector.domain.detector import Calibration, FusionTerm, Pool
from inspector.domain.errors import TeachError
from inspector.domain.figures import Interval
from inspector.pipeline.certificate import binomial_cdf
from inspector.pipeline.teaching import (
    DROP_RATE,
    HEADS,
    LEAST_PICTURES,
    REVIEW_RATE,
    refuse_worse,
    teach,
)
from tests.builders import a_detector_spec
from tests.lessons import some_pictures

BASE = a_detector_spec(
    fusion=(FusionTerm("scene", Pool.MEAN, 1.0), FusionTerm("pixels", Pool.MEAN, 0.0)),
    calibration=Calibration(review=0.8, drop=0.9, video_review=0.97, video_drop=0.99, n_real=400),
)
BUILTIN = some_pictures(1600, tells=3, sources=40)


def silent(done):
    del done


def own_pictures(n=120, tells=0, seed=1, **more):
    made = some_pictures(n, tells=tells, seed=seed, name="own", by=2.0, **more)
    return replace(made, group=np.arange(n))


@pytest.fixture(scope="module")
def taught():
    return teach(BUILTIN, own_pictures(), BASE, silent)


def test_that_what_the_detector_missed_is_learnt(taught):
    assert taught.own.before.auc.value < 0.65
    assert taught.own.after.auc.value > 0.75
    assert taught.own.after.auc.low <= taught.own.after.auc.value <= taught.own.after.auc.high
    assert taught.own.after.n_real == taught.own.after.n_synthetic == 60
    assert taught.by_folder


def test_that_the_built_in_pictures_are_told_apart_as_before(taught):
    assert taught.builtin.after.auc.value > taught.builtin.before.auc.value - 0.01


def test_that_the_new_head_serves_pictures_that_nobody_saw(taught):
    unseen = own_pictures(400, seed=7)
    terms = np.column_stack([unseen.terms[:, 0] + taught.head(unseen.features), unseen.terms[:, 1]])
    logits = taught.fusion(terms)
    reals, fakes = logits[~unseen.synthetic], logits[unseen.synthetic]
    assert (fakes[:, None] > reals[None]).mean() > 0.75


def test_that_thresholds_are_certified_on_all_reals_held_out(taught):
    made = taught.calibration
    assert made.n_real == BUILTIN.n_real + 60
    assert 0 < made.review <= made.drop <= 1
    assert binomial_cdf(made.n_real_over_drop, made.n_real, DROP_RATE) <= 0.05
    over = [taught.builtin.after.over_review, taught.own.after.over_review]
    count = round(over[0] * BUILTIN.n_real + over[1] * 60)
    assert binomial_cdf(count, made.n_real, REVIEW_RATE) <= 0.05
    assert over[1] <= REVIEW_RATE
    assert taught.own.after.over_drop <= DROP_RATE


def test_that_the_map_stays_and_clips_are_not_dropped_sooner(taught):
    made, base = taught.calibration, BASE.calibration
    assert (made.region_review, made.map_bias) == (base.region_review, base.map_bias)
    assert made.video_review >= base.video_review
    assert made.video_drop >= max(base.video_drop, made.drop)


def test_that_two_lessons_alike_teach_the_same(taught):
    again = teach(BUILTIN, own_pictures(), BASE, silent)
    assert (again.head.weights == taught.head.weights).all()
    assert again.own == taught.own


def test_that_progress_rises_to_the_end():
    done = []
    teach(BUILTIN, own_pictures(sources=20), BASE, done.append)
    assert done == list(range(1, HEADS + 1))


def test_that_figures_of_chance_stay_figures_of_chance():
    """Pictures with nothing to learn: what is printed must not show a gain that is none."""
    try:
        found = teach(BUILTIN, own_pictures(400, tells=None, sources=20), BASE, silent)
    except TeachError:
        return
    assert found.own.after.auc.low < 0.5


@pytest.mark.parametrize("label", [False, True])
def test_that_too_few_pictures_are_counted(label):
    own = own_pictures()
    kept = np.flatnonzero(own.synthetic != label).tolist()
    kept += np.flatnonzero(own.synthetic == label)[: LEAST_PICTURES - 4].tolist()
    few = replace(
        own,
        features=own.features[kept],
        terms=own.terms[kept],
        synthetic=own.synthetic[kept],
        source=own.source[kept],
        group=own.group[kept],
    )
    name = "synthetic" if label else "real"
    with pytest.raises(TeachError, match=f"26 {name} pictures .* so 4 are missing"):
        teach(BUILTIN, few, BASE, silent)


def test_that_pictures_all_alike_cannot_be_measured_on():
    own = own_pictures()
    alike = replace(own, group=np.where(own.synthetic, 0, own.group))
    with pytest.raises(TeachError, match="synthetic pictures belong together"):
        teach(BUILTIN, alike, BASE, silent)


def test_that_what_misleads_elsewhere_is_refused():
    """Two synthetic folders, one redder and one less red: what one teaches harms the other."""
    own = own_pictures(tells=3, sources=4)
    features = own.features.copy()
    features[own.source == 1, 0] += 3
    features[own.source == 3, 0] -= 3
    with pytest.raises(TeachError, match="worse on your own pictures"):
        teach(BUILTIN, replace(own, features=features), BASE, silent)


def with_auc(figures, value):
    return replace(figures, auc=Interval(value, value, value))


def test_that_a_loss_on_the_built_in_pictures_is_refused(taught):
    was = taught.builtin.before.auc.value
    lost = replace(taught.builtin, after=with_auc(taught.builtin.after, was - 0.0101))
    with pytest.raises(TeachError, match="built-in pictures"):
        refuse_worse(replace(taught, builtin=lost))
    refuse_worse(
        replace(
            taught,
            builtin=replace(taught.builtin, after=with_auc(taught.builtin.after, was - 0.0099)),
        )
    )


def test_that_too_few_reals_to_certify_are_counted():
    few = some_pictures(400, tells=3)
    with pytest.raises(TeachError, match="more real pictures are needed"):
        teach(few, own_pictures(), BASE, silent)
