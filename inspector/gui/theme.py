"""The two looks as named colours, read from ``resources/themes``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True, slots=True)
class Colours:
    """Named colours of one theme; every name that is asked for is in the file."""

    name: str
    named: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.named[name]

    def colour(self, name: str) -> QColor:
        return QColor(self.named[name])

    def palette(self) -> QPalette:
        """Return Qt's palette of this theme, with dimmed text where something is disabled."""
        palette = QPalette()
        for role, name in _ROLES.items():
            palette.setColor(role, self.colour(name))
        for role in (
            QPalette.ColorRole.WindowText,
            QPalette.ColorRole.Text,
            QPalette.ColorRole.ButtonText,
        ):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("faint"))
        return palette


_ROLES: Mapping[QPalette.ColorRole, str] = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "base",
    QPalette.ColorRole.AlternateBase: "raised",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "error",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "raised",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.Dark: "border",
    QPalette.ColorRole.Shadow: "window",
}


def read_colours(file: Path) -> Colours:
    """Read a theme; it ships with Inspector, so a fault in it is a bug."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return Colours(file.stem, {name: str(value) for name, value in table["colours"].items()})


def fill_sheet(template: str, colours: Colours, files: Path) -> str:
    """Return a style sheet with every ``@name`` replaced by its colour.

    ``@files`` becomes the folder of the themes and ``@theme`` the name of this one.
    """
    sheet = template.replace("@files", files.as_posix()).replace("@theme", colours.name)
    for name in sorted(colours.named, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", colours[name])
    return sheet
