"""A node beside another, or beside the file: pictures and words."""

import base64
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage

from inspector.domain.provenance import ManifestNode, Relationship, Thumbnail
from inspector.gui.provenance.compare import CompareView, differing_facts
from inspector.gui.provenance.picture_pair import PicturePair, Way, fitted
from inspector.gui.provenance.pictures import GAIN, difference, rgb_image
from tests.fakes import FakeMedia, FakeReader


def plain(red: int, width: int = 6, height: int = 4) -> QImage:
    return rgb_image(bytes([red, 0, 0]) * (width * height), width, height)


def a_picture(red: int) -> Thumbnail:
    return Thumbnail(5, 3, base64.b64encode(bytes([red, 0, 0]) * 15).decode())


PARENT = ManifestNode(
    "urn:p", "parent.jpg", "image/jpeg", Relationship.PARENT, "Cam", thumbnail=a_picture(200)
)
ROOT = ManifestNode(
    "urn:r", "edit.jpg", None, None, "Editor", ingredients=(PARENT,), thumbnail=a_picture(100)
)


def test_that_the_difference_of_a_picture_with_itself_is_black():
    assert difference(plain(77), plain(77)) == plain(0)


@pytest.mark.parametrize(("one", "other", "apart"), [(10, 14, 4 * GAIN), (0, 255, 255)])
def test_that_differences_are_multiplied_and_end_at_white(one, other, apart):
    assert difference(plain(one), plain(other)) == plain(apart)


def test_that_another_size_is_fitted_to_the_first():
    found = difference(plain(9, 7, 5), plain(9, 70, 50))
    assert found == plain(0, 7, 5)


def test_that_a_picture_keeps_its_shape_in_any_room():
    assert fitted(QSize(200, 100), QRect(0, 0, 100, 100)) == QRect(0, 25, 100, 50)


@pytest.fixture
def pair(host):
    pair = PicturePair(host)
    pair.resize(208, 100)
    host.show()
    pair.show_pair(plain(100, 10, 10), plain(200, 10, 10))
    return pair


def reds(pair, *across: int) -> list[int]:
    grabbed = pair.grab().toImage()
    return [grabbed.pixelColor(x, 50).red() for x in across]


def test_that_both_are_painted_beside_one_another(pair):
    assert reds(pair, 50, 158) == [100, 200]


def test_that_the_slider_parts_them(pair):
    pair.set_way(Way.SLIDER)
    assert reds(pair, 70, 140) == [100, 200]
    pair.set_share(1.0)
    assert reds(pair, 70, 140) == [100, 100]


def test_that_the_difference_is_painted(pair):
    pair.set_way(Way.DIFFERENCE)
    assert reds(pair, 100) == [255]
    pair.show_pair(plain(100, 10, 10), None)
    assert QColor(pair.grab().toImage().pixelColor(100, 50)) == pair.palette().window().color()


def test_that_only_what_differs_is_told():
    facts = {fact.name: fact.value for fact in differing_facts(ROOT, PARENT)}
    assert facts["Title"] == "edit.jpg\n≠ parent.jpg"
    assert facts["Made with"] == "Editor\n≠ Cam"
    assert differing_facts(ROOT, replace(ROOT)) == ()


@pytest.fixture
def view(host, jobs):
    reader = FakeReader()
    reader.media["/a.jpg"] = FakeMedia.picture(1)
    view = CompareView(reader, jobs, "picture", host)
    view.resize(400, 400)
    host.show()
    return view


def test_that_a_node_is_compared_with_the_file_and_with_another_node(qtbot, view):
    view.show_tree("/a.jpg", ROOT)
    view.show_node(ROOT)
    qtbot.waitUntil(lambda: view._file is not None)
    assert [view.with_what.itemText(n) for n in range(3)] == [
        "The file as it is",
        "edit.jpg",
        "parent.jpg",
    ]
    assert view.facts.toPlainText().strip() == ""
    view.with_what.setCurrentIndex(2)
    assert "parent.jpg" in view.facts.toPlainText()
    assert view.told.text() == ""
    view.show_node(replace(ROOT, thumbnail=None))
    assert "no picture" in view.told.text()


def test_that_the_slider_shows_only_where_it_parts(view):
    assert not view.slider.isVisible()
    view.how.setCurrentIndex(1)
    assert view.slider.isVisible()
    view.slider.setValue(100)
    assert view.pair.share == 1.0


def test_that_a_file_that_is_gone_says_so(qtbot, view):
    view.show_tree("/gone.jpg", ROOT)
    qtbot.waitUntil(lambda: "gone" in view.told.text())
