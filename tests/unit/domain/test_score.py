"""Heatmaps as bytes: likelihoods come back within half a step, and "not scored" stays so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from inspector.domain.score import CELL_STEPS, NOT_SCORED, Heatmap
from tests.builders import a_score

LIKELIHOODS = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2, max_side=12),
    elements=st.one_of(st.floats(0, 1, width=32), st.just(float("nan")), st.just(float("inf"))),
)


@given(LIKELIHOODS)
def test_that_a_likelihood_comes_back_within_half_a_step(likelihoods):
    back = Heatmap.from_likelihoods(likelihoods, 16).likelihoods()
    scored = np.isfinite(likelihoods)
    assert back.shape == likelihoods.shape
    assert np.isnan(back[~scored]).all()
    assert np.abs(back[scored] - likelihoods[scored]).max(initial=0) <= 0.5 / CELL_STEPS + 1e-6


@given(LIKELIHOODS)
def test_that_quantising_twice_changes_nothing(likelihoods):
    once = Heatmap.from_likelihoods(likelihoods, 16)
    again = Heatmap.from_likelihoods(once.likelihoods(), 16)
    assert np.array_equal(once.values, again.values)


@pytest.mark.parametrize(
    ("likelihood", "cell"),
    [(0.0, 0), (1.0, CELL_STEPS), (0.5, 127), (-0.1, 0), (1.1, CELL_STEPS), (np.nan, NOT_SCORED)],
)
def test_that_ends_and_strays_have_their_cell(likelihood, cell):
    heatmap = Heatmap.from_likelihoods(np.array([[likelihood]], np.float32), 8)
    assert heatmap.values[0, 0] == cell
    assert heatmap.values.dtype == np.uint8


def test_that_a_map_tells_its_shape():
    heatmap = Heatmap.from_likelihoods(np.zeros((3, 7), np.float32), 16)
    assert (heatmap.rows, heatmap.cols, heatmap.cell_px) == (3, 7, 16)


def test_that_only_a_reason_makes_a_score_abstain():
    assert not a_score(0.99).abstained
    assert a_score(0.1, abstain_reason="It is too small.").abstained
