"""The rules, tried in order; ``judge`` turns evidence into a verdict."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inspector.domain.media import Fault, ItemStatus, MediaKind
from inspector.domain.policy import Policy, Thresholds
from inspector.domain.provenance import (
    AiDeclared,
    Permission,
    Provenance,
    ProvenanceState,
)
from inspector.domain.score import Score
from inspector.domain.traces import Says, Trace
from inspector.domain.verdict import Decision, Finding, Rule, Verdict


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
class _Case:
    evidence: Evidence
    policy: Policy
    limits: Thresholds | None


@dataclass(frozen=True, slots=True)
class _Match:
    """What a matching rule says; ``decision`` replaces the policy's where it is set."""

    finding: Finding
    reason: str
    decision: Decision | None = None


def judge(evidence: Evidence, policy: Policy, limits: Thresholds | None) -> Verdict:
    """Return the verdict of the first rule that matches.

    Args:
        evidence: what is known of the file; status must not be ``skipped``.
        policy: the rules in force.
        limits: the detector's thresholds for this kind of media; None without a detector.
    """
    effective = policy.thresholds.get(evidence.media, limits) if evidence.media else limits
    case = _Case(evidence, policy, effective)
    for rule in Rule:
        if rule in policy.off and rule is not Rule.NO_EVIDENCE:
            continue
        match = _MATCHERS[rule](case)
        if match is None:
            continue
        decision = match.decision or policy.decisions[rule]
        return Verdict(match.finding, rule, decision if policy.decides else None, match.reason)
    raise AssertionError("NO_EVIDENCE always matches")


def _unreadable(case: _Case) -> _Match | None:
    if case.evidence.status is not ItemStatus.UNREADABLE:
        return None
    fault = case.evidence.fault
    return _Match(Finding.UNREADABLE, fault.message if fault else "The file could not be read.")


def _ai_declared_signed(case: _Case) -> _Match | None:
    provenance = case.evidence.provenance
    if provenance.ai_declared is not AiDeclared.WHOLE or provenance.broken:
        return None
    if not provenance.ai_signed:
        return None
    signer = provenance.signer or "an unnamed signer"
    where = f" ({_place(provenance.ai_declared_by)})" if provenance.ai_declared_by else ""
    return _Match(
        Finding.AI_DECLARED,
        f"A credential signed by {signer} says it was made by a generative model{where}.",
    )


def _ai_declared_unsigned(case: _Case) -> _Match | None:
    provenance = case.evidence.provenance
    if provenance.ai_declared is AiDeclared.WHOLE and not provenance.broken:
        return _Match(
            Finding.AI_DECLARED,
            "A credential says it was made by a generative model, but the signature of that "
            f"statement does not hold ({_place(provenance.ai_declared_by or 'unnamed')}).",
        )
    trace = _first_trace(case.evidence, Says.AI)
    if trace is None:
        return None
    return _Match(
        Finding.AI_DECLARED,
        f"An unsigned mark says it was made by a generative model ({trace.key}).",
    )


def _training_not_allowed(case: _Case) -> _Match | None:
    provenance, use = case.evidence.provenance, case.policy.use
    words = use.value.replace("_", " ").replace("ai ", "AI ")
    permission = provenance.permission(use)
    opt_out = _first_trace(case.evidence, Says.OPT_OUT)
    if permission is Permission.NOT_ALLOWED:
        by = f" ({_place(provenance.training_by)})" if provenance.training_by else ""
        return _Match(Finding.TRAINING_OPT_OUT, f"Its credential does not allow {words}{by}.")
    if opt_out is not None:
        return _Match(Finding.TRAINING_OPT_OUT, f"Its metadata refuses training ({opt_out.key}).")
    if permission is Permission.CONSTRAINED:
        return _Match(
            Finding.TRAINING_OPT_OUT,
            f"Its credential allows {words} only under conditions.",
            Decision.REVIEW,
        )
    return None


def _ai_part_declared(case: _Case) -> _Match | None:
    provenance = case.evidence.provenance
    if provenance.ai_declared is AiDeclared.PART and not provenance.broken:
        by = f" signed by {provenance.signer or 'an unnamed signer'}"
        if not provenance.ai_signed:
            by = " whose signature does not hold"
        return _Match(
            Finding.AI_PART_DECLARED,
            f"A credential{by} says part of it was made by a generative model.",
        )
    trace = _first_trace(case.evidence, Says.AI_PART)
    if trace is None:
        return None
    return _Match(
        Finding.AI_PART_DECLARED,
        f"An unsigned mark says part of it was made by a generative model ({trace.key}).",
    )


def _provenance_broken(case: _Case) -> _Match | None:
    provenance = case.evidence.provenance
    if not provenance.broken:
        return None
    what = "signature" if provenance.signature_ok is False else "content"
    also = (
        " It also says that a generative model made it."
        if provenance.ai_declared is not AiDeclared.NONE
        else ""
    )
    return _Match(
        Finding.PROVENANCE_BROKEN, f"The {what} does not match what its credential signed.{also}"
    )


def _camera(provenance: Provenance) -> bool:
    return (
        provenance.state is ProvenanceState.TRUSTED
        and provenance.hash_ok is True
        and provenance.signature_ok is True
        and provenance.capture_trusted
        and provenance.ai_declared is AiDeclared.NONE
        and not provenance.ingredient_problems
    )


def _camera_conflict(case: _Case) -> _Match | None:
    score, limits = case.evidence.score, case.limits
    if score is None or limits is None or score.abstained or not _camera(case.evidence.provenance):
        return None
    if score.likelihood < limits.drop:
        return None
    return _Match(
        Finding.CAMERA_VERIFIED,
        f"A trusted camera signed it, yet the detector gives {score.likelihood:.2f}.",
    )


def _camera_verified(case: _Case) -> _Match | None:
    if not _camera(case.evidence.provenance):
        return None
    provenance = case.evidence.provenance
    how = "then edited and signed" if provenance.depth > 1 else "signed"
    return _Match(
        Finding.CAMERA_VERIFIED,
        f"Captured by a camera, {how} by {provenance.signer or 'its maker'}, "
        "who is on a trust list.",
    )


def _approved_source(case: _Case) -> _Match | None:
    path, provenance = case.evidence.path, case.evidence.provenance
    for folder in case.policy.approved_folders:
        below = folder.rstrip("/\\")
        if path == folder or path.startswith((below + "/", below + "\\")):
            return _Match(Finding.NO_EVIDENCE, "Your policy approves its folder.")
    signed_well = provenance.state in (ProvenanceState.VALID, ProvenanceState.TRUSTED)
    if signed_well and not provenance.broken and provenance.signer in case.policy.approved_signers:
        return _Match(Finding.NO_EVIDENCE, f"Your policy approves its signer, {provenance.signer}.")
    return None


def _damaged(case: _Case) -> _Match | None:
    if case.evidence.status is not ItemStatus.DAMAGED:
        return None
    finding = _detector_finding(case) or Finding.NO_EVIDENCE
    fault = case.evidence.fault
    return _Match(finding, fault.message if fault else "Part of the file could not be decoded.")


def _detector_abstain(case: _Case) -> _Match | None:
    score = case.evidence.score
    if score is None or score.abstain_reason is None:
        return None
    return _Match(Finding.NO_EVIDENCE, f"The detector abstains: {score.abstain_reason}")


def _detector_finding(case: _Case) -> Finding | None:
    score, limits = case.evidence.score, case.limits
    if score is None or limits is None or score.abstained:
        return None
    if score.likelihood >= limits.drop:
        return Finding.SYNTHETIC_LIKELY
    if score.likelihood >= limits.review or score.regions or score.spans:
        return Finding.SUSPECT
    return None


def _detector_synthetic(case: _Case) -> _Match | None:
    if _detector_finding(case) is not Finding.SYNTHETIC_LIKELY:
        return None
    score, limits = case.evidence.score, case.limits
    assert score is not None
    assert limits is not None
    said = f"The detector gives {score.likelihood:.2f}, over its drop threshold {limits.drop:.2f}."
    drops = case.policy.decisions[Rule.DETECTOR_SYNTHETIC] is Decision.DROP
    if drops and not limits.certified:
        return _Match(
            Finding.SYNTHETIC_LIKELY,
            f"{said} Not dropped: the policy names no calibration on your own photos.",
            Decision.REVIEW,
        )
    return _Match(Finding.SYNTHETIC_LIKELY, said)


def _detector_suspect(case: _Case) -> _Match | None:
    score, limits = case.evidence.score, case.limits
    if score is None or limits is None or score.likelihood < limits.review:
        return None
    return _Match(
        Finding.SUSPECT,
        f"The detector gives {score.likelihood:.2f}, "
        f"over its review threshold {limits.review:.2f}.",
    )


def _region_suspect(case: _Case) -> _Match | None:
    score = case.evidence.score
    if score is None or not score.regions:
        return None
    top = max(score.regions, key=lambda region: region.likelihood)
    return _Match(
        Finding.SUSPECT,
        f"The detector gives {top.likelihood:.2f} to a region of {top.w} x {top.h} px.",
    )


def _span_suspect(case: _Case) -> _Match | None:
    score = case.evidence.score
    if score is None or not score.spans:
        return None
    top = max(score.spans, key=lambda span: span.likelihood)
    return _Match(
        Finding.SUSPECT,
        f"The detector gives {top.likelihood:.2f} from {top.start_s:.1f} s to {top.end_s:.1f} s.",
    )


def _no_evidence(case: _Case) -> _Match:
    unread = _UNREAD_CREDENTIALS.get(case.evidence.provenance.state)
    if unread is not None:
        return _Match(Finding.NO_EVIDENCE, f"{unread} Nothing else says AI.")
    if case.evidence.score is None:
        return _Match(Finding.NO_EVIDENCE, "No credential or mark says AI; it was not scored.")
    return _Match(Finding.NO_EVIDENCE, "Nothing says AI. That is no proof that it is real.")


_UNREAD_CREDENTIALS: Mapping[ProvenanceState, str] = MappingProxyType(
    {
        ProvenanceState.REMOTE: "Its credential is kept elsewhere and was not fetched.",
        ProvenanceState.CORRUPT: "Its credential is damaged and cannot be read.",
        ProvenanceState.UNREADABLE: "Its credential could not be read.",
    }
)


def _place(statement: str) -> str:
    """Name the manifest of "label assertion" by the first eight digits of its identifier."""
    return re.sub(r"\S*\burn:(?:c2pa|uuid):([0-9A-Fa-f]{8})-\S*", r"manifest \1…,", statement)


def _first_trace(evidence: Evidence, says: Says) -> Trace | None:
    return next((trace for trace in evidence.traces if trace.says is says), None)


_MATCHERS: Mapping[Rule, Callable[[_Case], _Match | None]] = MappingProxyType(
    {
        Rule.UNREADABLE: _unreadable,
        Rule.AI_DECLARED_SIGNED: _ai_declared_signed,
        Rule.AI_DECLARED_UNSIGNED: _ai_declared_unsigned,
        Rule.TRAINING_NOT_ALLOWED: _training_not_allowed,
        Rule.AI_PART_DECLARED: _ai_part_declared,
        Rule.PROVENANCE_BROKEN: _provenance_broken,
        Rule.CAMERA_CONFLICT: _camera_conflict,
        Rule.CAMERA_VERIFIED: _camera_verified,
        Rule.APPROVED_SOURCE: _approved_source,
        Rule.DAMAGED: _damaged,
        Rule.DETECTOR_ABSTAIN: _detector_abstain,
        Rule.DETECTOR_SYNTHETIC: _detector_synthetic,
        Rule.DETECTOR_SUSPECT: _detector_suspect,
        Rule.REGION_SUSPECT: _region_suspect,
        Rule.SPAN_SUSPECT: _span_suspect,
        Rule.NO_EVIDENCE: _no_evidence,
    }
)
