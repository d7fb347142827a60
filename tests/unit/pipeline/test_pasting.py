import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.domain.detector import Calibration
from inspector.domain.score import Heatmap
from inspector.pipeline.pasting import found_regions, paste, region_figures

CALIBRATION = Calibration(region_review=0.9, region_low=0.6)


def grey(height, width, level):
    return np.full((height, width, 3), level, np.uint8)


@settings(deadline=None)
@given(st.integers(128, 700), st.integers(128, 700), st.integers(0, 50))
def test_that_a_region_is_at_least_64_px_and_leaves_room(height, width, seed):
    made = paste(grey(height, width, 0), grey(900, 900, 200), np.random.default_rng(seed))
    rows, cols = np.flatnonzero(made.mask.any(1)), np.flatnonzero(made.mask.any(0))
    assert np.ptp(rows) + 1 >= 64
    assert np.ptp(cols) + 1 >= 64
    assert made.mask.mean() < 0.5
    assert made.pixels.shape == (height, width, 3)


def test_that_pixels_come_from_the_insert_inside_and_from_the_base_outside():
    made = paste(grey(300, 400, 10), grey(500, 500, 200), np.random.default_rng(3))
    inside, outside = made.pixels[made.mask], made.pixels[~made.mask]
    assert np.median(inside) == 200
    assert np.median(outside) == 10


def test_that_a_picture_too_small_for_a_region_takes_none():
    assert paste(grey(127, 500, 0), grey(500, 500, 9), np.random.default_rng(0)) is None
    assert paste(grey(500, 500, 0), grey(500, 1, 9), np.random.default_rng(0)) is None


def test_that_a_panorama_gives_its_middle():
    made = paste(grey(300, 5000, 0), grey(4000, 6000, 9), np.random.default_rng(0))
    assert made.pixels.shape == (300, 1024, 3)


def seen(right):
    """Return what a map says that is right, or wrong everywhere, of a synthetic left half."""
    truth = np.zeros((160, 200), bool)
    truth[:, :104] = True
    cells = np.full((10, 13), 0.02, np.float32)
    cells[:, :6] = 0.98
    cells[0] = np.nan
    heatmap = Heatmap.from_likelihoods(cells if right else 1 - cells, 16)
    return found_regions(heatmap, truth, CALIBRATION)


def test_that_a_right_map_scores_high_and_a_wrong_one_low():
    right, wrong = region_figures([seen(True)] * 3), region_figures([seen(False)] * 3)
    assert right.pixel_auc.value > 0.95
    assert right.iou.value > 0.75
    assert wrong.pixel_auc.value < 0.05
    assert wrong.iou.value < 0.1
    assert right.found.value == 1.0
    assert wrong.found.value == 1.0  # its region begins one cell inside the truth
    assert right.abstained == pytest.approx(0.1, abs=0.01)


def test_that_shares_count_the_pixels_of_cut_off_cells():
    shares = seen(True).shares
    assert shares.shape == (10, 13)
    assert shares[5, 5] == 1.0
    assert shares[5, 6] == pytest.approx(0.5)
    assert shares[5, 12] == 0.0


def test_that_no_picture_gives_no_figures():
    with pytest.raises(ValueError, match="no picture"):
        region_figures([])
