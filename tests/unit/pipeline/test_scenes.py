import cv2
import numpy as np

from inspector.adapters.samples import draw_photo
from inspector.pipeline.scenes import near_pairs, number_scenes, scene_hash


def hashes():
    """Return those of three photos and of the first one in half its size."""
    photos = [draw_photo(seed, 240, 180) for seed in (1, 2, 3)]
    half = cv2.resize(photos[0], (120, 90), interpolation=cv2.INTER_AREA)
    return [scene_hash(np.asarray(pixels, np.uint8)) for pixels in (*photos, half)]


def test_that_another_size_of_a_picture_is_the_same_scene_and_another_picture_is_not():
    scenes = number_scenes(["a"] * 4, hashes())
    assert scenes[0] == scenes[3]
    assert len(set(scenes.tolist())) == 3


def test_that_scenes_do_not_reach_across_sources():
    scenes = number_scenes(["a", "a", "a", "b"], hashes())
    assert len(set(scenes.tolist())) == 4


def test_that_chains_of_near_pictures_join():
    chain = [0, 0b11111, 0b1111111111, (1 << 40) - 1]
    assert near_pairs(["a"] * 4, chain) == [(0, 1), (1, 2)]
    scenes = number_scenes(["a"] * 4, chain)
    assert scenes[0] == scenes[1] == scenes[2] != scenes[3]


def test_that_a_picture_of_one_pixel_has_a_hash():
    assert scene_hash(np.zeros((1, 1, 3), np.uint8)) == 0
