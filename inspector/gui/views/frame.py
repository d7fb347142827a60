"""The tool bar and the side panels around the middle of the window."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QFrame, QMainWindow, QScrollArea, QToolBar, QWidget

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

_STAGE_LINES = 20
"""The least width of the middle, in heights of the text."""


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


class ScrollingFrame(QScrollArea):
    """Fills itself with one widget, and scrolls where it is too small for that widget."""

    def __init__(self, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)

    def minimumSizeHint(self) -> QSize:
        """Keep the width that the content needs, up to what a small screen has beside panels."""
        least = super().minimumSizeHint()
        content = self.widget()
        wanted = content.minimumSizeHint().width() if content is not None else 0
        most = _STAGE_LINES * self.fontMetrics().height()
        return QSize(max(least.width(), min(wanted, most)), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what the content needs, which changes with what it shows."""
        if watched is self.widget() and event.type() is QEvent.Type.LayoutRequest:
            self._fit()
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        # Not ``widgetResizable``: that asks for the wished height of wrapped text, not the least.
        content = self.widget()
        if content is None:
            return
        least, room = content.minimumSizeHint(), self.maximumViewportSize()
        if least.height() > room.height():
            room.setWidth(room.width() - self.verticalScrollBar().sizeHint().width())
        if least.width() > room.width():
            room.setHeight(room.height() - self.horizontalScrollBar().sizeHint().height())
        if content.size() != room.expandedTo(least):
            content.resize(room.expandedTo(least))
