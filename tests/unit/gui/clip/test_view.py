"""The clip view: the nearest stored map, named by its time; hot frames; its keys."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

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
    assert "verdict unchanged" in words(view)
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
