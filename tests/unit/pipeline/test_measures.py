from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.pipeline.measures import Curve, measure, reliability, roc_points

scores = st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=40)


def labelled(real, synthetic):
    """Return likelihoods, labels and a scene a file."""
    likelihoods = np.array([*real, *synthetic], float)
    labels = np.arange(len(likelihoods)) >= len(real)
    return likelihoods, labels, np.arange(len(likelihoods))


def measured(real, synthetic, review=0.5, rounds=20):
    return measure(*labelled(real, synthetic), review, rounds)


@given(scores, scores)
def test_that_auc_is_the_share_of_pairs_won(real, synthetic):
    pairs = [(s > r) + 0.5 * (s == r) for r in real for s in synthetic]
    assert measured(real, synthetic).auc.value == pytest.approx(np.mean(pairs))


@given(scores, scores, st.sampled_from([0.01, 0.05, 0.5]))
def test_that_a_rate_at_a_false_positive_rate_keeps_to_it(real, synthetic, fpr):
    reals = np.array(real)
    allowed = int(np.floor(fpr * reals.size))
    threshold = np.sort(reals)[::-1][min(allowed, reals.size - 1)]
    likelihoods, labels, _ = labelled(real, synthetic)
    curve = Curve(likelihoods, labels[None] * 1.0, ~labels[None] * 1.0)
    expected = (np.array(synthetic) > threshold).mean()
    assert curve.tpr_at(fpr)[0] == pytest.approx(expected)


def test_that_perfect_order_has_precision_one():
    assert measured([0.1, 0.2], [0.8, 0.9]).average_precision.value == pytest.approx(1.0)


def test_that_equal_scores_have_the_precision_of_chance():
    assert measured([0.5] * 30, [0.5] * 10).average_precision.value == pytest.approx(0.25)


def test_that_balanced_accuracy_is_taken_at_the_threshold_given():
    found = measured([0.1, 0.6], [0.55, 0.9], review=0.6)
    assert found.balanced_accuracy.value == pytest.approx(0.5)


def test_that_true_likelihoods_have_no_calibration_error():
    likelihoods = np.repeat([0.05, 0.95], 100)
    labels = np.concatenate([np.arange(100) < 5, np.arange(100) < 95])
    found = measure(likelihoods, labels, np.arange(200), 0.5, 5)
    assert found.ece.value == pytest.approx(0.0, abs=1e-9)
    assert [b.n for b in reliability(likelihoods, labels)] == [100, 100]


def test_that_every_interval_holds_its_value_and_two_runs_agree():
    generator = np.random.default_rng(1)
    real, synthetic = generator.beta(2, 4, 80), generator.beta(4, 2, 70)
    found = measured(real, synthetic, rounds=200)
    for name in found.__slots__:
        interval = getattr(found, name)
        if name != "ece":  # resampling can only add to an absolute gap
            assert interval.low <= interval.value <= interval.high, name
    assert found == measured(real, synthetic, rounds=200)


def test_that_copies_of_one_scene_do_not_make_an_interval_narrow():
    generator = np.random.default_rng(2)
    real, synthetic = generator.beta(2, 3, 20), generator.beta(3, 2, 20)
    likelihoods, labels, scenes = labelled(real, synthetic)
    once = measure(likelihoods, labels, scenes, 0.5, 400).auc
    copies = [np.repeat(column, 10) for column in (likelihoods, labels, scenes)]
    known = measure(*copies, 0.5, 400).auc
    believed = measure(copies[0], copies[1], np.arange(400), 0.5, 400).auc
    assert known.high - known.low == pytest.approx(once.high - once.low, rel=0.05)
    assert believed.high - believed.low < 0.5 * (known.high - known.low)


def test_that_one_scene_alone_leaves_its_interval_wide_open():
    likelihoods, labels, scenes = labelled([0.1, 0.2, 0.3], [0.8, 0.9])
    scenes[labels] = 3
    found = measure(likelihoods, labels, scenes, 0.5, 20).auc
    assert (found.value, found.low, found.high) == (1.0, 0.0, 1.0)


def test_that_one_label_alone_is_no_comparison():
    with pytest.raises(ValueError, match="both labels"):
        measured([0.1], [])


def test_that_the_roc_rises_from_corner_to_corner_and_is_thin():
    generator = np.random.default_rng(0)
    likelihoods, labels, _ = labelled(generator.random(900), generator.random(900))
    points = roc_points(likelihoods, labels)
    assert points[0] == (0.0, 0.0)
    assert points[-1] == pytest.approx((1.0, 1.0))
    assert len(points) <= 200
    assert all(a <= b for p, q in pairwise(points) for a, b in zip(p, q, strict=True))
