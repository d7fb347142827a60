import pytest

from inspector.adapters.c2pa.words import ACTION_WORDS, CODE_MEANINGS, action_words, code_meaning


@pytest.mark.parametrize("meaning", [*CODE_MEANINGS.values()])
def test_that_a_meaning_is_one_sentence(meaning: str) -> None:
    assert meaning[0].isupper()
    assert meaning.endswith(".")


def test_that_words_of_actions_are_short_and_start_with_a_capital() -> None:
    assert all(words[0].isupper() and len(words) < 60 for words in ACTION_WORDS.values())


def test_that_unknown_labels_are_still_said() -> None:
    assert action_words("com.firm.sparkled") == "Vendor's own action: com.firm.sparkled"
    assert code_meaning("new.code") == "A code this version does not know."
    assert "identity" in code_meaning("cawg.x.y")
