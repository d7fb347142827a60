"""Turns the catalogue into Qt actions, menus and scoped shortcuts."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from inspector.gui.actions.catalogue import ACTIONS, ActionId, ActionSpec, Menu, Scope
from inspector.gui.look import Look


class ActionSet(QObject):
    """Owns one ``QAction`` for each line of the catalogue."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {spec.id: self._make(spec) for spec in ACTIONS}
        self.menus: dict[Menu, QMenu] = {}
        self._take_icons()
        look.changed.connect(self._take_icons)

    def __getitem__(self, action: ActionId) -> QAction:
        return self._actions[action]

    def connect_all(self, slots: dict[ActionId, Callable[..., Any]]) -> None:
        """Have each action call its slot when it is triggered."""
        for action, slot in slots.items():
            self._actions[action].triggered.connect(slot)

    def attach(self, scope: Scope, *widgets: QWidget) -> None:
        """Let the keys of a scope work in these widgets and in what is inside them."""
        for spec in ACTIONS:
            if spec.scope is scope:
                for widget in widgets:
                    widget.addAction(self._actions[spec.id])

    def fill(self, bar: QMenuBar) -> None:
        """Build the menus."""
        for menu in Menu:
            self.menus[menu] = bar.addMenu(_translated(menu.value))
        for spec in ACTIONS:
            if spec.starts_section:
                self.menus[spec.menu].addSeparator()
            self.menus[spec.menu].addAction(self._actions[spec.id])

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(_translated(spec.text), self)
        action.setObjectName(spec.id.value)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        if spec.short:
            action.setIconText(_translated(spec.short))
        tip = _translated(spec.tip) if spec.tip else action.text().replace("&", "")
        action.setStatusTip(tip)
        action.setToolTip(tooltip_of(tip, spec.keys))
        if spec.scope is not Scope.DESK:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if spec.checked is not None:
            action.setCheckable(True)
            action.setChecked(spec.checked)
        if spec.group is not None:
            self._groups.setdefault(spec.group, QActionGroup(self)).addAction(action)
        return action

    @Slot()
    def _take_icons(self) -> None:
        for spec in ACTIONS:
            if spec.icon is not None:
                self._actions[spec.id].setIcon(self._look.icon(spec.icon))


def tooltip_of(tip: str, keys: Sequence[str]) -> str:
    """Return a tip with its first key behind it."""
    if not keys:
        return tip
    key = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{tip} ({key})"


def _translated(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
