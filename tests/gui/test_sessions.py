"""Closing, reopening and changing sessions on the real window."""

from pathlib import Path

import pytest

from inspector.domain.detector import DeviceReport
from inspector.domain.verdict import Decision
from inspector.gui.views.stage import Page
from inspector.ports import SessionInfo
from inspector.settings import Theme
from tests.builders import a_decision, an_item
from tests.fakes import MemoryStore
from tests.gui.conftest import drop
from tests.gui.desk_services import FailingStore, FakeDesk

FOLDER = "/media/set"


def test_that_closing_during_a_scan_ends_it_and_closes_the_session(qtbot, open_window):
    desk = FakeDesk(folders={FOLDER: [an_item(0)]}, endless=True)
    window = open_window(desk)
    drop(window, FOLDER)
    qtbot.waitUntil(lambda: window.controller.library.rows.judged == 1)
    window.controller.library.selection.choose_only(0)
    window.deciding._drop()
    window.close()
    assert desk.closed
    assert desk.store.item(an_item(0).path).decision is Decision.DROP


def test_that_reopening_shows_the_session_and_goes_on_with_its_scan(qtbot, open_window):
    items = [an_item(number) for number in range(5)]
    store = FailingStore(items[:2], SessionInfo((FOLDER,)))
    store.decide([a_decision(items[0], Decision.DROP)])
    desk = FakeDesk(folders={FOLDER: items}, store=store)
    window = open_window(desk)
    window.controller.read_session()
    rows = window.controller.library.rows
    qtbot.waitUntil(lambda: rows.judged == 5)
    assert rows.decision(0) is Decision.DROP
    assert desk.scanned == [(FOLDER,)]


def test_that_a_dropped_session_replaces_the_open_one(qtbot, open_window, tmp_path):
    other = tmp_path / "other.inspection"
    desk = FakeDesk(folders={FOLDER: [an_item(0), an_item(1)]}, endless=True)
    desk.sessions[Path(other)] = MemoryStore([an_item(7)])
    window = open_window(desk)
    drop(window, FOLDER)
    library = window.controller.library
    qtbot.waitUntil(lambda: library.rows.judged == 2)
    drop(window, str(other))
    qtbot.waitUntil(lambda: library.rows.paths == [an_item(7).path])
    assert window.stage.page is Page.GALLERY


def test_that_a_session_that_cannot_be_opened_leaves_the_open_one(qtbot, open_window, tmp_path):
    window = open_window(FakeDesk(folders={FOLDER: [an_item(0)]}))
    drop(window, FOLDER)
    library = window.controller.library
    qtbot.waitUntil(lambda: library.rows.judged == 1)
    drop(window, str(tmp_path / "broken.inspection"))
    qtbot.waitUntil(window.notice.isVisible)
    assert "broken.inspection is no session." in window.notice.words.text()
    assert len(library.rows) == 1


def test_that_a_device_that_was_not_asked_for_is_shown_with_its_reason(qtbot, open_window):
    report = DeviceReport("cuda", "CPUExecutionProvider", "CUDA is not there.")
    window = open_window(FakeDesk(report=report))
    window.status_feed.show_device()
    assert "CPU" in window.status.device.text()
    assert "CUDA is not there." in window.status.device.text()
    assert window.status.device.property("fallback") is True


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_that_a_theme_is_in_force_at_once_and_saved(qtbot, open_window, theme):
    desk = FakeDesk()
    window = open_window(desk)
    window.preferences._set_theme(theme)
    assert desk.settings.desk.theme is theme
    background = window.palette().window().color()
    assert (background.lightness() < 128) is (theme is Theme.DARK)
