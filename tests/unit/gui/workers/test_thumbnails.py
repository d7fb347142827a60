"""Thumbnails read off the UI thread."""

import numpy as np
import pytest

from inspector.gui.workers import thumbnails
from inspector.gui.workers.thumbnails import ThumbnailLoader, scaled_image
from tests.builders import a_thumbnail, an_item
from tests.fakes import FakeMedia
from tests.gui.desk_services import FakeDesk


@pytest.fixture
def desk() -> FakeDesk:
    desk = FakeDesk()
    for number in range(6):
        desk.reader.media[an_item(number).path] = FakeMedia.picture(number)
    return desk


@pytest.fixture
def loader(qapp, desk):
    loader = ThumbnailLoader(desk)
    yield loader
    loader.close(5)


def wishes(*numbers):
    return [(number, an_item(number).path) for number in numbers]


def test_that_a_stored_thumbnail_is_taken_before_the_file_is_read(qtbot, desk, loader):
    desk.store.put(an_item(1), a_thumbnail(1))
    del desk.reader.media[an_item(1).path]
    loader.want(wishes(1))
    qtbot.waitUntil(lambda: loader.get(1) is not None)


def test_that_a_file_that_cannot_be_read_stays_without_a_picture(qtbot, desk, loader):
    with qtbot.waitSignal(loader.loaded, timeout=5000):
        loader.want([(9, "/gone.jpg")])
    assert loader.get(9) is None


def test_that_only_so_many_pixmaps_are_kept(qtbot, desk, loader, monkeypatch):
    monkeypatch.setattr(thumbnails, "MOST_KEPT", 3)
    for number in range(6):
        loader.want(wishes(number))
        qtbot.waitUntil(lambda number=number: loader.get(number) is not None)
    assert [number for number in range(6) if loader.get(number)] == [3, 4, 5]


def test_that_a_thumbnail_of_the_scan_is_used_only_on_screen(qtbot, desk, loader):
    loader.want(wishes(1))
    loader.give(2, "/two.jpg", a_thumbnail(2))
    loader.give(1, "/one.jpg", a_thumbnail(1))
    qtbot.waitUntil(lambda: loader.get(1) is not None)
    assert loader.get(2) is None


def test_that_a_picture_is_fitted_and_keeps_its_shape():
    image = scaled_image(np.zeros((100, 400, 3), np.uint8), 200)
    assert (image.width(), image.height()) == (200, 50)
