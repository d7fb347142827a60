"""What the evidence says, which rule decided, and what a person decided."""

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """What the evidence says."""

    AI_DECLARED = "ai_declared"
    AI_PART_DECLARED = "ai_part_declared"
    CAMERA_VERIFIED = "camera_verified"
    PROVENANCE_BROKEN = "provenance_broken"
    SYNTHETIC_LIKELY = "synthetic_likely"
    SUSPECT = "suspect"
    NO_EVIDENCE = "no_evidence"
    TRAINING_OPT_OUT = "training_opt_out"
    UNREADABLE = "unreadable"


SYNTHETIC_FINDINGS = frozenset(
    [Finding.AI_DECLARED, Finding.AI_PART_DECLARED, Finding.SYNTHETIC_LIKELY]
)
"""Findings whose files stand in ``synthetic.txt``."""


class Rule(StrEnum):
    """Rules in the order they are tried; the first that matches decides."""

    UNREADABLE = "UNREADABLE"
    AI_DECLARED_SIGNED = "AI_DECLARED_SIGNED"
    AI_DECLARED_UNSIGNED = "AI_DECLARED_UNSIGNED"
    TRAINING_NOT_ALLOWED = "TRAINING_NOT_ALLOWED"
    AI_PART_DECLARED = "AI_PART_DECLARED"
    PROVENANCE_BROKEN = "PROVENANCE_BROKEN"
    CAMERA_CONFLICT = "CAMERA_CONFLICT"
    CAMERA_VERIFIED = "CAMERA_VERIFIED"
    APPROVED_SOURCE = "APPROVED_SOURCE"
    DAMAGED = "DAMAGED"
    DETECTOR_ABSTAIN = "DETECTOR_ABSTAIN"
    DETECTOR_UNSTABLE = "DETECTOR_UNSTABLE"
    DETECTOR_SYNTHETIC = "DETECTOR_SYNTHETIC"
    DETECTOR_SUSPECT = "DETECTOR_SUSPECT"
    REGION_SUSPECT = "REGION_SUSPECT"
    SPAN_SUSPECT = "SPAN_SUSPECT"
    NO_EVIDENCE = "NO_EVIDENCE"


DETECTOR_RULES = frozenset(
    [
        Rule.DETECTOR_UNSTABLE,
        Rule.DETECTOR_SYNTHETIC,
        Rule.DETECTOR_SUSPECT,
        Rule.REGION_SUSPECT,
        Rule.SPAN_SUSPECT,
    ]
)
"""Rules that rest on the detector alone: they drop only what was calibrated and scored again."""


class Decision(StrEnum):
    KEEP = "keep"
    DROP = "drop"
    REVIEW = "review"


class DecidedBy(StrEnum):
    RULE = "rule"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Finding, deciding rule, decision and one sentence why.

    ``decision`` is None where the policy decides nothing (preset ``report``).
    """

    finding: Finding
    rule: Rule
    decision: Decision | None
    reason: str


@dataclass(frozen=True, slots=True)
class PersonDecision:
    """What a person decided for one file; it beats every rule.

    Attributes:
        sha256: of the bytes decided on, so that decisions merge across sessions; None if unread.
        decision: None takes an earlier decision back.
        at: UTC, ISO 8601.
    """

    path: str
    sha256: str | None
    decision: Decision | None
    at: str

    def stands_for(self, sha256: str | None) -> bool:
        """Return whether it still holds: until the file is seen to have other bytes."""
        return self.sha256 is None or sha256 is None or self.sha256 == sha256
