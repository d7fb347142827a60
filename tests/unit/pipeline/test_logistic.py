import numpy as np
import pytest

from inspector.pipeline.logistic import fit_logistic


def a_sample(n=4000, k=5, seed=0):
    """Features of very different spread, and labels drawn from a known head."""
    generator = np.random.default_rng(seed)
    weights, bias = generator.normal(0, 1, k), 0.7
    features = generator.normal(3, 1, (n, k)) * np.logspace(-1, 2, k)
    logits = (features - 3 * np.logspace(-1, 2, k)) / np.logspace(-1, 2, k) @ weights + bias
    labels = generator.uniform(size=n) < 1 / (1 + np.exp(-logits))
    return features, labels, logits


def test_that_a_known_head_is_recovered():
    features, labels, logits = a_sample(40_000)
    head = fit_logistic(features, labels, np.ones(labels.size), 1e-6)
    assert np.abs(head(features) - logits).max() < 0.4
    assert np.corrcoef(head(features), logits)[0, 1] > 0.999


def test_that_no_step_makes_the_loss_smaller():
    features, labels, _ = a_sample(500)
    weights = np.random.default_rng(1).uniform(0.1, 2, labels.size)
    share, l2 = weights / weights.sum(), 0.03
    head = fit_logistic(features, labels, weights, l2)
    mean = share @ features
    spread = np.sqrt(share @ (features - mean) ** 2) + 1e-4
    v = head.weights * spread
    slope = share * (1 / (1 + np.exp(-head(features))) - labels)
    assert slope.sum() == pytest.approx(0, abs=1e-4)
    assert ((features - mean) / spread).T @ slope + l2 * v == pytest.approx(0, abs=1e-3)


def test_that_classes_a_plane_parts_still_have_one_answer():
    features = np.linspace(-1, 1, 40)[:, None]
    head = fit_logistic(features, features[:, 0] > 0, np.ones(40), 1e-3)
    assert np.isfinite(head.weights).all()
    assert ((head(features) > 0) == (features[:, 0] > 0)).all()


def test_that_where_it_starts_does_not_matter():
    features, labels, _ = a_sample(800)
    weights = np.ones(labels.size)
    cold = fit_logistic(features, labels, weights, 0.01)
    far = fit_logistic(features, ~labels, weights, 0.01)
    warm = fit_logistic(features, labels, weights, 0.01, start=far)
    assert warm(features) == pytest.approx(cold(features), abs=1e-2)


def test_that_a_head_learns_only_what_the_offset_lacks():
    features, labels, _ = a_sample(20_000)
    known = fit_logistic(features, labels, np.ones(labels.size), 1e-6)(features)
    head = fit_logistic(features, labels, np.ones(labels.size), 1e-6, offset=known)
    assert head(features) == pytest.approx(0, abs=0.05)
    half = known / 2 + known.mean() / 2
    head = fit_logistic(features, labels, np.ones(labels.size), 1e-6, offset=half)
    assert head(features) + half == pytest.approx(known, abs=0.05)


def test_that_a_strong_penalty_leaves_the_offset_as_it_is():
    features, labels, _ = a_sample(500)
    head = fit_logistic(features, labels, np.ones(500), 1e4, offset=features[:, 0])
    assert head(features) == pytest.approx(0, abs=1e-3)


def test_that_a_heavy_row_counts_as_often_as_it_weighs():
    features, labels, _ = a_sample(300)
    often = np.random.default_rng(2).integers(1, 4, labels.size)
    once = fit_logistic(features, labels, often.astype(float), 0.01)
    repeated = np.repeat(np.arange(labels.size), often)
    copied = fit_logistic(features[repeated], labels[repeated], np.ones(repeated.size), 0.01)
    assert once(features) == pytest.approx(copied(features), abs=1e-2)


def test_that_a_feature_that_never_varies_weighs_nothing():
    features, labels, _ = a_sample(300)
    features[:, 0] = 5.0
    assert fit_logistic(features, labels, np.ones(300), 0.01).weights[0] == pytest.approx(0)


def test_that_one_class_alone_is_refused():
    with pytest.raises(ValueError, match="both classes"):
        fit_logistic(np.ones((3, 1)), np.ones(3, bool), np.ones(3), 0.1)
