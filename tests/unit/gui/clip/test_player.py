"""The player: exact frames, one request at a time, late frames dropped, the clip let go."""

import time

import pytest

from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import Frame
from inspector.gui.clip.handle import ClipHandle
from inspector.gui.clip.player import ClipPlayer
from tests.fakes import FakeClip, FakeMedia, FakeReader, a_clip_info

PATH = "/media/set/clip.mp4"
RATE = 25.0


class Reader(FakeReader):
    """Keeps the clips it opened."""

    def __init__(self, frames: int = 20) -> None:
        super().__init__({PATH: FakeMedia.clip(frames=frames, side_px=8)})
        self.clips: list[FakeClip] = []

    def open_clip(self, path: str) -> FakeClip:
        clip = super().open_clip(path)
        self.clips.append(clip)
        return clip


class Seen:
    """Numbers of the frames that came on screen."""

    def __init__(self, player: ClipPlayer) -> None:
        self.numbers: list[int] = []
        player.shown.connect(self.take)

    def take(self, shown) -> None:
        self.numbers.append(round(shown.pts_s * RATE))


@pytest.fixture
def reader():
    return Reader()


@pytest.fixture
def player(qtbot, jobs, host, reader):
    player = ClipPlayer(jobs, host)
    player.open(reader, PATH)
    qtbot.waitUntil(lambda: player.current is not None)
    return player


@pytest.fixture
def seen(player):
    return Seen(player)


def at(qtbot, player, number: int) -> None:
    qtbot.waitUntil(lambda: round(player.time_s * RATE) == number)


def test_that_a_clip_opens_at_its_first_frame(player):
    assert player.time_s == 0
    assert player.info.frame_rate == RATE


def test_that_single_steps_are_exact_both_ways(qtbot, player, seen):
    for number in (1, 2, 3):
        player.step(1)
        at(qtbot, player, number)
    player.step(-1)
    at(qtbot, player, 2)
    assert seen.numbers == [1, 2, 3, 2]


def test_that_steps_pressed_faster_than_frames_come_add_up(qtbot, player):
    for _ in range(5):
        player.step(1)
    player.step(-1)
    at(qtbot, player, 4)


def test_that_stepping_back_from_the_start_and_past_the_end_stays(qtbot, player):
    player.step(-1)
    player.seek(100)
    at(qtbot, player, 19)
    player.step(1)
    player.step(-1)
    at(qtbot, player, 18)


def test_that_playing_shows_frames_in_order_and_stops_at_the_end(qtbot, player, seen):
    player.toggle()
    qtbot.waitUntil(lambda: player.rate == 0, timeout=5000)
    assert seen.numbers == sorted(set(seen.numbers))
    assert seen.numbers[-1] == 19


def test_that_play_at_the_end_starts_over(qtbot, player):
    player.set_rate(8)
    qtbot.waitUntil(lambda: player.rate == 0, timeout=5000)
    player.toggle()
    qtbot.waitUntil(lambda: 0 <= player.time_s < 0.5)
    assert player.rate == 1


def test_that_a_step_after_a_pause_counts_from_the_frame_on_screen(qtbot, player):
    player.toggle()
    qtbot.waitUntil(lambda: player.time_s >= 3 / RATE)
    player.set_rate(0)
    shown = round(player.time_s * RATE)
    player.step(1)
    at(qtbot, player, shown + 1)
    player.step(-1)
    at(qtbot, player, shown)


def test_that_it_plays_backwards_to_the_start(qtbot, player, seen):
    player.seek(0.4)
    at(qtbot, player, 10)
    seen.numbers.clear()
    player.set_rate(-2)
    qtbot.waitUntil(lambda: player.rate == 0, timeout=5000)
    assert seen.numbers == sorted(seen.numbers, reverse=True)
    assert seen.numbers[-1] == 0


def test_that_another_clip_lets_the_first_one_go(qtbot, player, reader):
    player.open(reader, PATH)
    qtbot.waitUntil(lambda: len(reader.clips) == 2 and reader.clips[0].closed)
    player.close()
    qtbot.waitUntil(lambda: reader.clips[1].closed)


def test_that_a_clip_that_cannot_be_opened_is_told_in_one_sentence(qtbot, jobs, host, reader):
    player = ClipPlayer(jobs, host)
    with qtbot.waitSignal(player.failed) as failed:
        player.open(reader, "/gone.mp4")
    assert failed.args == ["The file is gone."]


def test_that_a_clip_given_up_while_opening_is_never_held(reader):
    handle = ClipHandle(reader, PATH)
    handle.open()
    handle.abandon()
    with pytest.raises(MediaError) as raised:
        handle.seek(0)
    assert raised.value.code is FaultCode.VANISHED
    assert reader.clips[0].closed


def test_that_a_slow_decoder_drops_frames_but_keeps_the_pace(qtbot, jobs, host):
    """Each frame takes as long as five; the pace is kept by leaving frames out."""

    class SlowClip(FakeClip):
        def next_frame(self) -> Frame | None:
            time.sleep(5 / RATE)
            return super().next_frame()

    class SlowReader(Reader):
        def open_clip(self, path: str) -> FakeClip:
            return SlowClip(a_clip_info(), self.media[path].frames)

    player = ClipPlayer(jobs, host)
    seen = Seen(player)
    player.open(SlowReader(100), PATH)
    qtbot.waitUntil(lambda: player.current is not None)
    with qtbot.waitSignal(player.rate_changed):
        player.toggle()
    qtbot.waitUntil(lambda: player.time_s > 1.0, timeout=8000)
    player.set_rate(0)
    assert len(seen.numbers) < seen.numbers[-1]
