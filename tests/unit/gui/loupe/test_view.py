"""The loupe shows the picture, the scan's map over it, and what lies under the cursor."""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel

from inspector.domain.score import Heatmap
from inspector.gui.loupe.view import LoupeView
from tests.fakes import (
    FakeMedia,
    FakeReader,
    MemoryStore,
    a_clip,
    a_heatmap,
    a_score,
    a_thumbnail,
    an_item,
)
from tests.unit.gui.viewer_services import FakeViewerServices


@pytest.fixture
def item():
    return an_item(1, score=a_score(0.6, heatmap=Heatmap(np.full((8, 8), 127, np.uint8), 16)))


@pytest.fixture
def services(item):
    store = MemoryStore()
    store.put(item, a_thumbnail())
    return FakeViewerServices(store, FakeReader({item.path: FakeMedia.picture(9)}))


@pytest.fixture
def loupe(qtbot, host, jobs, services):
    view = LoupeView(services, jobs, host)
    view.resize(900, 600)
    host.show()
    return view


def words(view) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel))


def show(qtbot, loupe, item):
    loupe.show_item(item)
    qtbot.waitUntil(lambda: loupe.canvas.viewport.picture == (128, 128))


def test_that_a_picture_is_shown_whole_with_the_map_of_the_scan(qtbot, loupe, item):
    show(qtbot, loupe, item)
    assert loupe.canvas.viewport.fitted
    assert loupe.canvas.overlay.heatmap is item.score.heatmap
    assert "Map of the scan" in words(loupe)


def test_that_a_map_left_out_of_the_item_is_read_from_the_session(qtbot, loupe, item):
    bare = replace(item, score=replace(item.score, heatmap=None))
    loupe.show_item(bare)
    qtbot.waitUntil(lambda: loupe.canvas.overlay.heatmap is not None)


def test_that_the_cursor_reads_out_place_and_likelihood(qtbot, loupe, item):
    show(qtbot, loupe, item)
    loupe.canvas.pointed.emit(QPointF(20.5, 30.5))
    assert "x 20  y 30" in words(loupe)
    assert "likelihood 0.50" in words(loupe)
    loupe.canvas.pointed.emit(QPointF(-3, 30))
    assert "likelihood" not in words(loupe)


def test_that_a_vanished_file_is_told_in_words(qtbot, loupe, item, services):
    services.reader.media.clear()
    loupe.show_item(item)
    qtbot.waitUntil(lambda: loupe.canvas.message == "The file is gone.")


def test_that_the_whole_map_follows_by_itself_and_says_what_it_is(qtbot, loupe, item, services):
    services.whole = a_heatmap(3)
    show(qtbot, loupe, item)
    qtbot.waitUntil(lambda: loupe.canvas.overlay.heatmap is services.whole)
    assert "Map of the whole picture, by inspector-fast; verdict" in words(loupe)
    assert services.mapped == [(128, 128, 3)]


def test_that_a_map_by_sliding_tiles_is_labelled_so(qtbot, loupe, item, services):
    services.whole, services.slides = a_heatmap(3), True
    show(qtbot, loupe, item)
    qtbot.waitUntil(lambda: "by sliding tiles" in words(loupe))


def test_that_the_map_tells_how_far_it_is_and_can_be_stopped(qtbot, loupe, item, services):
    services.hold = Event()
    show(qtbot, loupe, item)
    qtbot.waitUntil(lambda: "1 of 2 tiles" in words(loupe))
    loupe.map_whole.trigger()
    qtbot.waitUntil(lambda: services.cancelled == 1)
    assert "Stopped" in words(loupe)
    assert loupe.canvas.overlay.heatmap is item.score.heatmap


def test_that_another_picture_or_leaving_gives_the_map_up(qtbot, loupe, item, services):
    services.hold = Event()
    show(qtbot, loupe, item)
    qtbot.waitUntil(lambda: loupe.mapping.is_running)
    loupe.show_item(None)
    qtbot.waitUntil(lambda: services.cancelled == 1)
    show(qtbot, loupe, item)
    qtbot.waitUntil(lambda: loupe.mapping.is_running)
    loupe.hide()
    qtbot.waitUntil(lambda: services.cancelled == 2)


def test_that_a_map_is_drawn_once_for_a_file(qtbot, loupe, item, services):
    services.whole = a_heatmap(3)
    for _ in range(2):
        show(qtbot, loupe, item)
        qtbot.waitUntil(lambda: loupe.canvas.overlay.heatmap is services.whole)
        loupe.show_item(None)
    assert len(services.mapped) == 1


def test_that_a_whole_map_that_fails_says_why_and_can_be_asked_for_again(qtbot, loupe, item):
    show(qtbot, loupe, item)
    qtbot.waitUntil(lambda: "No detector is loaded." in words(loupe))
    assert loupe.map_whole.isEnabled()


def test_that_cells_that_abstain_are_named_apart_from_cells_not_scored(
    qtbot, loupe, item, services
):
    blank = Heatmap(np.full((8, 8), 255, np.uint8), 16)
    services.whole = blank
    bare = replace(item, score=a_score(0.6, heatmap=Heatmap(blank.values.copy(), 16)))
    loupe.show_item(bare)
    assert loupe.legend.blank_words == "not scored"
    qtbot.waitUntil(lambda: loupe.canvas.overlay.heatmap is blank)
    loupe.canvas.pointed.emit(QPointF(20.5, 30.5))
    assert "abstains: flat or saturated" in words(loupe)
    assert "flat or saturated" in loupe.legend.accessibleDescription()


def test_that_holding_shift_hides_the_overlay_and_h_switches_it(qtbot, loupe, item):
    show(qtbot, loupe, item)
    loupe.canvas.setFocus()
    qtbot.keyPress(loupe.canvas, Qt.Key.Key_Shift)
    assert loupe.canvas.overlay.held_away
    qtbot.keyRelease(loupe.canvas, Qt.Key.Key_Shift)
    assert not loupe.canvas.overlay.held_away
    loupe.controls.toggle.trigger()
    assert not loupe.canvas.overlay.visible


def test_that_z_goes_to_100_percent_and_back(qtbot, loupe, item):
    show(qtbot, loupe, item)
    loupe.toggle_fit.trigger()
    assert loupe.canvas.zoom == pytest.approx(1.0)
    loupe.toggle_fit.trigger()
    assert loupe.canvas.viewport.fitted


def test_that_arrows_pan_only_while_some_of_the_picture_is_outside(qtbot, loupe, item):
    show(qtbot, loupe, item)
    fitted = loupe.canvas.viewport
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_Right)
    assert loupe.canvas.viewport == fitted
    loupe.canvas.zoom_by(20)
    before = loupe.canvas.viewport.x
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_Right)
    assert loupe.canvas.viewport.x > before


def test_that_cells_without_a_score_are_hatched_and_the_rest_coloured(qtbot, loupe, item):
    values = np.full((8, 8), 254, np.uint8)
    values[:, :4] = 255
    score = a_score(0.6, heatmap=Heatmap(values, 16))
    show(qtbot, loupe, replace(item, score=score))
    loupe.canvas.overlay.opacity = 1.0
    image = loupe.canvas.grab().toImage()
    middle = image.height() // 2
    centre = image.width() // 2
    left = {image.pixel(x, middle) for x in range(centre - 100, centre - 20)}
    right = {image.pixel(x, middle) for x in range(centre + 40, centre + 100)}
    assert len(left) >= 2
    assert len(right) == 1


def test_that_a_clip_and_nothing_at_all_are_told_in_words(loupe):
    loupe.show_item(a_clip(2))
    assert "clip" in loupe.canvas.message
    loupe.show_item(None)
    assert loupe.canvas.message == "No picture is chosen."
    assert not loupe.map_whole.isEnabled()
