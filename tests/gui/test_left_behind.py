"""A run that ended badly is told of once, with what to go on with."""

from pathlib import Path

from inspector.bootstrap.desk import Desk
from inspector.bootstrap.running import left_behind, marked_running
from inspector.gui.app import tell_left_behind
from inspector.settings import Places, Settings
from tests.gui.desk_services import FakeDesk


def test_that_the_desk_names_the_session_to_go_on_with(open_window):
    desk = FakeDesk(behind=(Path("/sessions/set.inspection"),))
    window = open_window(desk)
    tell_left_behind(window, desk)
    assert "/sessions/set.inspection" in window.notice.words.text()


def test_that_a_desk_on_that_session_says_that_it_goes_on(open_window):
    desk = FakeDesk()
    desk.behind = (desk.store.path,)
    window = open_window(desk)
    tell_left_behind(window, desk)
    assert "goes on where it stopped" in window.notice.words.text()


def test_that_nothing_is_said_after_a_good_end(open_window):
    desk = FakeDesk()
    window = open_window(desk)
    tell_left_behind(window, desk)
    assert not window.notice.isVisible()


def test_that_the_real_desk_knows_what_was_left_and_leaves_nothing_itself(tmp_path):
    places = Places(tmp_path / "home")
    session, other = tmp_path / "set.inspection", tmp_path / "other.inspection"
    session.touch()
    try:
        with marked_running(places, session):
            raise ZeroDivisionError
    except ZeroDivisionError:
        session.unlink()
    session.write_bytes(b"")
    desk = Desk(places, Settings(), other)
    assert desk.left_behind() == (session,)
    assert left_behind(places) == ()  # its own session is in use, and is no session left behind
    desk.open_session(tmp_path / "third.inspection")
    desk.close()
    assert left_behind(places) == ()
    assert not list((places.data / "running").iterdir())
