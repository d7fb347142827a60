import numpy as np
import pytest

from inspector.adapters.samples import draw_photo
from inspector.adapters.treat import treated
from inspector.domain.figures import Treatment
from inspector.pipeline.baselines import trivial_measures

PHOTO = draw_photo(5, 333, 251)


@pytest.mark.parametrize("treatment", list(Treatment))
def test_that_a_copy_looks_like_the_picture_and_has_the_size_it_should(treatment):
    copy = treated(PHOTO, treatment)
    scale = {Treatment.HALF: 0.5, Treatment.THREE_QUARTERS: 0.75, Treatment.ONE_AND_A_HALF: 1.5}
    factor = scale.get(treatment, 1.0)
    assert copy.shape == (round(251 * factor), round(333 * factor), 3)
    assert copy.dtype == np.uint8
    assert abs(float(copy.mean()) - float(PHOTO.mean())) < 3


@pytest.mark.parametrize(
    ("treatment", "quality"), [(Treatment.JPEG_85, 85), (Treatment.JPEG_75, 75)]
)
def test_that_a_jpeg_copy_has_the_quality_asked_for(treatment, quality):
    copy = treated(PHOTO, treatment)
    assert trivial_measures(copy).jpeg_quality == pytest.approx(quality, abs=2)


def test_that_a_platform_shrinks_the_longest_side_to_1080_and_never_enlarges():
    large = np.zeros((500, 2160, 3), np.uint8)
    assert treated(large, Treatment.PLATFORM).shape == (250, 1080, 3)
    assert treated(PHOTO, Treatment.PLATFORM).shape == PHOTO.shape


def test_that_x264_loses_a_little_and_keeps_odd_sides():
    copy = treated(PHOTO, Treatment.X264)
    difference = np.abs(copy.astype(int) - PHOTO).mean()
    assert 0.3 < difference < 8


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (15, 40), (17, 19)])
@pytest.mark.parametrize("treatment", list(Treatment))
def test_that_tiny_pictures_are_treated_or_left_out(shape, treatment):
    copy = treated(np.full((*shape, 3), 90, np.uint8), treatment)
    assert copy is None or (copy.ndim == 3 and min(copy.shape[:2]) >= 1)
    assert (copy is None) == (treatment is Treatment.X264 and min(shape) < 16)


def test_that_sides_a_coding_cannot_hold_are_left_out():
    long = np.zeros((2, 20_000, 3), np.uint8)
    assert treated(long, Treatment.WEBP_80) is None
    assert treated(long, Treatment.JPEG_85).shape == long.shape
    assert treated(np.zeros((1, 70_000, 3), np.uint8), Treatment.JPEG_85) is None
