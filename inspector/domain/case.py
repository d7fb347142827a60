"""What rules look at and what they answer with."""

from dataclasses import dataclass

from inspector.domain.media import Fault, ItemStatus, MediaKind
from inspector.domain.policy import Policy, Thresholds
from inspector.domain.provenance import Provenance
from inspector.domain.score import Score
from inspector.domain.traces import Trace
from inspector.domain.verdict import Decision, Finding


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of one file when it is judged."""

    path: str
    status: ItemStatus
    media: MediaKind | None
    fault: Fault | None
    provenance: Provenance
    traces: tuple[Trace, ...]
    score: Score | None


@dataclass(frozen=True, slots=True)
class Case:
    """One file's evidence under one policy; ``limits`` are those in force for its media."""

    evidence: Evidence
    policy: Policy
    limits: Thresholds | None


@dataclass(frozen=True, slots=True)
class Match:
    """What a matching rule says; ``decision`` replaces the policy's where it is set."""

    finding: Finding
    reason: str
    decision: Decision | None = None
