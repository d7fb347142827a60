"""The raw JSON: found in by keys, counted, copied and saved whole, and nothing in it acts."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QToolButton

from inspector.gui.provenance.raw_json import RawJson, escaped

TURNED = "photo\u202egpj.exe\u200b\u2066\x07\x85\u2028\ufeff\U000e0041\ud800"
TEXT = json.dumps({"a": "one", "b": ["One", "two " * 100 + "ONE"]}, indent=2)


@pytest.fixture
def raw(host, jobs):
    raw = RawJson(jobs, host)
    raw.resize(400, 200)
    host.show()
    host.activateWindow()
    raw.show_text(TEXT)
    return raw


def press(raw, words: str) -> None:
    next(button for button in raw.findChildren(QToolButton) if button.text() == words).click()


@pytest.mark.parametrize("as_ascii", [True, False])
def test_that_nothing_hides_or_turns_text_and_the_json_means_the_same(as_ascii):
    meant = {"title": TURNED, TURNED: ["é", "日本", "\n", '"', "\\"]}
    text = escaped(json.dumps(meant, ensure_ascii=as_ascii, indent=2))
    assert all(character.isprintable() or character == "\n" for character in text)
    assert json.loads(text) == meant


def test_that_words_of_any_script_stay_as_they_are():
    text = json.dumps(["שלום", "سلام", "日本", "naïve", "🙂"], ensure_ascii=False)
    assert escaped(text) == text


def test_that_what_is_shown_copied_and_saved_is_the_same(qtbot, raw, tmp_path, monkeypatch):
    raw.show_text(json.dumps({"title": TURNED}, ensure_ascii=False))
    shown = raw.text.toPlainText()
    assert "\\u202e" in shown
    press(raw, "Copy")
    assert QGuiApplication.clipboard().text() == shown
    target = tmp_path / "credential.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    press(raw, "Save…")
    qtbot.waitUntil(lambda: "Saved as" in raw.told)
    assert target.read_text(encoding="utf-8") == shown


def test_that_a_cancelled_save_writes_nothing(raw, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    press(raw, "Save…")
    assert raw.told == ""
    assert not list(tmp_path.iterdir())


def test_that_keys_go_from_find_to_find_and_say_which_it_is(qtbot, raw):
    raw.start_search()
    assert raw.search.hasFocus()
    qtbot.keyClicks(raw.search, "one")
    assert raw.told == "1 of 3"
    qtbot.keyClick(raw.search, Qt.Key.Key_Return)
    assert raw.told == "2 of 3"
    qtbot.keyClick(raw.search, Qt.Key.Key_F3)
    assert raw.told == "3 of 3"
    qtbot.keyClick(raw.search, Qt.Key.Key_F3)
    assert raw.told == "1 of 3"
    qtbot.keyClick(raw.search, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert raw.told == "3 of 3"
    press(raw, "Previous")
    assert raw.told == "2 of 3"
    press(raw, "Next")
    assert raw.told == "3 of 3"
    qtbot.keyClicks(raw.search, "x")
    assert raw.told == "Not found."


def test_that_what_is_found_far_to_the_right_is_seen_and_no_more_is_scrolled(qtbot, raw):
    qtbot.keyClicks(raw.search, "two")
    assert raw.text.horizontalScrollBar().value() == 0
    raw.search.clear()
    qtbot.keyClicks(raw.search, "two ONE")
    assert raw.told == "1 of 1"
    assert raw.text.horizontalScrollBar().value() > 0
    assert raw.text.viewport().rect().contains(raw.text.cursorRect())
    raw.search.clear()
    assert raw.text.textCursor().position() == 0


def test_that_a_text_too_long_to_show_is_copied_whole(raw):
    long = json.dumps("x" * 2_100_000)
    raw.show_text(long)
    assert "Too long to show" in raw.told
    assert len(raw.text.toPlainText()) == 2_000_000
    press(raw, "Copy")
    assert QGuiApplication.clipboard().text() == long
