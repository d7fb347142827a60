"""A folder reviewed on the real window: dropped, filtered, decided, undone, exported."""

from threading import Event

from PySide6.QtCore import Qt

from inspector.domain.errors import ModelError
from inspector.domain.verdict import Decision
from inspector.gui.actions.catalogue import ActionId
from inspector.gui.models.arrangement import Sort, SortKey
from inspector.gui.views.stage import Page
from tests.builders import a_clip, a_file, a_skipped_item, an_item, an_unreadable_item
from tests.gui.conftest import drop
from tests.gui.desk_services import FakeDesk

FOLDER = "/media/set"


def a_desk(count: int = 12, **changes) -> FakeDesk:
    items = [an_item(number * 7) for number in range(count)]
    return FakeDesk(folders={FOLDER: items}, **changes)


def reviewed(qtbot, open_window, desk):
    """Return a window on which the folder was dropped and scanned."""
    window = open_window(desk)
    drop(window, FOLDER)
    qtbot.waitUntil(lambda: not window.controller.scans.is_busy)
    return window


def persons(desk, path):
    return [entry.decision for entry in desk.store.history(path)]


def test_that_a_dropped_folder_fills_the_gallery(qtbot, open_window):
    window = open_window(a_desk())
    assert window.stage.page is Page.EMPTY
    drop(window, FOLDER)
    qtbot.waitUntil(lambda: window.controller.library.rows.judged == 12)
    assert window.stage.page is Page.GALLERY
    assert len(window.controller.library.model.order) == 12


def test_that_rows_wait_in_the_gallery_before_they_are_judged(qtbot, open_window):
    hold = Event()
    window = open_window(a_desk(hold=hold))
    drop(window, FOLDER)
    rows = window.controller.library.rows
    qtbot.waitUntil(lambda: len(rows) == 12)
    assert rows.judged == 0
    hold.set()
    qtbot.waitUntil(lambda: rows.judged == 12)


def test_that_a_key_decides_and_goes_on_to_the_next_file(qtbot, open_window):
    desk = a_desk()
    window = reviewed(qtbot, open_window, desk)
    gallery, library = window.library_page.gallery, window.controller.library
    library.selection.choose_only(0)
    qtbot.keyClick(gallery, Qt.Key.Key_X)
    assert library.rows.decision(0) is Decision.DROP
    assert library.selection.current == 1
    qtbot.keyClick(gallery, Qt.Key.Key_P)
    assert library.rows.decision(1) is Decision.KEEP
    qtbot.waitUntil(lambda: persons(desk, library.rows.paths[1]) == [Decision.KEEP])
    assert persons(desk, library.rows.paths[0]) == [Decision.DROP]


def test_that_u_marks_for_review_and_pressed_again_takes_back(qtbot, open_window):
    window = reviewed(qtbot, open_window, a_desk())
    window.actions_of_desk[ActionId.AUTO_ADVANCE].trigger()
    gallery, library = window.library_page.gallery, window.controller.library
    library.selection.choose_only(0)
    qtbot.keyClick(gallery, Qt.Key.Key_U)
    assert library.rows.decision(0) is Decision.REVIEW
    assert library.selection.current == 0
    qtbot.keyClick(gallery, Qt.Key.Key_U)
    assert library.rows.decision(0) is Decision.KEEP


def test_that_undo_and_redo_reach_the_session(qtbot, open_window):
    desk = a_desk()
    window = reviewed(qtbot, open_window, desk)
    gallery, library = window.library_page.gallery, window.controller.library
    path = library.rows.paths[0]
    library.selection.choose_only(0)
    qtbot.keyClick(gallery, Qt.Key.Key_X)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert library.rows.decision(0) is Decision.KEEP
    assert library.selection.current == 0
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_Z, both)
    assert library.rows.decision(0) is Decision.DROP
    qtbot.waitUntil(lambda: persons(desk, path) == [Decision.DROP, None, Decision.DROP])


def test_that_a_decision_counts_for_the_whole_selection(qtbot, open_window):
    desk = a_desk()
    window = reviewed(qtbot, open_window, desk)
    gallery, library = window.library_page.gallery, window.controller.library
    library.selection.choose_only(2)
    for _ in range(3):
        qtbot.keyClick(gallery, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(gallery, Qt.Key.Key_X)
    dropped = [row for row in range(12) if library.rows.decision(row) is Decision.DROP]
    assert dropped == [2, 3, 4, 5]
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not any(library.rows.decision(row) is Decision.DROP for row in range(12))


def test_that_a_failed_write_is_rolled_back_and_said_in_one_sentence(qtbot, open_window):
    desk = a_desk()
    window = reviewed(qtbot, open_window, desk)
    desk.store.is_full = True
    library = window.controller.library
    library.selection.choose_only(0)
    qtbot.keyClick(window.library_page.gallery, Qt.Key.Key_X)
    qtbot.waitUntil(window.notice.isVisible)
    assert "The disk is full." in window.notice.words.text()
    assert library.rows.decision(0) is Decision.KEEP
    assert not window.controller.curation.undo_stack.canUndo()


def test_that_a_search_and_a_facet_narrow_together(qtbot, open_window):
    window = reviewed(qtbot, open_window, a_desk())
    library = window.controller.library
    qtbot.keyClicks(window.library_page.search.field, "likelihood:>0.3")
    qtbot.waitUntil(lambda: len(library.model.order) == 7)
    facets = window.facets

    def suspect():
        return facets.index(5, 0, facets.index(0, 0))

    qtbot.waitUntil(lambda: facets.count(suspect()) == 4)
    facets.toggle(suspect())
    assert len(library.model.order) == 4
    window.actions_of_desk[ActionId.CLEAR_FILTERS].trigger()
    assert len(library.model.order) == 12


def test_that_a_search_that_means_nothing_is_explained(qtbot, open_window):
    window = reviewed(qtbot, open_window, a_desk())
    search = window.library_page.search
    search.field.setFocus()
    qtbot.keyClicks(search.field, "colour:red")
    qtbot.keyClick(search.field, Qt.Key.Key_Return)
    assert search.field.property("fault") is True
    assert len(window.controller.library.model.order) == 12


def test_that_letters_typed_into_the_search_decide_nothing(qtbot, open_window):
    window = reviewed(qtbot, open_window, a_desk())
    window.controller.library.selection.choose_only(0)
    window.library_page.search.field.setFocus()
    qtbot.keyClicks(window.library_page.search.field, "pxu")
    assert not window.controller.curation.undo_stack.count()


def test_that_a_resort_keeps_what_is_selected(qtbot, open_window):
    window = reviewed(qtbot, open_window, a_desk())
    library = window.controller.library
    library.selection.choose_only(4)
    library.set_sort(Sort(SortKey.LIKELIHOOD, descending=True))
    assert library.selection.current == 4
    assert list(library.selection.among(library.model.order)) == [4]
    shown = window.library_page.gallery.currentIndex()
    assert library.model.row_at(shown) == 4


def test_that_files_that_are_no_media_are_hidden_until_asked_for(qtbot, open_window):
    items = [an_item(1), a_skipped_item(2), an_unreadable_item(3)]
    window = open_window(FakeDesk(folders={FOLDER: items}))
    drop(window, FOLDER)
    library = window.controller.library
    qtbot.waitUntil(lambda: len(library.model.order) == 2)
    qtbot.keyClicks(window.library_page.search.field, "status:skipped")
    qtbot.waitUntil(lambda: [int(row) for row in library.model.order] == [1])


def test_that_enter_opens_a_picture_in_the_loupe_and_a_clip_in_the_clip_view(qtbot, open_window):
    desk = FakeDesk(folders={FOLDER: [an_item(1), a_clip(2)]})
    window = reviewed(qtbot, open_window, desk)
    window.controller.library.selection.choose_only(0)
    qtbot.keyClick(window.library_page.gallery, Qt.Key.Key_Return)
    assert window.stage.page is Page.LOUPE
    qtbot.keyClick(window.stage.loupe.canvas, Qt.Key.Key_Right)
    assert window.stage.page is Page.CLIP
    qtbot.keyClick(window.stage.clip.canvas, Qt.Key.Key_G)
    assert window.stage.page is Page.GALLERY


def test_that_the_lists_are_written_where_the_dialog_says(qtbot, open_window, tmp_path):
    desk = a_desk()
    window = reviewed(qtbot, open_window, desk)
    library = window.controller.library
    library.selection.choose_only(0)
    qtbot.keyClick(window.library_page.gallery, Qt.Key.Key_X)
    dialog = window.files.export_dialog()
    dialog.folder.setText(str(tmp_path / "lists"))
    dialog.scopes[Decision.DROP].setChecked(True)
    dialog.write()
    qtbot.waitUntil(lambda: dialog.written.rowCount() == 3)
    assert desk.exported == [(("txt", "jsonl"), tmp_path / "lists", Decision.DROP)]
    assert dialog.written.item(0, 2).text() == "Read back: every line is a path."
    dropped = (tmp_path / "lists" / "drop.txt").read_text(encoding="utf-8")
    assert dropped == f"{library.rows.paths[0]}\n"


def test_that_folders_dropped_during_a_scan_wait_their_turn(qtbot, open_window):
    more = [an_item(1, file=a_file(1, path="/media/more/a.jpg"))]
    desk = FakeDesk(folders={FOLDER: [an_item(0)], "/media/more": more}, endless=True)
    window = open_window(desk)
    drop(window, FOLDER)
    drop(window, "/media/more")
    scans = window.controller.scans
    qtbot.waitUntil(lambda: desk.scanned == [(FOLDER,)])
    assert scans.waiting == 1
    desk.endless = False
    qtbot.waitUntil(lambda: not scans.is_busy)
    assert desk.scanned == [(FOLDER,), ("/media/more",)]
    assert window.controller.library.rows.judged == 2


def test_that_stop_ends_the_scan_and_keeps_what_was_judged(qtbot, open_window):
    window = open_window(a_desk(endless=True))
    drop(window, FOLDER)
    qtbot.waitUntil(lambda: window.controller.library.rows.judged == 12)
    window.actions_of_desk[ActionId.STOP_SCAN].trigger()
    qtbot.waitUntil(lambda: not window.controller.scans.is_busy)
    assert window.controller.library.rows.judged == 12


def test_that_a_scan_that_cannot_go_on_is_told_and_the_desk_stays_usable(qtbot, open_window):
    desk = a_desk(error=ModelError("The detector is missing."))
    window = open_window(desk)
    drop(window, FOLDER)
    qtbot.waitUntil(window.notice.isVisible)
    assert window.notice.words.text() == "The detector is missing."
    desk.error = None
    drop(window, FOLDER)
    qtbot.waitUntil(lambda: window.controller.library.rows.judged == 12)


def test_that_under_a_filter_the_next_file_takes_the_place_of_a_decided_one(qtbot, open_window):
    window = reviewed(qtbot, open_window, a_desk())
    library = window.controller.library
    window.library_page.search.field.setText("decision:keep")
    qtbot.waitUntil(lambda: len(library.model.order) == 8)
    library.selection.choose_only(2)
    qtbot.keyClick(window.library_page.gallery, Qt.Key.Key_X)
    assert library.selection.current == 3
    assert len(library.model.order) == 7


def test_that_a_stopped_scan_goes_on(qtbot, open_window):
    hold = Event()
    desk = a_desk(hold=hold)
    window = open_window(desk)
    drop(window, FOLDER)
    rows = window.controller.library.rows
    qtbot.waitUntil(lambda: len(rows) == 12)
    window.actions_of_desk[ActionId.STOP_SCAN].trigger()
    hold.set()
    go_on = window.actions_of_desk[ActionId.GO_ON]
    qtbot.waitUntil(go_on.isEnabled)
    assert rows.judged == 0
    go_on.trigger()
    qtbot.waitUntil(lambda: rows.judged == 12)
    qtbot.waitUntil(lambda: not go_on.isEnabled())


def test_that_a_scroll_reads_the_thumbnails_where_it_ends(qtbot, open_window):
    desk = a_desk(400)
    window = reviewed(qtbot, open_window, desk)
    gallery, thumbnails = window.library_page.gallery, window.controller.thumbnails
    bar = gallery.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    bar.setValue(bar.maximum())
    last = gallery.visible_rows()[-1]
    qtbot.waitUntil(lambda: thumbnails.get(last) is not None)
    assert thumbnails.get(200) is None
