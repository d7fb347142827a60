"""The tool bar and the side panels around the middle of the window."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolBar, QWidget

from inspector.gui.actions.action_set import ActionSet
from inspector.gui.actions.catalogue import ActionId

TOOLS = (
    (ActionId.ADD_FOLDER,),
    (ActionId.GALLERY, ActionId.LOUPE, ActionId.PROVENANCE),
    (ActionId.KEEP, ActionId.DROP, ActionId.REVIEW),
    (ActionId.UNDO, ActionId.REDO),
    (ActionId.EXPORT,),
)
"""Actions with a button, in groups."""


def make_tool_bar(actions: ActionSet, window: QMainWindow) -> QToolBar:
    """Return the one tool bar, which stays where it is."""
    bar = QToolBar(window.tr("Main tools"), window)
    bar.setObjectName("tools")
    bar.setMovable(False)
    bar.setFloatable(False)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    line = window.fontMetrics().height()
    bar.setIconSize(QSize(line, line))
    for place, group in enumerate(TOOLS):
        if place:
            bar.addSeparator()
        bar.addActions([actions[action] for action in group])
    return bar


def make_side(
    panel: QWidget, title: str, name: str, area: Qt.DockWidgetArea, window: QMainWindow
) -> QDockWidget:
    """Dock a panel at a side; its width can be dragged, its place is fixed."""
    dock = QDockWidget(title, window)
    dock.setObjectName(name)
    dock.setTitleBarWidget(QWidget(dock))
    dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    dock.setWidget(panel)
    window.addDockWidget(area, dock)
    return dock
