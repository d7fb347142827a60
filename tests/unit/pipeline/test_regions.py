import numpy as np
import pytest

from inspector.domain.score import FrameScore
from inspector.pipeline.regions import find_regions, find_spans


def a_map(rows=20, cols=30):
    return np.full((rows, cols), 0.1, np.float32)


def test_that_a_hot_patch_becomes_one_region_with_its_neighbours():
    cells = a_map()
    cells[5:11, 10:16] = 0.7
    cells[7, 12] = 0.97
    (region,) = find_regions(cells, 16, (480, 320), high=0.95, low=0.6)
    assert (region.x, region.y, region.w, region.h) == (160, 80, 96, 96)
    assert region.likelihood == pytest.approx((35 * 0.7 + 0.97) / 36, abs=1e-5)


def test_that_warm_cells_without_a_hot_one_are_no_region():
    cells = a_map()
    cells[5:15, 5:15] = 0.9
    assert find_regions(cells, 16, (480, 320), high=0.95, low=0.6) == ()


def test_that_a_region_is_at_least_64_pixels_on_both_sides():
    cells = a_map()
    cells[2:5, 2:20] = 0.99
    assert find_regions(cells, 16, (480, 320), high=0.95, low=0.6) == ()


def test_that_cells_without_a_score_are_no_region():
    cells = np.full((20, 30), np.nan, np.float32)
    assert find_regions(cells, 16, (480, 320), high=0.95, low=0.6) == ()


def test_that_a_region_is_cut_to_the_frame():
    cells = np.full((20, 30), 0.99, np.float32)
    (region,) = find_regions(cells, 16, (475, 310), high=0.95, low=0.6)
    assert (region.w, region.h) == (475, 310)


def scored(*likelihoods):
    return [FrameScore(float(i), value) for i, value in enumerate(likelihoods)]


def test_that_three_hot_frames_in_a_row_make_a_span():
    (span,) = find_spans(scored(0.1, 0.8, 0.9, 0.7, 0.1), review=0.6)
    assert (span.start_s, span.end_s) == (1.0, 3.0)
    assert span.likelihood == pytest.approx(0.8)


def test_that_two_hot_frames_are_no_span():
    assert find_spans(scored(0.9, 0.9, 0.1, 0.9, 0.9), review=0.6) == ()


def test_that_a_span_may_end_with_the_clip():
    (span,) = find_spans(scored(0.1, 0.9, 0.9, 0.9), review=0.6)
    assert span.end_s == 3.0
