"""On the real window: look closely at a picture, a clip and a credential, by keys alone."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from inspector.domain.provenance import ManifestNode, ManifestStore, Provenance, ProvenanceState
from inspector.gui.views.stage import Page
from tests.builders import a_clip, a_file, a_picture_info, an_item
from tests.fakes import FakeMedia
from tests.gui.conftest import drop
from tests.gui.desk_services import FakeDesk

FOLDER = "/media/set"
SUMMARY = Provenance(ProvenanceState.VALID, hash_ok=True, signature_ok=True, signer="Maker")
STORE = ManifestStore(
    SUMMARY, ManifestNode("urn:a", "signed.jpg", None, None, signer="Maker"), '{"a": 1}'
)


@pytest.fixture
def window(qtbot, open_window):
    info = a_picture_info(width=1600, height=1600)
    items = [
        an_item(10, info=info, provenance=SUMMARY),
        an_item(20, info=info),
        a_clip(30),
    ]
    desk = FakeDesk({FOLDER: items})
    for item in items[:2]:
        desk.reader.media[item.path] = FakeMedia.picture(50, side_px=1600)
    desk.reader.media[items[2].path] = FakeMedia.clip(frames=100)
    desk.reader.stores[items[0].path] = STORE
    window = open_window(desk)
    drop(window, FOLDER)
    qtbot.waitUntil(lambda: window.controller.library.rows.judged == 3)
    return window


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key as a person does: whatever has the focus gets it."""
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def look_at(qtbot, window, path: str):
    library = window.controller.library
    library.selection.choose_only(library.rows.id_of(path))
    qtbot.waitUntil(lambda: window.controller.focus.item is not None)
    qtbot.waitUntil(lambda: window.controller.focus.item.path == path)


def words(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def open_loupe(qtbot, window, number: int = 10):
    look_at(qtbot, window, a_file(number).path)
    window.stage.currentWidget().setFocus()
    press(qtbot, window, Qt.Key.Key_E)
    loupe = window.stage.loupe
    qtbot.waitUntil(lambda: window.stage.page is Page.LOUPE)
    qtbot.waitUntil(lambda: loupe.canvas.viewport.picture == (1600, 1600))
    return loupe


def test_that_the_loupe_opens_on_the_chosen_picture_and_arrows_go_on(qtbot, window):
    loupe = open_loupe(qtbot, window)
    assert loupe.canvas.viewport.fitted
    press(qtbot, window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.controller.focus.item.path == a_file(20).path)


def test_that_arrows_pan_a_zoomed_picture_and_do_not_leave_it(qtbot, window):
    loupe = open_loupe(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Z)
    before = loupe.canvas.viewport.x
    press(qtbot, window, Qt.Key.Key_Right)
    assert loupe.canvas.viewport.x > before
    assert window.controller.focus.item.path == a_file(10).path


def test_that_the_heatmap_is_switched_and_deciding_leaves_the_view_alone(qtbot, window):
    loupe = open_loupe(qtbot, window)
    press(qtbot, window, Qt.Key.Key_H)
    assert not loupe.canvas.overlay.visible
    window.controller.library.selection.choose_only(
        window.controller.library.rows.id_of(a_file(20).path)
    )
    qtbot.waitUntil(lambda: window.controller.focus.item.path == a_file(20).path)
    assert not loupe.canvas.overlay.visible


def test_that_going_on_to_a_clip_opens_the_clip_view_and_back_the_loupe(qtbot, window):
    open_loupe(qtbot, window, 20)
    press(qtbot, window, Qt.Key.Key_Right)
    clip = window.stage.clip
    qtbot.waitUntil(lambda: window.stage.page is Page.CLIP)
    qtbot.waitUntil(lambda: clip.player.current is not None)
    press(qtbot, window, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: clip.player.time_s == pytest.approx(2.0))
    press(qtbot, window, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: window.stage.page is Page.LOUPE)
    assert not clip.player.is_open


def test_that_shift_and_an_arrow_move_a_second_not_a_file(qtbot, window):
    look_at(qtbot, window, a_clip(30).path)
    window.stage.currentWidget().setFocus()
    press(qtbot, window, Qt.Key.Key_E)
    clip = window.stage.clip
    qtbot.waitUntil(lambda: clip.player.current is not None)
    press(qtbot, window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: clip.player.time_s == pytest.approx(1.0))
    assert window.stage.page is Page.CLIP


def test_that_the_credential_of_a_picture_opens_as_a_tree(qtbot, window):
    look_at(qtbot, window, a_file(10).path)
    window.stage.currentWidget().setFocus()
    press(qtbot, window, Qt.Key.Key_T)
    view = window.stage.provenance
    qtbot.waitUntil(lambda: view.panel.model.rowCount() == 1)
    assert "signed.jpg" in view.details.facts.toPlainText()


def test_that_the_evidence_panel_follows_and_names_who_decided(qtbot, window):
    look_at(qtbot, window, a_file(10).path)
    assert "by rule" in words(window.evidence)
    window.stage.currentWidget().setFocus()
    press(qtbot, window, Qt.Key.Key_X)
    look_at(qtbot, window, a_file(10).path)
    qtbot.waitUntil(lambda: "by you" in words(window.evidence))


def test_that_closing_while_a_clip_plays_is_safe(qtbot, window):
    look_at(qtbot, window, a_clip(30).path)
    window.stage.show_page(Page.CLIP)
    clip = window.stage.clip
    qtbot.waitUntil(lambda: clip.player.current is not None)
    clip.player.toggle()
    window.close()
    assert clip.player.rate == 0


def test_that_an_item_judged_anew_is_shown_with_its_new_map(qtbot, window):
    loupe = open_loupe(qtbot, window)
    item = window.controller.focus.item
    bare = replace(item, score=replace(item.score, heatmap=None))
    window.controller.focus.remember(bare)
    qtbot.waitUntil(lambda: loupe.canvas.has_picture)
