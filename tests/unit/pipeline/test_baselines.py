import io

import cv2
import numpy as np
import pytest
from PIL import Image

from inspector.adapters.samples import draw_photo
from inspector.pipeline.baselines import jpeg_quality, out_of_fold, trivial_measures


def luma(pixels):
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(float)


def through_jpeg(pixels, quality):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as picture:
        return np.array(picture)


@pytest.mark.parametrize("quality", [40, 60, 75, 80, 88, 92])
def test_that_the_quality_of_a_jpeg_shows_in_its_pixels(quality):
    photo = through_jpeg(draw_photo(3, 480, 320), quality)
    assert jpeg_quality(luma(photo)) == pytest.approx(quality, abs=2)


def test_that_a_picture_that_was_never_a_jpeg_or_was_resized_since_shows_none():
    photo = draw_photo(3, 480, 320)
    assert jpeg_quality(luma(photo)) == 100
    smaller = cv2.resize(through_jpeg(photo, 75), (300, 200), interpolation=cv2.INTER_AREA)
    assert jpeg_quality(luma(np.asarray(smaller, np.uint8))) == 100


def test_that_blur_lowers_both_energies():
    photo = draw_photo(4, 320, 240)
    sharp, soft = trivial_measures(photo), trivial_measures(cv2.GaussianBlur(photo, (0, 0), 2))
    assert soft.high_energy < sharp.high_energy
    assert soft.laplacian < sharp.laplacian


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (7, 9), (3000, 40)])
def test_that_any_size_has_finite_measures(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    assert np.isfinite(trivial_measures(pixels).values()).all()


def test_that_a_fit_finds_what_is_there_on_files_it_was_not_fitted_on():
    generator = np.random.default_rng(0)
    labels = generator.random(300) < 0.3
    features = generator.normal(0, 1, (300, 3)) + labels[:, None] * [1.5, 0, 0]
    found = out_of_fold(features, labels, np.arange(300))
    assert found[labels].mean() > found[~labels].mean() + 0.2


def test_that_a_fit_on_shuffled_labels_finds_nothing():
    generator = np.random.default_rng(0)
    labels = generator.random(600) < 0.5
    found = out_of_fold(generator.normal(0, 1, (600, 3)), labels, np.arange(600))
    wins = found[labels][:, None] > found[~labels][None]
    assert wins.mean() == pytest.approx(0.5, abs=0.06)


def test_that_copies_of_one_scene_do_not_teach_the_fit_about_each_other():
    generator = np.random.default_rng(0)
    scenes = np.repeat(np.arange(60), 10)
    labels = generator.random(60)[scenes] < 0.5
    features = generator.normal(0, 1, (60, 8))[scenes]
    honest = out_of_fold(features, labels, scenes)
    leaky = out_of_fold(features, labels, np.arange(600))

    def share_won(found):
        return (found[labels][:, None] > found[~labels][None]).mean()

    assert share_won(honest) < 0.65 < share_won(leaky)
