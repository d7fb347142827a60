import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.pipeline.certificate import binomial_cdf, certify, files_needed


@pytest.mark.parametrize(("rate", "needed"), [(0.01, 299), (0.005, 598), (0.05, 59)])
def test_that_a_certificate_needs_enough_real_files(rate, needed):
    assert files_needed(rate) == needed
    generator = np.random.default_rng(0)
    assert certify(generator.random(needed - 1), rate) is None
    certificate = certify(generator.random(needed), rate)
    assert certificate.n_over == 0


@given(st.integers(1, 30), st.floats(0.05, 0.95))
def test_that_the_binomial_adds_up(n, p):
    assert binomial_cdf(n, n, p) == pytest.approx(1.0)
    assert binomial_cdf(0, n, p) == pytest.approx((1 - p) ** n)


def test_that_more_files_buy_a_lower_threshold():
    generator = np.random.default_rng(0)
    small, large = (certify(generator.random(n), 0.05).threshold for n in (60, 20_000))
    assert large < small
    assert large == pytest.approx(0.95, abs=0.01)


def test_that_the_certificate_holds_as_often_as_it_says():
    """Over many draws of 299 uniform scores, the true false-alarm rate is at most 1 % in 95 %."""
    generator = np.random.default_rng(7)
    truths = [1 - certify(generator.random(299), 0.01).threshold for _ in range(400)]
    assert np.mean(np.array(truths) <= 0.01) >= 0.92
