"""The loupe's arithmetic: viewport, contour, cells without a score, colours, pyramid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inspector.domain.score import NOT_SCORED, Heatmap
from inspector.gui.loupe.colour_map import MapColours, colour_table, coloured, overlay_table
from inspector.gui.loupe.contour import contour, unscored_rectangles
from inspector.gui.loupe.pyramid import build_pyramid, screen_image
from inspector.gui.loupe.viewport import MAX_FIT, Viewport


def a_viewport() -> Viewport:
    return Viewport((4000, 3000), (800.0, 600.0)).fit()


def test_that_a_fitted_picture_fills_the_widget_and_follows_it():
    fitted = a_viewport()
    assert fitted.scale == pytest.approx(0.2)
    assert fitted.origin == pytest.approx((0, 0))
    assert fitted.resized((400.0, 300.0)).scale == pytest.approx(0.1)


def test_that_a_tiny_picture_is_not_blown_up_without_end():
    assert Viewport((10, 10), (800.0, 600.0)).fit().scale == MAX_FIT


@given(st.floats(0.5, 20), st.floats(250, 550), st.floats(200, 400))
def test_that_zooming_in_keeps_the_point_under_the_cursor(factor, x, y):
    before = a_viewport().scaled(1.0)
    after = before.zoomed(max(1.0, factor), (x, y))
    assert after.to_picture((x, y)) == pytest.approx(before.to_picture((x, y)), abs=1e-6)


@given(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_that_panning_never_leaves_a_gap_beside_a_large_picture(across, down):
    panned = a_viewport().scaled(1.0).panned(across, down)
    x, y = panned.origin
    assert x <= 1e-6 and y <= 1e-6
    assert x + 4000 >= 800 - 1e-6 and y + 3000 >= 600 - 1e-6


def test_that_a_contour_runs_halfway_between_two_cells():
    likelihoods = np.zeros((4, 4), np.float32)
    likelihoods[:, 2:] = 1
    lines = contour(Heatmap.from_likelihoods(likelihoods, 10), 0.5)
    inner = lines[(lines[:, [1, 3]] > 5).all(axis=1) & (lines[:, [1, 3]] < 35).all(axis=1)]
    left = inner[inner[:, 0] < 30]
    assert np.allclose(left[:, [0, 2]], 20)


@given(arrays(np.uint8, st.tuples(st.integers(1, 7), st.integers(1, 7))))
def test_that_every_contour_is_closed(values):
    lines = contour(Heatmap(values, 8), 0.6)
    ends = np.rint(lines.reshape(-1, 2) * 1000).astype(int)
    _, counts = np.unique(ends, axis=0, return_counts=True)
    assert (counts % 2 == 0).all()


@given(
    arrays(
        np.uint8,
        st.tuples(st.integers(1, 8), st.integers(1, 8)),
        elements=st.sampled_from([0, 255]),
    )
)
def test_that_the_rectangles_cover_exactly_the_cells_without_a_score(values):
    covered = np.zeros(values.shape, int)
    for x, y, w, h in unscored_rectangles(Heatmap(values, 4)):
        covered[y // 4 : (y + h) // 4, x // 4 : (x + w) // 4] += 1
    assert (covered == (values == NOT_SCORED)).all()


def test_that_a_joined_block_is_one_rectangle():
    values = np.zeros((6, 6), np.uint8)
    values[1:5, 2:4] = NOT_SCORED
    assert unscored_rectangles(Heatmap(values, 10)) == ((20, 10, 20, 40),)


@pytest.mark.parametrize("colours", MapColours)
def test_that_every_map_grows_lighter_with_the_likelihood(colours):
    light = colour_table(colours)[:NOT_SCORED].astype(float) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) > -1.0).all()
    assert light[-1] - light[0] > 120


@pytest.mark.parametrize("colours", MapColours)
def test_that_no_likelihood_and_no_score_paint_nothing(colours):
    table = overlay_table(colours)
    assert table[0] == 0
    assert table[NOT_SCORED] == 0
    image = coloured(np.array([[0, 254, NOT_SCORED]], np.uint8), table)
    assert [image.pixelColor(x, 0).alpha() for x in range(3)] == [0, 255, 0]


def test_that_pixels_keep_their_colours_on_the_way_to_the_screen():
    pixels = np.zeros((3, 5, 3), np.uint8)
    pixels[1, 2] = (200, 100, 50)
    assert screen_image(pixels).pixelColor(2, 1).getRgb() == (200, 100, 50, 255)


def test_that_a_pyramid_paints_from_the_smallest_level_that_is_not_enlarged():
    pyramid = build_pyramid(np.zeros((1500, 4000, 3), np.uint8))
    assert [level.width() for level in pyramid.levels] == [4000, 2000, 1000]
    assert pyramid.level_for(1.0).width() == 4000
    assert pyramid.level_for(0.4).width() == 2000
    assert pyramid.level_for(0.01).width() == 1000
