"""Policies: what the presets are, and what makes one policy another."""

from dataclasses import replace

import pytest

from inspector.domain.detector import Calibration
from inspector.domain.media import MediaKind
from inspector.domain.policy import DEFAULT_DECISIONS, PRESETS, Policy, Thresholds
from inspector.domain.provenance import TrainingUse
from inspector.domain.verdict import Decision, Rule

CAUTIOUS = PRESETS["cautious"]
LIMITS = Thresholds(review=0.5, drop=0.9)


def test_that_presets_are_named_and_hash_apart():
    assert set(PRESETS) == {"cautious", "strict", "pristine", "report"}
    assert all(policy.name == name for name, policy in PRESETS.items())
    assert len({policy.sha256 for policy in PRESETS.values()}) == len(PRESETS)


def test_that_the_default_decides_for_every_rule():
    assert set(DEFAULT_DECISIONS) == set(Rule)


def test_that_a_card_has_thresholds_of_its_own_for_clips():
    card = Calibration(review=0.4, drop=0.8, video_review=0.6, video_drop=0.95)
    assert Thresholds.of(card, MediaKind.IMAGE) == Thresholds(0.4, 0.8)
    assert Thresholds.of(card, None) == Thresholds(0.4, 0.8)
    assert Thresholds.of(card, MediaKind.VIDEO) == Thresholds(0.6, 0.95)


@pytest.mark.parametrize(
    "change",
    [
        {"decisions": {**DEFAULT_DECISIONS, Rule.DAMAGED: Decision.DROP}},
        {"off": frozenset({Rule.DAMAGED})},
        {"use": TrainingUse.DATA_MINING},
        {"thresholds": {MediaKind.IMAGE: LIMITS}},
        {"approved_folders": ("/a\udcff",)},
        {"approved_signers": ("Firm",)},
        {"decides": False},
    ],
)
def test_that_whatever_changes_a_verdict_changes_the_hash(change):
    assert replace(CAUTIOUS, **change).sha256 != CAUTIOUS.sha256


def test_that_a_name_alone_does_not_change_the_hash():
    assert Policy("mine").sha256 == CAUTIOUS.sha256
