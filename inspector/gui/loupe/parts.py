"""Small parts that the viewers share: labels that never read markup, actions, buttons."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget


def line_label(parent: QWidget, *, gives_way: bool = False) -> QLabel:
    """Return a label of plain, selectable text.

    Args:
        gives_way: takes the room that is left and never asks for more; wraps where it must.
    """
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if gives_way:
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        label.setWordWrap(True)
    return label


def view_action(
    view: QWidget,
    text: str,
    short: str,
    keys: Sequence[Qt.Key | str],
    triggered: Callable[[], object],
) -> QAction:
    """Add an action that its keys trigger while the view, or a part of it, has the focus.

    Args:
        text: for menus and screen readers.
        short: for the button.
        triggered: a bound method.
    """
    action = QAction(text, view)
    action.setIconText(short)
    action.setShortcuts([QKeySequence(key) for key in keys])
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    native = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{text} ({native})")
    action.triggered.connect(triggered)
    view.addAction(action)
    return action


def action_button(action: QAction, parent: QWidget) -> QToolButton:
    """Return a button that stays off the keyboard's way: its action has a key."""
    button = QToolButton(parent)
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setAccessibleName(action.text())
    return button
