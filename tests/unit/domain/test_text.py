import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.text import plain_line


def test_that_control_and_bidi_marks_become_spaces() -> None:
    assert plain_line("a\x1b[31mb\u202ec\ud800d\n\te", 100) == "a [31mb c d e"


def test_that_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert plain_line("x" * 50, 10) == "x" * 9 + "…"


def test_that_letters_of_any_script_stand() -> None:
    assert plain_line("Żółć 写真 عربي", 100) == "Żółć 写真 عربي"


@given(st.text(max_size=300), st.integers(1, 100))
def test_that_the_result_is_short_and_holds_nothing_that_acts(text: str, limit: int) -> None:
    line = plain_line(text, limit)
    assert len(line) <= limit
    assert all(unicodedata.category(c)[0] != "C" for c in line)
