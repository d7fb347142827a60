"""When a person's decision stands."""

import pytest

from inspector.domain.verdict import DecidedBy, Decision, PersonDecision
from tests.builders import a_skipped_item, an_item


@pytest.mark.parametrize(
    ("decided_on", "now", "stands"),
    [("aa", "aa", True), ("aa", "bb", False), (None, "bb", True), ("aa", None, True)],
)
def test_that_a_decision_stands_until_other_bytes_are_seen(decided_on, now, stands):
    decision = PersonDecision("/a", decided_on, Decision.KEEP, "now")
    assert decision.stands_for(now) is stands


def test_that_a_person_beats_the_rule_and_can_step_back():
    item = an_item(1)
    assert (item.decision, item.decided_by) == (Decision.KEEP, DecidedBy.RULE)
    dropped = item.decided(Decision.DROP)
    assert (dropped.decision, dropped.decided_by) == (Decision.DROP, DecidedBy.PERSON)
    assert dropped.decided(None) == item


def test_that_a_skipped_file_is_decided_by_nobody():
    assert a_skipped_item(1).decided_by is None
    assert a_skipped_item(1).decision is None
