import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspector.pipeline.tiling import padded, scan_tiles, stitch_plan

sides = st.integers(1, 3000)


@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from([8, 16]), st.integers(0, 64))
def test_that_padding_reaches_whole_multiples_and_keeps_the_picture(height, width, multiple, least):
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    result = padded(pixels, multiple, least)
    assert result.shape[0] % multiple == 0 or least
    assert min(result.shape[:2]) >= least
    assert np.array_equal(result[:height, :width], pixels)


@given(sides, sides, st.sampled_from([0, 32, 144]))
def test_that_stitched_parts_cover_every_cell_once(width, height, margin):
    width, height = -(-width // 16) * 16, -(-height // 16) * 16
    covered = np.zeros((height // 16, width // 16), int)
    for part in stitch_plan(width, height, margin, 16, side=512):
        keep, tile = part.keep, part.tile
        covered[keep.y // 16 : (keep.y + keep.h) // 16, keep.x // 16 : (keep.x + keep.w) // 16] += 1
        assert tile.x >= 0
        assert tile.x + tile.w <= width
        for inner, outer in ((keep.x, tile.x), (keep.y, tile.y)):
            assert outer == 0 or inner - outer >= margin
        assert tile.x + tile.w == width or tile.x + tile.w - keep.x - keep.w >= margin
        assert tile.y + tile.h == height or tile.y + tile.h - keep.y - keep.h >= margin
    assert (covered == 1).all()


def test_that_a_small_picture_is_one_tile():
    tiles = scan_tiles(np.zeros((512, 320, 3), np.uint8), 256, 4, 16)
    assert [(t.x, t.y, t.w, t.h) for t in tiles] == [(0, 0, 320, 512)]


@given(st.integers(34, 120), st.integers(1, 120), st.integers(1, 12))
def test_that_tiles_stay_inside_within_budget_and_differ(columns, rows, budget):
    pixels = np.zeros((rows * 16, columns * 16, 3), np.uint8)
    tiles = scan_tiles(pixels, 256, budget, 16)
    assert 1 <= len(tiles) <= budget
    assert len({(t.x, t.y) for t in tiles}) == len(tiles)
    for tile in tiles:
        assert tile.x % 16 == 0
        assert tile.y % 16 == 0
        assert tile.x + tile.w <= columns * 16
        assert tile.y + tile.h <= rows * 16


def test_that_a_single_tile_lies_in_the_middle():
    (tile,) = scan_tiles(np.zeros((1024, 2048, 3), np.uint8), 256, 1, 16)
    assert (tile.x, tile.y, tile.w, tile.h) == (896, 384, 256, 256)


def test_that_the_most_textured_part_is_among_the_tiles():
    pixels = np.full((1024, 2048, 3), 128, np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3), np.uint8)
    pixels[512:768, 1280:1536] = noise
    tiles = scan_tiles(pixels, 256, 4, 16)
    assert any((t.x, t.y) == (1280, 512) for t in tiles)
