"""Pictures of every screen in both themes, for the README: ``python -m tests.screenshots OUT``."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from inspector.adapters.c2pa.signing import TestSigner
from inspector.bootstrap.desk import open_desk
from inspector.gui.actions.catalogue import ActionId
from inspector.gui.app import make_application, make_window
from inspector.gui.collector import UiCollector
from inspector.gui.main_window import MainWindow
from inspector.gui.models.arrangement import Sort, SortKey
from inspector.gui.services import DeskServices
from inspector.gui.views.stage import Page
from inspector.settings import Theme
from tests.signed_chain import sign_deep_file

DEEP = "deep.jpg"
"""Name of the file whose tree is opened whole."""

SETTLE_MS = 1200
"""How long a screen may read and paint before its picture is taken."""


class Photographer(QObject):
    """Goes from screen to screen and saves what it sees; quits the application at the end."""

    def __init__(self, window: MainWindow, out: Path, theme: Theme, paths: list[str]) -> None:
        super().__init__(window)
        self._window = window
        self._out = out
        self._theme = theme
        self._paths = paths
        self._steps = self._walk()

    @Slot()
    def step(self) -> None:
        wait = next(self._steps, None)
        if wait is None:
            self._window.close()
            QApplication.quit()
        elif wait is _until_idle:
            self._window.controller.scans.busy_changed.connect(self._go_on)
        else:
            QTimer.singleShot(SETTLE_MS, self.step)

    @Slot(bool)
    def _go_on(self, is_busy: bool) -> None:
        if not is_busy:
            self._window.controller.scans.busy_changed.disconnect(self._go_on)
            QTimer.singleShot(SETTLE_MS, self.step)

    def _walk(self) -> Iterator[Callable[[], None]]:
        window, library = self._window, self._window.controller.library
        self._save("empty", window)
        window.controller.add(self._paths)
        yield _until_idle
        window.library_page.search.sort_by(Sort(SortKey.LIKELIHOOD, descending=True))
        library.selection.choose_only(int(library.model.order[0]))
        yield _settle
        self._save("library", window)
        yield from self._viewer("loupe", "media:image part put in", Page.LOUPE)
        yield from self._viewer("clip", "media:video", Page.CLIP)
        yield from self._viewer("provenance", "-credential:absent -status:skipped", Page.PROVENANCE)
        yield from self._viewer("provenance-camera", "signed by camera.jpg", Page.PROVENANCE)
        yield from self._viewer("provenance-deep", DEEP, Page.PROVENANCE)
        window.stage.show_page(Page.GALLERY)
        window.actions_of_desk[ActionId.TABLE].trigger()
        window.library_page.search.sort_by(Sort(SortKey.SIGNER))
        yield _settle
        self._save("table", window)
        window.actions_of_desk[ActionId.TABLE].trigger()
        for name, dialog in (
            ("export", window.files.export_dialog()),
            ("keys", window.looking.key_sheet()),
            ("settings", window.preferences.dialog()),
        ):
            dialog.open()
            yield _settle
            self._save(name, dialog)
            dialog.close()

    def _viewer(self, name: str, search: str, page: Page) -> Iterator[Callable[[], None]]:
        window, library = self._window, self._window.controller.library
        window.library_page.search.field.setText(search)
        yield _settle
        if len(library.model.order):
            library.selection.choose_only(int(library.model.order[0]))
            yield _settle
            window.stage.show_page(page)
            yield _settle
            while window.stage.loupe.mapping.is_running:
                yield _settle
            if search == DEEP:
                panel = window.stage.provenance.panel
                panel.expand_all()
                for _ in range(2):
                    panel.tree.zoom_out()
                yield _settle
            self._save(name, window)
        else:
            sys.stderr.write(f"No picture of {name}: no file is found by {search!r}.\n")
        window.stage.show_page(Page.GALLERY)
        window.library_page.search.clear()

    def _save(self, name: str, widget: QWidget) -> None:
        widget.grab().save(str(self._out / f"{name}-{self._theme.value}.png"))


def photograph(services: DeskServices, out: Path, theme: Theme, paths: list[str]) -> None:
    """Save every screen over open services; they are closed at the end."""
    application = make_application()
    UiCollector(application)
    window = make_window(services)
    window.preferences.show_theme(theme)
    window.resize(1280, 800)
    window.show()
    photographer = Photographer(window, out, theme, paths)
    QTimer.singleShot(SETTLE_MS, photographer.step)
    application.exec()


def _settle() -> None:
    """Stand for a short wait."""


def _until_idle() -> None:
    """Stand for a wait until the scan has ended."""


def main() -> None:
    """Take ``OUT [PATH...]``; without paths the sample and a deep chain are photographed."""
    out, paths = Path(sys.argv[1]), sys.argv[2:]
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        camera = TestSigner.create("Aperture Works (test camera)")
        editor = TestSigner.create("Sample Editor (test)", below=camera)
        deep = str(sign_deep_file(Path(folder), camera, editor))
        for theme in (Theme.LIGHT, Theme.DARK):
            services, _ = open_desk([])
            photograph(services, out, theme, paths or [services.sample(), deep])


if __name__ == "__main__":
    main()
