"""Starts the desk: the application, its look, the window, and the loop."""

import signal
import sys
from collections.abc import Sequence

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from inspector.domain.media import display_path
from inspector.gui.collector import UiCollector
from inspector.gui.look import Look
from inspector.gui.main_window import MainWindow
from inspector.gui.services import DeskServices
from inspector.settings import Places, data_folder

SWITCH_S = 0.001
"""How long a scan's thread may hold the interpreter while the window waits for it, seconds."""


def make_application() -> QApplication:
    """Return the application, with the style that both themes are drawn in."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("inspector")
    application.setApplicationDisplayName("Inspector")
    application.setDesktopFileName("inspector")
    application.setStyle("Fusion")
    return application


def make_window(services: DeskServices) -> MainWindow:
    """Return the window over open services, in the look that the settings name."""
    look = Look(data_folder("resources"), services.settings.desk.theme)
    look.apply(services.settings.desk.theme)
    window = MainWindow(services, look)
    look.setParent(window)
    return window


def run_desk(paths: Sequence[str], services: DeskServices) -> int:
    """Show the desk until its window is closed; return the exit code.

    Args:
        paths: dropped on the desk at once.
        services: with an open session, which is read back and gone on with; closed at the end.
    """
    application = make_application()
    window = make_window(services)
    place = QSettings(str(Places().config / "window.ini"), QSettings.Format.IniFormat)
    _restore_place(window, place)
    begin(window)
    tell_left_behind(window, services)
    if paths:
        window.controller.add(paths)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    code = int(application.exec())
    _remember_place(window, place)
    return code


def begin(window: MainWindow) -> None:
    """Show the window and start what it needs, so that the first drop finds it ready."""
    window.show()
    UiCollector(window)
    sys.setswitchinterval(SWITCH_S)
    window.controller.warm_up()
    window.controller.read_session()


def tell_left_behind(window: MainWindow, services: DeskServices) -> None:
    """Say which sessions of earlier runs that ended badly can be gone on with."""
    for session in reversed(services.left_behind()):
        if session == services.store.path:
            words = window.tr("The last run ended badly; this session goes on where it stopped.")
        else:
            words = window.tr(
                "The last run ended badly. Open {0} to go on with it; decisions are safe."
            ).format(display_path(str(session)))
        window.controller.told.emit(words)


def _restore_place(window: MainWindow, place: QSettings) -> None:
    line = window.fontMetrics().height()
    window.resize(90 * line, 56 * line)
    if place.contains("geometry"):
        window.restoreGeometry(place.value("geometry"))
        window.restoreState(place.value("docks"))


def _remember_place(window: MainWindow, place: QSettings) -> None:
    place.setValue("geometry", window.saveGeometry())
    place.setValue("docks", window.saveState())
    place.sync()
