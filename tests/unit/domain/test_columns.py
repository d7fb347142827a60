"""Codes for columns."""

import pytest

from inspector.domain.columns import UNKNOWN, codes_of, interned
from inspector.domain.verdict import Decision


def test_that_a_choice_is_its_place_and_nothing_is_unknown():
    assert list(codes_of(["keep", None, "review"], Decision)) == [0, UNKNOWN, 2]


def test_that_a_value_that_is_no_choice_is_refused():
    with pytest.raises(KeyError):
        codes_of(["maybe"], Decision)


def test_that_texts_are_held_once_and_nothing_is_the_empty_text():
    codes, texts = interned(["b", None, "a", "b", ""])
    assert list(codes) == [1, 0, 2, 1, 0]
    assert texts == ("", "b", "a")
