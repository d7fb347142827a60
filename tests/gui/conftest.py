"""The real window over services in memory."""

import gc
from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from inspector.gui.app import make_application, make_window
from inspector.gui.main_window import MainWindow
from tests.gui.desk_services import FakeDesk


@pytest.fixture(scope="session")
def qapp():
    return make_application()


@pytest.fixture(autouse=True)
def collect_in_this_thread():
    """Have no widget taken apart by the collector in a worker's thread."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def open_window(qtbot) -> Callable[[FakeDesk], MainWindow]:
    windows = []

    def open_one(desk: FakeDesk) -> MainWindow:
        window = make_window(desk)
        window.resize(1280, 800)
        qtbot.addWidget(window)
        windows.append(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    yield open_one
    for window in windows:
        window.close()


def drop(window: MainWindow, *paths: str) -> None:
    """Drop paths on the middle of the window, as a file manager does."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    middle = window.rect().center()
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    action = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(middle), action, mime, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), action, mime, buttons, keys))
