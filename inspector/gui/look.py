"""The look in force: palette, style sheet and icons, changed at once for the whole desk."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from inspector.gui.theme import Colours, fill_sheet, read_colours
from inspector.settings import Theme

ICON_COLOURS = {
    "ai_declared": "ai",
    "ai_part_declared": "ai",
    "synthetic_likely": "ai",
    "suspect": "suspect",
    "camera_verified": "camera",
    "provenance_broken": "broken",
    "training_opt_out": "broken",
    "unreadable": "error",
    "no_evidence": "muted",
    "waiting": "faint",
    "skipped": "faint",
    "keep": "keep",
    "drop": "drop",
    "review": "review",
    "credential": "credential",
}
"""Icons that carry a colour of their own; the others take the text's."""


class Look(QObject):
    """Owns the theme in force; lives in the UI thread. Icons are our own, never a user's file."""

    changed = Signal()  # another theme is in force: paint anew, take icons anew

    def __init__(self, resources: Path, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._resources = resources
        self._themes = {
            name: read_colours(resources / "themes" / f"{name}.toml") for name in ("light", "dark")
        }
        self._sheet = (resources / "themes" / "desk.qss").read_text(encoding="utf-8")
        self._drawings: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self.theme = theme
        self.colours: Colours = self._themes["light"]
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def apply(self, theme: Theme) -> None:
        """Put a theme in force for every window."""
        self.theme = theme
        is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        name = theme.value if theme is not Theme.SYSTEM else "dark" if is_dark else "light"
        self.colours = self._themes[name]
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setPalette(self.colours.palette())
        sheet = fill_sheet(self._sheet, self.colours, self._resources / "themes")
        application.setStyleSheet(sheet)
        self.changed.emit()

    def icon(self, name: str, colour: str | None = None) -> QIcon:
        """Return an icon of the theme in force, sharp at every size it is used at."""
        icon = QIcon()
        for side in (16, 20, 24, 32, 48, 64):
            icon.addPixmap(self.pixmap(name, side, 1.0, colour))
        return icon

    def pixmap(
        self, name: str, side_px: int, device_ratio: float = 1.0, colour: str | None = None
    ) -> QPixmap:
        """Return an icon drawn at a size in logical pixels.

        Args:
            name: a file of ``resources/icons`` without its ending.
            side_px: logical pixels.
            device_ratio: device pixels a logical one.
            colour: a name of the theme; by default the icon's own.
        """
        chosen = self.colours[colour or ICON_COLOURS.get(name, "text")]
        key = (name, chosen, side_px, device_ratio)
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            pixmap = self._draw(name, chosen, round(side_px * device_ratio))
            pixmap.setDevicePixelRatio(device_ratio)
            self._pixmaps[key] = pixmap
        return pixmap

    def _draw(self, name: str, colour: str, side_px: int) -> QPixmap:
        drawing = self._drawings.get(name)
        if drawing is None:
            file = self._resources / "icons" / f"{name}.svg"
            drawing = file.read_text(encoding="utf-8")
            self._drawings[name] = drawing
        coloured = drawing.replace("currentColor", colour)
        renderer = QSvgRenderer(QByteArray(coloured.encode()))
        pixmap = QPixmap(QSize(side_px, side_px))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, side_px, side_px))
        painter.end()
        return pixmap

    @Slot()
    def _follow_system(self) -> None:
        if self.theme is Theme.SYSTEM:
            self.apply(Theme.SYSTEM)
