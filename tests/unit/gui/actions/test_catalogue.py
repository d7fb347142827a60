"""The catalogue of actions is whole and its keys do not fight."""

from collections import Counter
from itertools import combinations

import pytest
from PySide6.QtGui import QKeySequence

from inspector.gui.actions.catalogue import ACTIONS, ActionId, Scope
from inspector.gui.look import ICON_COLOURS
from inspector.gui.theme import fill_sheet, read_colours
from inspector.settings import data_folder

RESOURCES = data_folder("resources")
THEMES = ("light", "dark")

APART = {frozenset({Scope.GALLERY, Scope.VIEWERS}), frozenset({Scope.GALLERY, Scope.PICTURE})}
"""Scopes that never have the keys at once."""


def test_that_every_action_stands_in_the_menus_once():
    assert Counter(spec.id for spec in ACTIONS) == Counter(ActionId)


def test_that_no_key_means_two_things_at_once():
    for one, other in combinations(ACTIONS, 2):
        if frozenset({one.scope, other.scope}) not in APART:
            assert not set(one.keys) & set(other.keys), (one.id, other.id)


def test_that_every_key_is_one_that_qt_knows():
    for spec in ACTIONS:
        for key in spec.keys:
            assert QKeySequence(key).count() == 1, key


def test_that_every_icon_is_drawn():
    icons = {spec.icon for spec in ACTIONS if spec.icon} | set(ICON_COLOURS)
    missing = {name for name in icons if not (RESOURCES / "icons" / f"{name}.svg").is_file()}
    assert not missing


def test_that_both_themes_name_the_same_colours():
    light, dark = (read_colours(RESOURCES / "themes" / f"{name}.toml") for name in THEMES)
    assert light.named.keys() == dark.named.keys()
    assert set(ICON_COLOURS.values()) <= light.named.keys()


@pytest.mark.parametrize("name", THEMES)
def test_that_the_style_sheet_asks_only_for_colours_that_are_there(name):
    folder = RESOURCES / "themes"
    template = (folder / "desk.qss").read_text(encoding="utf-8")
    colours = read_colours(folder / f"{name}.toml")
    assert "@" not in fill_sheet(template, colours, folder).split("*/", 1)[1]


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ink", ["text", "muted", "keep", "drop", "review", "ai", "camera"])
def test_that_words_and_signs_stand_out_from_the_paper(name, ink):
    colours = read_colours(RESOURCES / "themes" / f"{name}.toml")
    assert contrast(colours.colour(ink), colours.colour("base")) >= 4.5


def contrast(one, other) -> float:
    """Return WCAG's contrast ratio of two opaque colours."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour) -> float:
    channels = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
