"""Names of files, shown without harm and kept without loss."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.media import display_path, path_hex, path_is_utf8

NAMES = st.binary(min_size=1, max_size=60).filter(lambda name: b"\0" not in name)


@given(NAMES)
def test_that_a_shown_name_is_text_on_one_line_that_reads_left_to_right(name):
    shown = display_path(os.fsdecode(name))
    shown.encode("utf-8")
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    assert not any(unicodedata.bidirectional(c) in ("RLO", "LRO", "RLE", "RLI") for c in shown)


@given(NAMES)
def test_that_a_name_comes_back_from_text_or_from_hexadecimal(name):
    path = os.fsdecode(name)
    hexadecimal = path_hex(path)
    assert (hexadecimal is None) is path_is_utf8(path)
    if hexadecimal is None:
        assert path.encode("utf-8") == name
    else:
        assert bytes.fromhex(hexadecimal) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"/set/plain \xc3\xbc.jpg", "/set/plain ü.jpg"),
        (b"/set/\xff\x01.jpg", "/set/\\xff\\x01.jpg"),
        (b"/set/a\nb\tc.jpg", "/set/a\\x0ab\\x09c.jpg"),
        ("/set/\u202egpj.exe".encode(), "/set/\\u202egpj.exe"),
        ("/set/a\u200bb".encode(), "/set/a\\u200bb"),
        ("/set/\u0085x".encode(), "/set/\\x85x"),
    ],
)
def test_that_what_would_mislead_is_escaped(name, shown):
    assert display_path(os.fsdecode(name)) == shown
