from hypothesis import given
from hypothesis import strategies as st

from inspector.adapters.media.sampling import choose_frames, keyframe_before

times = st.lists(
    st.floats(0, 1e6, allow_nan=False, width=32), min_size=1, max_size=200, unique=True
).map(sorted)


@given(times, st.sets(st.integers(0, 199)), st.integers(1, 40))
def test_that_the_chosen_frames_exist_rise_and_are_no_more_than_asked(times_s, keys, count):
    keyframes = sorted(key for key in keys if key < len(times_s))
    chosen = choose_frames(times_s, keyframes, count)
    assert chosen == sorted(set(chosen))
    assert 1 <= len(chosen) <= count
    assert chosen[0] >= 0
    assert chosen[-1] < len(times_s)


@given(times)
def test_that_every_frame_is_chosen_on_request(times_s):
    assert choose_frames(times_s, [], None) == list(range(len(times_s)))


def test_that_samples_are_the_middles_of_equal_parts():
    times_s = [number / 24 for number in range(480)]
    assert choose_frames(times_s, [], 4) == [59, 179, 299, 419]


def test_that_a_near_keyframe_is_taken_instead():
    times_s = [number / 24 for number in range(480)]
    assert choose_frames(times_s, [0, 30, 250, 400], 4) == [30, 179, 250, 400]


def test_that_no_keyframe_is_taken_twice():
    times_s = [number / 24 for number in range(100)]
    assert len(choose_frames(times_s, [50], 4)) == 4


def test_that_the_keyframe_before_is_found():
    assert keyframe_before([0, 10, 20], 15) == 10
    assert keyframe_before([0, 10, 20], 20) == 20
    assert keyframe_before([5], 3) == 0
