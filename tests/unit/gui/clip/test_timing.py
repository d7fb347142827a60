"""Times, nearest and hot frames, and the edges of the heat strip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.score import FrameScore
from inspector.gui.clip.timing import cell_edges, frame_number, nearest, next_hot, time_words
from tests.fakes import a_clip_info

FRAMES = tuple(FrameScore(i * 0.5, likelihood) for i, likelihood in enumerate([0.1, 0.7, 0.2, 0.9]))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00.000"), (3.24, "0:03.240"), (59.9999, "1:00.000"), (3723.5, "1:02:03.500")],
)
def test_that_a_time_reads_as_a_clock(seconds, words):
    assert time_words(seconds) == words


@given(st.floats(-1, 5))
def test_that_the_nearest_scored_frame_is_found(time_s):
    found = nearest(FRAMES, time_s)
    assert found is not None
    assert abs(found.pts_s - time_s) == min(abs(f.pts_s - time_s) for f in FRAMES)


def test_that_without_scored_frames_there_is_none_and_no_strip():
    assert nearest((), 1.0) is None
    assert cell_edges((), 10.0) == ()


def test_that_hot_frames_are_found_on_either_side_but_never_the_one_on_screen():
    assert next_hot(FRAMES, 0.5, 0.5, forward=True) is FRAMES[3]
    assert next_hot(FRAMES, 0.5, 1.5, forward=False) is FRAMES[1]
    assert next_hot(FRAMES, 0.5, 1.5, forward=True) is None


def test_that_strip_cells_meet_halfway_and_fill_the_clip():
    assert cell_edges(FRAMES, 4.0) == (0.0, 0.25, 0.75, 1.25, 4.0)


def test_that_a_frame_number_is_told_only_where_the_rate_is_even():
    assert frame_number(a_clip_info(frame_rate=25.0), 0.4) == 11
    assert frame_number(a_clip_info(frame_rate=25.0), 0.42) is None
    assert frame_number(a_clip_info(frame_rate=None), 0.4) is None
