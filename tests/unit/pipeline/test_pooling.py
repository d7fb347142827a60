import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.detector import Calibration, FusionTerm, Pool
from inspector.domain.errors import EmptyMediaError
from inspector.pipeline.pooling import (
    fuse,
    likelihood_of,
    pool_logits,
    pool_terms,
    pool_top_fraction,
    sigmoid,
)
from tests.fakes import a_detector_spec

likelihood_lists = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=50)


@given(likelihood_lists)
def test_that_a_pool_lies_between_mean_and_maximum(values):
    array = np.array(values, np.float32)
    assert array.mean() - 1e-5 <= pool_top_fraction(array) <= array.max() + 1e-5


@given(likelihood_lists)
def test_that_the_order_of_frames_does_not_matter(values):
    array = np.array(values, np.float32)
    assert pool_top_fraction(array) == pytest.approx(pool_top_fraction(array[::-1]))


def test_that_a_short_insert_is_not_drowned():
    frames = np.array([0.1] * 8 + [0.9] * 8, np.float32)
    assert pool_top_fraction(frames) == pytest.approx(0.9)


def test_that_no_frame_is_no_likelihood():
    with pytest.raises(EmptyMediaError):
        pool_top_fraction(np.empty(0, np.float32))


@pytest.mark.parametrize("bad", [float("nan"), 1.5, -0.1])
def test_that_a_value_that_is_no_likelihood_is_refused(bad):
    with pytest.raises(ValueError, match="out of range"):
        pool_top_fraction(np.array([0.5, bad], np.float32))


def test_that_every_pool_gives_what_it_says():
    logits = np.array([-1.0] * 9 + [9.0], np.float32)
    assert pool_logits(logits, Pool.MEAN) == pytest.approx(0.0)
    assert pool_logits(logits, Pool.TOP10) == pytest.approx(9.0)
    assert pool_logits(logits, Pool.POSITIVE) == pytest.approx(0.1)
    assert pool_logits(logits, Pool.SPREAD) == pytest.approx(3.0)


def test_that_fusion_is_the_cards_logistic():
    spec = a_detector_spec(
        fusion=(FusionTerm("a", Pool.MEAN, 2.0), FusionTerm("b", Pool.TOP10, -1.0)),
        fusion_bias=0.5,
    )
    logits = {"a": np.array([1.0], np.float32), "b": np.array([3.0], np.float32)}
    terms = pool_terms(spec, logits, {})
    assert terms == (1.0, 3.0)
    assert fuse(spec, terms) == pytest.approx(0.5 + 2.0 - 3.0)


def test_that_the_scores_of_a_map_views_tiles_are_pooled_apart_from_its_cells():
    spec = a_detector_spec(
        fusion=(FusionTerm("a", Pool.SCORE, 1.0), FusionTerm("a", Pool.MEAN, 1.0))
    )
    cells, tiles = np.array([5.0, 7.0], np.float32), np.array([1.0, 2.0], np.float32)
    assert pool_terms(spec, {"a": cells}, {"a": tiles}) == (1.5, 6.0)


def test_that_temperature_and_bias_calibrate():
    calibration = Calibration(temperature=2.0, bias=1.0)
    assert likelihood_of(-2.0, calibration) == pytest.approx(0.5)


def test_that_extreme_logits_stay_likelihoods():
    values = sigmoid(np.array([-1e9, 0.0, 1e9], np.float32))
    assert values.min() >= 0.0
    assert values.max() <= 1.0
