from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from inspector.adapters.samples import (
    camera_exif,
    draw_photo,
    draw_scene,
    draw_synthetic,
    encode_clip,
    encode_jpeg,
    encode_png,
    pan,
    splice,
)


def fine_noise(pixels: np.ndarray) -> float:
    """Return the spread of mixed second differences taken twice: pixel noise, no drawing."""
    grey = pixels[:128, :128].astype(np.float32).mean(axis=2)
    for _ in range(2):
        grey = np.diff(np.diff(grey, axis=0), axis=1)
    return float(grey.std())


@pytest.mark.parametrize("draw", [draw_photo, draw_synthetic])
def test_that_a_seed_gives_the_same_picture_again(draw) -> None:
    first, second, other = draw(5, 160, 120), draw(5, 160, 120), draw(6, 160, 120)
    assert first.shape == (120, 160, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_that_a_photo_has_a_sensor_s_noise_and_a_synthetic_one_has_not() -> None:
    assert fine_noise(draw_photo(2, 256, 256)) > 2 * fine_noise(draw_synthetic(2, 256, 256))


def test_that_a_scene_lies_in_the_unit_range() -> None:
    scene = draw_scene(9, 90, 70)
    assert scene.min() >= 0
    assert scene.max() <= 1


def test_that_jpegs_carry_the_given_exif_and_xmp(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode_jpeg(draw_photo(1, 64, 48), exif=camera_exif("Firm", "X1"), xmp="<x/>"))
    with Image.open(path) as picture:
        assert picture.size == (64, 48)
        assert picture.getexif()[0x010F] == "Firm"
        assert picture.info["xmp"] == b"<x/>"


def test_that_pngs_carry_the_given_text(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encode_png(draw_photo(1, 64, 48), {"parameters": "Schöne Welt"}))
    with Image.open(path) as picture:
        assert picture.info["parameters"] == "Schöne Welt"


def test_that_a_clip_has_every_frame_at_its_rate(tmp_path: Path) -> None:
    frames = pan(draw_photo(3, 200, 120), 12, 160, 96, noise=2.0)
    path = encode_clip(tmp_path / "a.mp4", frames, 24)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (160, 96)
        assert stream.average_rate == 24
        assert sum(1 for _ in container.decode(stream)) == 12


def test_that_a_splice_changes_its_box_alone() -> None:
    base, insert = draw_photo(1, 200, 150), draw_synthetic(2, 200, 150)
    joined = splice(base, insert, (60, 50, 80, 60))
    assert np.array_equal(joined[:20], base[:20])
    assert np.array_equal(joined[75:85, 95:105], insert[75:85, 95:105])
