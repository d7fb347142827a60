"""The clip view: the nearest stored map, named by its time; hot frames; its keys."""

from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from inspector.gui.clip.timing import Marks
from inspector.gui.clip.view import ClipView
from tests.fakes import FakeMedia, FakeReader, MemoryStore, a_clip, a_heatmap, an_item
from tests.unit.gui.viewer_services import FakeViewerServices


@pytest.fixture
def item():
    clip = a_clip(3)
    frames = tuple(replace(f, pts_s=i * 0.52) for i, f in enumerate(clip.score.frames))
    return replace(clip, score=replace(clip.score, frames=frames))


@pytest.fixture
def services(item):
    reader = FakeReader({item.path: FakeMedia.clip(frames=100, side_px=128)})
    return FakeViewerServices(MemoryStore([item]), reader)


@pytest.fixture
def view(qtbot, host, jobs, services, item):
    view = ClipView(services, jobs, host)
    view.resize(900, 600)
    host.show()
    view.show_item(item)
    qtbot.waitUntil(lambda: view.player.current is not None)
    return view


def words(view) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel))


def key(qtbot, view, *keys, modifier=Qt.KeyboardModifier.NoModifier):
    view.canvas.setFocus()
    for one in keys:
        qtbot.keyClick(view.canvas, one, modifier)


def test_that_the_scored_frame_itself_and_the_nearest_one_are_told_apart(qtbot, view, item):
    assert "Map of this frame, from the scan" in words(view)
    view.seek(0.6)
    qtbot.waitUntil(lambda: "nearest scored frame, 0:00.520 (-0.08 s)" in words(view))
    assert view.canvas.overlay.heatmap == item.score.frames[1].heatmap


def test_that_maps_left_out_of_the_item_are_read_from_the_session(qtbot, view, item):
    bare = tuple(replace(frame, heatmap=None) for frame in item.score.frames)
    view.show_item(replace(item, score=replace(item.score, frames=bare)))
    qtbot.waitUntil(lambda: view.canvas.overlay.heatmap is item.score.frames[0].heatmap)


def test_that_a_frame_can_be_mapped_for_the_eye(qtbot, view, services):
    services.whole = a_heatmap(50)
    view.map_frame.trigger()
    qtbot.waitUntil(lambda: view.canvas.overlay.heatmap is services.whole)
    assert "Map of this frame, by inspector-fast; verdict unchanged" in words(view)
    view.player.step(1)
    qtbot.waitUntil(lambda: view.canvas.overlay.heatmap is not services.whole)


def test_that_a_frame_that_cannot_be_mapped_says_why(qtbot, view):
    view.map_frame.trigger()
    qtbot.waitUntil(lambda: "No detector is loaded." in words(view))


def test_that_n_and_shift_n_jump_between_hot_frames(qtbot, view, item):
    hot = [frame.pts_s for frame in item.score.frames if frame.likelihood >= 0.5]
    key(qtbot, view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: view.player.time_s == pytest.approx(hot[0]))
    key(qtbot, view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: view.player.time_s == pytest.approx(hot[1]))
    key(qtbot, view, Qt.Key.Key_N, modifier=Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: view.player.time_s == pytest.approx(hot[0]))


def test_that_without_another_hot_frame_it_says_so(qtbot, view):
    view.transport.hot_before.trigger()
    assert "No scored frame over 0.50" in words(view)


def test_that_the_keys_step_and_jump(qtbot, view):
    key(qtbot, view, Qt.Key.Key_Period, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: view.player.time_s == pytest.approx(0.08))
    key(qtbot, view, Qt.Key.Key_Comma)
    qtbot.waitUntil(lambda: view.player.time_s == pytest.approx(0.04))
    key(qtbot, view, Qt.Key.Key_Right, modifier=Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: view.player.time_s == pytest.approx(1.04))
    assert "0:01.040 / 0:04.000   frame 27" in words(view)


def test_that_j_k_l_and_space_set_the_pace(qtbot, view):
    key(qtbot, view, Qt.Key.Key_L, Qt.Key.Key_L)
    assert view.player.rate == 2
    key(qtbot, view, Qt.Key.Key_K)
    assert view.player.rate == 0
    key(qtbot, view, Qt.Key.Key_Space)
    assert view.player.rate == 1
    key(qtbot, view, Qt.Key.Key_Space)
    assert view.player.rate == 0


def test_that_a_press_on_the_timeline_seeks(qtbot, view):
    middle = QPoint(view.timeline.width() // 2, view.timeline.height() // 2)
    qtbot.mouseClick(view.timeline, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: view.player.time_s == pytest.approx(2.0, abs=0.05))


def test_that_the_timeline_reads_out_what_it_shows(view):
    described = view.timeline.accessibleDescription()
    assert "8 frames scored; highest 0.88 at 0:03.640." in described
    assert "Span from 0:02.000 to 0:04.000" in described


def test_that_a_hidden_view_lets_the_decoder_go_and_comes_back_to_its_frame(qtbot, view, host):
    view.seek(1.0)
    qtbot.waitUntil(lambda: view.player.time_s == 1.0)
    view.hide()
    assert not view.player.is_open
    view.show()
    qtbot.waitUntil(lambda: view.player.current is not None)
    assert view.player.time_s == 1.0


def test_that_a_picture_and_nothing_are_told_in_words(view):
    view.show_item(an_item(1))
    assert view.canvas.message == "This is a picture."
    view.show_item(None)
    assert view.canvas.message == "No clip is chosen."


def test_that_every_frame_can_be_scored_for_the_eye(qtbot, view, services, item):
    view.score_all.trigger()
    qtbot.waitUntil(lambda: len(view.maps.frames) == 100 and not view.every_frame.is_running)
    assert "100 frames scored" in view.timeline.accessibleDescription()
    assert "; verdict unchanged" in words(view)
    assert services.store.item(item.path).score.frames_scored == item.score.frames_scored
    key(qtbot, view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: view.player.time_s == pytest.approx(2.0))


def test_that_marks_bound_what_is_scored(qtbot, view):
    for at_s, which in ((1.0, Qt.Key.Key_I), (1.2, Qt.Key.Key_O)):
        view.seek(at_s)
        qtbot.waitUntil(lambda at_s=at_s: view.player.time_s == pytest.approx(at_s))
        key(qtbot, view, which)
    assert "Marked from 0:01.000 to 0:01.200" in words(view)
    view.score_all.trigger()
    qtbot.waitUntil(lambda: not view.every_frame.is_running)
    assert [f.pts_s for f in view.every_frame.frames] == pytest.approx(
        [1.0, 1.04, 1.08, 1.12, 1.16, 1.2]
    )
    key(qtbot, view, Qt.Key.Key_O)
    assert view.marks == Marks(1.0, None)


def test_that_enter_marks_the_span_here(qtbot, view, item):
    key(qtbot, view, Qt.Key.Key_Return)
    (span,) = item.score.spans
    assert view.marks == Marks(span.start_s, span.end_s)


def test_that_scoring_every_frame_can_be_stopped_and_ends_with_the_clip(qtbot, view, services):
    services.hold = Event()
    view.score_all.trigger()
    assert view.every_frame.is_running
    assert view.score_all.iconText().startswith("Stop")
    view.score_all.trigger()
    assert not view.every_frame.is_running
    view.score_all.trigger()
    view.hide()
    assert not view.every_frame.is_running


def test_that_the_filmstrip_shows_hot_frames_and_goes_to_them(qtbot, view, item):
    hot = [frame for frame in item.score.frames if frame.likelihood >= 0.5]
    strip = view.filmstrip
    assert strip.count() == len(hot)
    assert strip.item(0).text() == f"0:{hot[0].pts_s:06.3f} · {hot[0].likelihood:.2f}"
    strip.itemClicked.emit(strip.item(1))
    qtbot.waitUntil(lambda: view.player.time_s == pytest.approx(hot[1].pts_s))


def test_that_a_clip_without_hot_frames_shows_what_was_scored(view, item):
    cold = tuple(replace(frame, likelihood=0.1) for frame in item.score.frames)
    view.show_item(replace(item, score=replace(item.score, frames=cold)))
    assert view.filmstrip.count() == len(cold)
    assert view.filmstrip.accessibleName() == "Scored frames"
