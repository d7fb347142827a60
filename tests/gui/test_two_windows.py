"""Two real desks on one session: the second looks, says so, and takes over when it may."""

import pytest

from inspector.adapters.sqlite import SessionStore
from inspector.bootstrap.desk import Desk
from inspector.domain.verdict import Decision
from inspector.settings import Places, Settings
from tests.builders import an_item


@pytest.fixture
def session(tmp_path):
    path = tmp_path / "set.inspection"
    with SessionStore.create(path) as store:
        for number in range(3):
            store.put(an_item(number), None)
    return path


def opened(open_window, tmp_path, session):
    desk = Desk(Places(tmp_path / "home"), Settings(), session)
    window = open_window(desk)
    window.controller.read_session()
    return desk, window


def test_that_a_second_window_looks_says_so_and_takes_over(qtbot, open_window, tmp_path, session):
    first, one = opened(open_window, tmp_path, session)
    second, two = opened(open_window, tmp_path, session)
    rows = two.controller.library.rows
    qtbot.waitUntil(lambda: rows.judged == 3, timeout=60_000)
    assert "read only" in two.windowTitle()
    assert "read only" not in one.windowTitle()
    assert two.notice.isVisible()
    assert "open in another Inspector" in two.notice.words.text()

    two.controller.library.selection.choose_only(0)
    two.deciding._drop()
    qtbot.waitUntil(lambda: "not saved and is taken back" in two.notice.words.text())
    assert rows.decision(0) is an_item(0).decision
    assert not first.store.history(an_item(0).path)

    qtbot.waitUntil(lambda: one.controller.library.rows.judged == 3, timeout=60_000)
    one.controller.library.selection.choose_only(1)
    one.deciding._drop()
    qtbot.waitUntil(lambda: len(first.store.history(an_item(1).path)) == 1)
    one.close()

    two.controller.open_session(session)
    qtbot.waitUntil(lambda: not second.store.only_looks, timeout=60_000)
    qtbot.waitUntil(lambda: "read only" not in two.windowTitle(), timeout=60_000)
    qtbot.waitUntil(lambda: two.controller.library.rows.judged == 3, timeout=60_000)
    assert two.controller.library.rows.decision(1) is Decision.DROP
    two.controller.library.selection.choose_only(0)
    two.deciding._drop()
    qtbot.waitUntil(lambda: len(second.store.history(an_item(0).path)) == 1)


def test_that_what_is_dropped_on_a_window_that_only_looks_is_refused_in_words(
    qtbot, open_window, tmp_path, session
):
    opened(open_window, tmp_path, session)
    _, two = opened(open_window, tmp_path, session)
    qtbot.waitUntil(lambda: not two.controller.scans.is_busy, timeout=60_000)
    two.notice.dismiss()
    two.controller.add([str(tmp_path)])
    qtbot.waitUntil(two.notice.isVisible, timeout=60_000)
    assert "can only be looked at" in two.notice.words.text()


def test_that_opening_the_open_session_again_changes_nothing(open_window, tmp_path, session):
    desk, _ = opened(open_window, tmp_path, session)
    store = desk.store
    desk.open_session(session)
    assert desk.store is store
    assert not desk.store.only_looks
