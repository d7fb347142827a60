from dataclasses import replace

import numpy as np
import pytest

from inspector.domain.detector import SizePolicy
from inspector.pipeline.fitting import fit_whole
from tests.builders import a_detector_spec

VIEW = replace(a_detector_spec().views[0].input, size=224, resize=256, multiple=16)
WHOLE = [policy for policy in SizePolicy if policy is not SizePolicy.NATIVE_TILES]


@pytest.mark.parametrize("policy", WHOLE)
@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (300, 9000), (224, 224)])
def test_that_the_thinnest_picture_fits_without_growing_beyond_bounds(policy, shape):
    pixels = np.full((*shape, 3), 77, np.uint8)
    fitted = fit_whole(pixels, replace(VIEW, size_policy=policy))
    assert fitted.size <= 3 * 256 * 8 * 256
    assert (fitted == 77).all()
    if policy is not SizePolicy.RESIZE_SHORT:
        assert fitted.shape == (224, 224, 3)


def test_that_a_usual_picture_is_scaled_by_its_short_side_and_cut_in_the_middle():
    pixels = np.zeros((512, 768, 3), np.uint8)
    pixels[:, 384 - 224 : 384 + 224] = 200
    fitted = fit_whole(pixels, replace(VIEW, size_policy=SizePolicy.RESIZE_CROP))
    assert (fitted[:, 2:-2] == 200).all()


def test_that_a_long_picture_gives_its_middle():
    pixels = np.zeros((100, 4000, 3), np.uint8)
    pixels[:, 1600:2400] = 200
    fitted = fit_whole(pixels, replace(VIEW, size_policy=SizePolicy.RESIZE_SHORT))
    assert fitted.shape == (256, 2048, 3)
    assert (fitted == 200).all()
