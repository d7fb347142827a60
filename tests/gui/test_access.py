"""The desk by keyboard and by screen reader."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget

from inspector.gui.actions.catalogue import ACTIONS, ActionId
from inspector.gui.dialogs.export import ExportDialog
from inspector.gui.dialogs.key_sheet import KeySheet
from inspector.gui.dialogs.settings import SettingsDialog
from tests.builders import an_item
from tests.gui.conftest import drop
from tests.gui.desk_services import FakeDesk


def nameless(window: QWidget) -> list[str]:
    """Return what a screen reader could only call by its class."""
    return [
        f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        for kind in (QAbstractButton, QComboBox, QLineEdit)
        for widget in window.findChildren(kind)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.objectName() != "qt_spinbox_lineedit"
        and not (widget.accessibleName() or getattr(widget, "text", str)() or widget.toolTip())
    ]


def test_that_everything_that_takes_keys_has_a_name(qtbot, open_window):
    window = open_window(FakeDesk())
    assert not nameless(window)


def test_that_every_action_stands_in_a_menu_with_a_tip(qtbot, open_window):
    window = open_window(FakeDesk())
    listed = [
        action
        for menu in window.actions_of_desk.menus.values()
        for action in menu.actions()
        if not action.isSeparator()
    ]
    assert len(listed) == len(ACTIONS)
    assert all(action.statusTip() for action in listed)


def test_that_a_cell_is_read_aloud_with_its_finding_and_decision(qtbot, open_window):
    window = open_window(FakeDesk(folders={"/media/set": [an_item(60)]}))
    drop(window, "/media/set")
    qtbot.waitUntil(lambda: window.controller.library.rows.judged == 1)
    spoken = window.controller.library.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    for words in ("000060.jpg", "Suspect", "0.60", "Review", "decided by a rule"):
        assert words in spoken


def test_that_the_key_sheet_lists_the_viewers_keys_too(qtbot, open_window):
    window = open_window(FakeDesk())
    window.actions_of_desk[ActionId.KEY_SHEET].trigger()
    sheet = window.findChild(KeySheet)
    text = " ".join(label.text() for label in sheet.findChildren(QWidget) if hasattr(label, "text"))
    for words in ("Keep", "Heatmap", "Play or pause", "Fit / 100 %"):
        assert words in text
    sheet.close()


def test_that_settings_show_facts_and_change_the_desk_at_once(qtbot, open_window):
    desk = FakeDesk()
    window = open_window(desk)
    window.actions_of_desk[ActionId.SETTINGS].trigger()
    dialog = window.findChild(SettingsDialog)
    qtbot.waitUntil(lambda: dialog._facts.rowCount() == 3)
    assert dialog._facts.item(0, 0).text().startswith("Readers' limits")
    dialog._advance.click()
    assert desk.settings.desk.auto_advance is False
    assert not window.actions_of_desk[ActionId.AUTO_ADVANCE].isChecked()
    dialog._hosts.setText(" a.example,, *.b.example ")
    dialog._hosts.editingFinished.emit()
    assert desk.settings.network.hosts == ("a.example", "*.b.example")
    assert desk.settings.desk.auto_advance is False
    dialog.close()


def test_that_export_needs_a_format_and_a_whole_path(qtbot, open_window, tmp_path):
    window = open_window(FakeDesk(folders={"/media/set": [an_item(60)]}))
    drop(window, "/media/set")
    qtbot.waitUntil(lambda: window.controller.library.rows.judged == 1)
    window.actions_of_desk[ActionId.EXPORT].trigger()
    dialog = window.findChild(ExportDialog)
    dialog.folder.setText("lists")
    assert not dialog.write_button.isEnabled()
    dialog.folder.setText(str(tmp_path))
    assert dialog.write_button.isEnabled()
    for box in dialog.formats.values():
        box.setChecked(False)
    assert not dialog.write_button.isEnabled()
    dialog.close()


def test_that_copied_paths_are_those_selected(qtbot, open_window, qapp):
    window = open_window(FakeDesk(folders={"/media/set": [an_item(1), an_item(2), an_item(3)]}))
    drop(window, "/media/set")
    library = window.controller.library
    qtbot.waitUntil(lambda: library.rows.judged == 3)
    library.selection.choose_only(0)
    gallery = window.library_page.gallery
    qtbot.keyClick(gallery, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(gallery, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert qapp.clipboard().text().splitlines() == library.rows.paths[:2]
