"""A head must not see what harmless treatment does to features."""

import numpy as np

from models.training.calm import calm_of


def test_that_projected_weights_do_not_see_a_change_and_see_all_else():
    generator = np.random.default_rng(0)
    changes = generator.normal(size=(3, 20)).astype(np.float32)
    std = generator.uniform(0.5, 2, 20).astype(np.float32)
    calm = calm_of(changes, std)
    weights = calm(generator.normal(size=20).astype(np.float32))
    assert np.abs(changes / std @ weights).max() < 1e-5
    assert np.linalg.norm(weights) > 1
    assert np.allclose(calm(weights), weights, atol=1e-5)


def test_that_rows_and_weights_may_be_projected_alike():
    generator = np.random.default_rng(1)
    rows, weights = generator.normal(size=(5, 12)), generator.normal(size=12)
    calm = calm_of(generator.normal(size=(2, 12)).astype(np.float32), np.ones(12, np.float32))
    assert np.allclose(calm(rows) @ weights, rows @ calm(weights), atol=1e-5)
