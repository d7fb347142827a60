import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.pipeline.evaluation import (
    average_precision,
    calibration_error,
    compare,
    roc_auc,
    tpr_at_fpr,
)

scores = st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=40)


@given(scores, scores)
def test_that_auc_is_the_share_of_pairs_won(real, synthetic):
    pairs = [(s > r) + 0.5 * (s == r) for r in real for s in synthetic]
    assert roc_auc(np.array(real), np.array(synthetic)) == pytest.approx(np.mean(pairs))


@given(scores, scores, st.sampled_from([0.01, 0.05, 0.5]))
def test_that_a_rate_at_a_false_positive_rate_keeps_to_it(real, synthetic, fpr):
    reals = np.array(real)
    allowed = int(np.floor(fpr * reals.size))
    threshold = np.sort(reals)[::-1][min(allowed, reals.size - 1)]
    assert (reals > threshold).mean() <= fpr
    expected = (np.array(synthetic) > threshold).mean()
    assert tpr_at_fpr(reals, np.array(synthetic), fpr) == expected


def test_that_perfect_order_has_precision_one():
    assert average_precision(np.array([0.1, 0.2]), np.array([0.8, 0.9])) == pytest.approx(1.0)


def test_that_equal_scores_have_the_precision_of_chance():
    assert average_precision(np.full(30, 0.5), np.full(10, 0.5)) == pytest.approx(0.25)


def test_that_true_likelihoods_have_no_calibration_error():
    likelihoods = np.repeat([0.05, 0.95], 100)
    labels = np.concatenate([np.arange(100) < 5, np.arange(100) < 95])
    assert calibration_error(likelihoods, labels) == pytest.approx(0.0, abs=1e-9)


def test_that_figures_name_every_source_and_count_false_alarms():
    figures = compare(
        {"phones": [0.1, 0.2, 0.95], "scans": [0.1]},
        {"made": [0.8, 0.9]},
        review=0.5,
        drop=0.9,
        unscored=2,
    )
    assert [s.source for s in figures.sources] == ["phones", "scans", "made"]
    assert figures.false_review == pytest.approx(0.25)
    assert figures.false_drop == pytest.approx(0.25)
    assert figures.unscored == 2
    assert figures.auc.low <= figures.auc.value <= figures.auc.high


def test_that_one_label_alone_is_no_comparison():
    with pytest.raises(ValueError, match="both labels"):
        compare({"a": [0.1]}, {"b": []}, review=0.5, drop=0.9, unscored=0)
