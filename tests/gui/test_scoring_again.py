"""Chosen files scored again on the real window: for stability, or with another detector."""

from threading import Event

from PySide6.QtCore import Qt

from inspector.domain.verdict import Decision, Rule
from inspector.gui.actions.catalogue import ActionId
from inspector.gui.dialogs.score_again import ScoreAgainDialog
from inspector.gui.models.rows import DECISIONS, RULES
from inspector.gui.views.stage import Page
from inspector.ports import Rescore
from tests.builders import a_clip, a_file, an_item
from tests.gui.conftest import drop
from tests.gui.desk_services import FakeDesk

FOLDER = "/media/set"
STEM = a_file(0).path.rpartition("/")[0]


def reviewed(qtbot, open_window, **changes):
    desk = FakeDesk(folders={FOLDER: [an_item(number * 7) for number in range(6)]}, **changes)
    window = open_window(desk)
    drop(window, FOLDER)
    qtbot.waitUntil(lambda: not window.controller.scans.is_busy)
    return desk, window


def path(number):
    return f"{STEM}/{number:06d}.jpg"


def test_that_stability_is_checked_on_the_selection_by_a_key(qtbot, open_window):
    desk, window = reviewed(qtbot, open_window)
    library = window.controller.library
    library.selection.choose(library.model.order[:2], int(library.model.order[0]))
    qtbot.keyClick(window.library_page.gallery, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: "scored again" in window.notice.words.text().lower())
    assert desk.rescored == [Rescore((path(0), path(7)), stability=True)]
    assert "2 files scored again; 2 findings changed." in window.notice.words.text()


def test_that_in_the_loupe_it_is_the_picture_shown(qtbot, open_window):
    desk, window = reviewed(qtbot, open_window)
    window.controller.library.selection.choose_only(3)
    window.stage.show_page(Page.LOUPE)
    window.actions_of_desk[ActionId.CHECK_STABILITY].trigger()
    qtbot.waitUntil(lambda: len(desk.rescored) == 1)
    assert desk.rescored[0].paths == (path(21),)


def test_that_another_detector_scores_the_selection_and_is_named(qtbot, open_window):
    desk, window = reviewed(qtbot, open_window)
    library = window.controller.library
    library.selection.choose_only(1)
    dialog = window.scoring.dialog()
    assert list(dialog.choices) == ["inspector-fast", "inspector-full"]
    assert "this session's own" in dialog.choices["inspector-fast"].text()
    assert dialog.chosen() == "inspector-full"
    assert not dialog.every_frame.isVisibleTo(dialog)
    dialog.accept()
    qtbot.waitUntil(lambda: "Scored again" in window.notice.words.text())
    assert desk.rescored == [Rescore((path(7),), "inspector-full")]
    assert desk.store.item(path(7)).model.id == "inspector-full"
    qtbot.waitUntil(lambda: "inspector-full" in window.evidence.summary)
    assert library.rows.rule.values[1] == RULES.code(Rule.DETECTOR_SYNTHETIC)


def test_that_a_persons_decision_stays(qtbot, open_window):
    desk, window = reviewed(qtbot, open_window)
    library = window.controller.library
    library.selection.choose_only(1)
    qtbot.keyClick(window.library_page.gallery, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: len(desk.store.history(path(7))) == 1)
    library.selection.choose_only(1)
    window.scoring.start(Rescore((path(7),), "inspector-full"))
    qtbot.waitUntil(lambda: "Scored again" in window.notice.words.text())
    assert library.rows.person.values[1] == DECISIONS.code(Decision.KEEP)


def test_that_it_tells_how_far_it_is_and_can_be_stopped(qtbot, open_window):
    desk, window = reviewed(qtbot, open_window)
    desk.hold = Event()
    window.scoring.start(Rescore(tuple(path(n * 7) for n in range(6)), "inspector-full"))
    qtbot.waitUntil(lambda: window.controller.scans.is_again)
    window.actions_of_desk[ActionId.STOP_SCAN].trigger()
    desk.hold.set()
    qtbot.waitUntil(lambda: not window.controller.scans.is_busy)
    assert sum(item.model.id == "inspector-full" for item in desk.store.items()) <= 1


def test_that_progress_counts_the_chosen_files_alone(qtbot, open_window):
    _, window = reviewed(qtbot, open_window)
    said = []
    window.controller.progressed.connect(lambda _: said.append(window.status.progress.text()))
    window.scoring.start(Rescore((path(0), path(7)), "inspector-full"))
    qtbot.waitUntil(lambda: not window.controller.scans.is_busy)
    assert any("Scoring again: 2 of 2 files" in words for words in said)


def test_that_every_frame_of_clips_can_be_asked_for(qtbot, open_window):
    desk = FakeDesk(folders={FOLDER: [a_clip(1)]})
    window = open_window(desk)
    drop(window, FOLDER)
    qtbot.waitUntil(lambda: not window.controller.scans.is_busy)
    window.controller.library.selection.choose_only(0)
    dialog: ScoreAgainDialog = window.scoring.dialog()
    assert dialog.every_frame.isVisibleTo(dialog)
    dialog.every_frame.setChecked(True)
    dialog.stability.setChecked(True)
    asked = []
    dialog.wanted.disconnect()
    dialog.wanted.connect(asked.append)
    dialog.accept()
    (wanted,) = asked
    assert (wanted.frames, wanted.stability) == (0, True)
