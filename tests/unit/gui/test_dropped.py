"""Names of dropped files survive the drop byte for byte."""

import os
import sys

import pytest
from PySide6.QtCore import QMimeData, QUrl

from inspector.gui.dropped import local_paths


def dropped(*lines: bytes) -> list[str]:
    mime = QMimeData()
    mime.setData("text/uri-list", b"\r\n".join(lines) + b"\r\n")
    return local_paths(mime.urls())


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_that_a_name_that_is_no_utf8_survives_a_drop():
    (path,) = dropped(b"file:///media/bad%FF%FEname/50%25 off.jpg")
    assert os.fsencode(path) == b"/media/bad\xff\xfename/50% off.jpg"


def test_that_other_names_come_as_qt_gives_them():
    assert dropped(b"file:///m/%E2%82%AC.jpg", b"https://example.org/a.jpg") == ["/m/€.jpg"]
    assert local_paths([QUrl.fromLocalFile("/m/a b#c?.jpg")]) == ["/m/a b#c?.jpg"]


def test_that_a_replacement_character_of_the_names_own_stays():
    assert dropped(b"file:///m/%EF%BF%BD.jpg") == ["/m/\ufffd.jpg"]
