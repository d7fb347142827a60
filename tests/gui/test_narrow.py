"""The desk on a small screen, or at 200 %: all words can be reached."""

import pytest
from PySide6.QtWidgets import QLabel, QScrollArea, QToolButton, QWidget

from inspector.gui.loupe.bar import FlowRow
from inspector.gui.views.stage import Page
from tests.builders import an_item
from tests.gui.conftest import drop
from tests.gui.desk_services import FakeDesk


@pytest.fixture
def narrow(qtbot, open_window):
    """Return the desk with one file in 640 by 400 points: 1280 by 800 at 200 %."""
    window = open_window(FakeDesk(folders={"/media/set": [an_item(60)]}))
    drop(window, "/media/set")
    library = window.controller.library
    qtbot.waitUntil(lambda: library.rows.judged == 1 and len(library.model.order) == 1)
    library.selection.choose_only(int(library.model.order[0]))
    window.resize(640, 400)
    return window


@pytest.mark.parametrize("page", [Page.GALLERY, Page.LOUPE, Page.CLIP, Page.PROVENANCE])
def test_that_a_small_screen_holds_the_window_and_every_word_of_the_evidence(qtbot, narrow, page):
    narrow.stage.setCurrentIndex(page)
    narrow.evidence.show_kin(("an-ingredient", 12_345))
    scroll = narrow.evidence.findChild(QScrollArea)
    qtbot.waitUntil(lambda: scroll.widget().width() == scroll.viewport().width())
    assert narrow.size().toTuple() == (640, 400)
    stage = narrow.stage  # what does not fit is scrolled to, not squeezed
    qtbot.waitUntil(lambda: stage.size() == stage.size().expandedTo(stage.minimumSizeHint()))


def test_that_actions_without_room_are_offered_by_a_button_that_can_be_seen(qtbot, narrow):
    button = narrow.findChild(QToolButton, "qt_toolbar_ext_button")
    qtbot.waitUntil(button.isVisible)
    assert button.width() >= narrow.fontMetrics().height()


def test_that_parts_of_a_row_wrap_and_never_overlap_or_leave_it(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    row = FlowRow(window)
    row.set_parts([QLabel(word * 4, row) for word in ("one", "two", "three", "four")])
    row.show()
    in_one = row.sizeHint()
    row.resize(in_one)
    assert row.minimumSizeHint().height() == in_one.height()
    row.resize(row.minimumSizeHint().width(), 400)
    places = [part.geometry() for part in row.findChildren(QLabel)]
    assert row.minimumSizeHint().height() > 2 * in_one.height()
    assert all(row.rect().contains(place) for place in places)
    assert not any(a.intersects(b) for a in places for b in places if a is not b)
