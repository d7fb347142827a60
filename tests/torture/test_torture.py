"""The scenarios that are short enough, at small counts; ``make torture`` runs all at full ones."""

import sys

import pytest

from tests.torture import bad_files, moving_files, worker_kills
from tests.torture.outcome import Checks

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the scenarios fork and read /proc"),
]


@pytest.mark.parametrize("scenario", [bad_files, worker_kills, moving_files])
def test_that_a_scenario_holds_at_small_counts(scenario, tmp_path):
    outcome = scenario.run(tmp_path, quick=True)
    assert outcome.passed, outcome.note


def test_that_an_outcome_with_a_fault_or_without_a_trial_does_not_pass():
    assert not Checks("none", "things").outcome("").passed
    checks = Checks("some", "things")
    checks.trial()
    assert checks.outcome("").passed
    checks.trial("it broke")
    outcome = checks.outcome("")
    assert not outcome.passed
    assert "it broke" in outcome.note
