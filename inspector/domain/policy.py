"""Which rules are on, what each decides, and the presets."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from inspector.domain.detector import Calibration
from inspector.domain.media import MediaKind
from inspector.domain.provenance import TrainingUse
from inspector.domain.verdict import Decision, Rule


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Likelihoods in [0, 1] at which the detector speaks.

    ``certified`` says whether ``drop`` was calibrated on the curator's own photos; without
    that the detector may only raise a file for review.
    """

    review: float
    drop: float
    certified: bool = False

    @classmethod
    def of(cls, calibration: Calibration, media: MediaKind | None) -> "Thresholds":
        """Return a card's own thresholds for a kind of media."""
        if media is MediaKind.VIDEO:
            return cls(calibration.video_review, calibration.video_drop)
        return cls(calibration.review, calibration.drop)


DEFAULT_DECISIONS: Mapping[Rule, Decision] = MappingProxyType(
    {
        Rule.UNREADABLE: Decision.REVIEW,
        Rule.AI_DECLARED_SIGNED: Decision.DROP,
        Rule.AI_DECLARED_UNSIGNED: Decision.DROP,
        Rule.TRAINING_NOT_ALLOWED: Decision.DROP,
        Rule.AI_PART_DECLARED: Decision.REVIEW,
        Rule.PROVENANCE_BROKEN: Decision.REVIEW,
        Rule.CAMERA_CONFLICT: Decision.REVIEW,
        Rule.CAMERA_VERIFIED: Decision.KEEP,
        Rule.APPROVED_SOURCE: Decision.KEEP,
        Rule.DAMAGED: Decision.REVIEW,
        Rule.DETECTOR_ABSTAIN: Decision.KEEP,
        Rule.DETECTOR_UNSTABLE: Decision.REVIEW,
        Rule.DETECTOR_SYNTHETIC: Decision.REVIEW,
        Rule.DETECTOR_SUSPECT: Decision.REVIEW,
        Rule.REGION_SUSPECT: Decision.REVIEW,
        Rule.SPAN_SUSPECT: Decision.REVIEW,
        Rule.NO_EVIDENCE: Decision.KEEP,
    }
)


@dataclass(frozen=True, slots=True)
class Policy:
    """Which rules are on and what each decides.

    Attributes:
        decisions: decision of every rule.
        off: rules switched off; the last one, NO_EVIDENCE, cannot be. Without DETECTOR_UNSTABLE
            the detector drops on one scoring.
        use: the use that training permissions are judged for.
        thresholds: replaces the card's, by kind of media, where a calibration was named.
        approved_folders: absolute paths; files below match APPROVED_SOURCE.
        approved_signers: signer names; files they signed validly match APPROVED_SOURCE.
        decides: False only in ``report``: findings are filled, decisions stay None.
    """

    name: str
    decisions: Mapping[Rule, Decision] = field(default_factory=lambda: DEFAULT_DECISIONS)
    off: frozenset[Rule] = frozenset()
    use: TrainingUse = TrainingUse.AI_GENERATIVE_TRAINING
    thresholds: Mapping[MediaKind, Thresholds] = field(default_factory=dict)
    approved_folders: tuple[str, ...] = ()
    approved_signers: tuple[str, ...] = ()
    decides: bool = True

    @property
    def sha256(self) -> str:
        """Hash of everything that can change a verdict, in a canonical form."""
        canonical = {
            "decisions": {rule.value: self.decisions[rule].value for rule in Rule},
            "off": sorted(rule.value for rule in self.off),
            "use": self.use.value,
            "thresholds": {
                kind.value: [limit.review, limit.drop, limit.certified]
                for kind, limit in sorted(self.thresholds.items())
            },
            "approved_folders": list(self.approved_folders),
            "approved_signers": list(self.approved_signers),
            "decides": self.decides,
        }
        text = json.dumps(canonical, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _decisions(**changes: Decision) -> Mapping[Rule, Decision]:
    return {**DEFAULT_DECISIONS, **{Rule(name): decision for name, decision in changes.items()}}


PRESETS: Mapping[str, Policy] = MappingProxyType(
    {
        "cautious": Policy("cautious"),
        "strict": Policy("strict", _decisions(DETECTOR_SYNTHETIC=Decision.DROP)),
        "pristine": Policy(
            "pristine",
            _decisions(DETECTOR_ABSTAIN=Decision.REVIEW, NO_EVIDENCE=Decision.REVIEW),
        ),
        "report": Policy("report", decides=False),
    }
)


def with_thresholds(policy: Policy, thresholds: Mapping[MediaKind, Thresholds]) -> Policy:
    """Return the policy with thresholds certified on the curator's own photos."""
    return replace(policy, thresholds=dict(thresholds))
