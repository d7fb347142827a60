"""The rules, tried in order; ``judge`` turns evidence into a verdict."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from inspector.domain.case import Case, Evidence, Match
from inspector.domain.detector_rules import (
    detector_abstain,
    detector_finding,
    detector_suspect,
    detector_synthetic,
    detector_unstable,
    region_suspect,
    span_suspect,
)
from inspector.domain.media import ItemStatus
from inspector.domain.policy import Policy, Thresholds
from inspector.domain.provenance import (
    AiDeclared,
    Permission,
    Provenance,
    ProvenanceState,
)
from inspector.domain.traces import Says, Trace
from inspector.domain.verdict import DETECTOR_RULES, Decision, Finding, Rule, Verdict


def judge(evidence: Evidence, policy: Policy, limits: Thresholds | None) -> Verdict:
    """Return the verdict of the first rule that matches.

    Args:
        evidence: what is known of the file; status must not be ``skipped``.
        policy: the rules in force.
        limits: the detector's thresholds for this kind of media; None without a detector.
    """
    case = _case(evidence, policy, limits)
    rule, match = _first_match(case)
    held_back = _held_back(case, rule)
    reason, decision = match.reason, match.decision or policy.decisions[rule]
    if held_back is not None:
        reason, decision = f"{reason} {held_back}", Decision.REVIEW
    return Verdict(match.finding, rule, decision if policy.decides else None, reason)


def awaits_copies(evidence: Evidence, policy: Policy, limits: Thresholds | None) -> bool:
    """Return whether only a second scoring, of changed copies, could let the detector drop it."""
    case = _case(evidence, policy, limits)
    rule, _ = _first_match(case)
    return _held_back(case, rule) == _NOT_SCORED_AGAIN


def _case(evidence: Evidence, policy: Policy, limits: Thresholds | None) -> Case:
    effective = policy.thresholds.get(evidence.media, limits) if evidence.media else limits
    return Case(evidence, policy, effective)


def _first_match(case: Case) -> tuple[Rule, Match]:
    for rule in Rule:
        if rule in case.policy.off and rule is not Rule.NO_EVIDENCE:
            continue
        match = _MATCHERS[rule](case)
        if match is not None:
            return rule, match
    raise AssertionError("NO_EVIDENCE always matches")


def _held_back(case: Case, rule: Rule) -> str | None:
    """Return why a drop by the detector becomes review; None where it holds, or is none."""
    policy, score = case.policy, case.evidence.score
    if rule not in DETECTOR_RULES or policy.decisions[rule] is not Decision.DROP:
        return None
    if case.limits is None or not case.limits.certified:
        return "Not dropped: there is no calibration of this model on your own photos."
    if Rule.DETECTOR_UNSTABLE in policy.off or score is None:
        return None
    if not score.copies:
        return _NOT_SCORED_AGAIN
    if all(copy.abstained for copy in score.copies):
        return "Not dropped: the detector abstains on every changed copy."
    return None


_NOT_SCORED_AGAIN = "Not dropped: it was not scored again from changed copies."


def _unreadable(case: Case) -> Match | None:
    if case.evidence.status is not ItemStatus.UNREADABLE:
        return None
    fault = case.evidence.fault
    return Match(Finding.UNREADABLE, fault.message if fault else "The file could not be read.")


def _ai_declared_signed(case: Case) -> Match | None:
    provenance = case.evidence.provenance
    if provenance.ai_declared is not AiDeclared.WHOLE or provenance.broken:
        return None
    if not provenance.ai_signed:
        return None
    signer = provenance.signer or "an unnamed signer"
    where = f" ({_place(provenance.ai_declared_by)})" if provenance.ai_declared_by else ""
    return Match(
        Finding.AI_DECLARED,
        f"A credential signed by {signer} says it was made by a generative model{where}.",
    )


def _ai_declared_unsigned(case: Case) -> Match | None:
    provenance = case.evidence.provenance
    if provenance.ai_declared is AiDeclared.WHOLE and not provenance.broken:
        return Match(
            Finding.AI_DECLARED,
            "A credential says it was made by a generative model, but the signature of that "
            f"statement does not hold ({_place(provenance.ai_declared_by or 'unnamed')}).",
        )
    trace = _first_trace(case.evidence, Says.AI)
    if trace is None:
        return None
    return Match(
        Finding.AI_DECLARED,
        f"An unsigned mark says it was made by a generative model ({trace.key}).",
    )


def _training_not_allowed(case: Case) -> Match | None:
    provenance, use = case.evidence.provenance, case.policy.use
    words = use.value.replace("_", " ").replace("ai ", "AI ")
    permission = provenance.permission(use)
    opt_out = _first_trace(case.evidence, Says.OPT_OUT)
    if permission is Permission.NOT_ALLOWED:
        by = f" ({_place(provenance.training_by)})" if provenance.training_by else ""
        return Match(Finding.TRAINING_OPT_OUT, f"Its credential does not allow {words}{by}.")
    if opt_out is not None:
        return Match(Finding.TRAINING_OPT_OUT, f"Its metadata refuses training ({opt_out.key}).")
    if permission is Permission.CONSTRAINED:
        return Match(
            Finding.TRAINING_OPT_OUT,
            f"Its credential allows {words} only under conditions.",
            Decision.REVIEW,
        )
    return None


def _ai_part_declared(case: Case) -> Match | None:
    provenance = case.evidence.provenance
    if provenance.ai_declared is AiDeclared.PART and not provenance.broken:
        by = f" signed by {provenance.signer or 'an unnamed signer'}"
        if not provenance.ai_signed:
            by = " whose signature does not hold"
        return Match(
            Finding.AI_PART_DECLARED,
            f"A credential{by} says part of it was made by a generative model.",
        )
    trace = _first_trace(case.evidence, Says.AI_PART)
    if trace is None:
        return None
    return Match(
        Finding.AI_PART_DECLARED,
        f"An unsigned mark says part of it was made by a generative model ({trace.key}).",
    )


def _provenance_broken(case: Case) -> Match | None:
    provenance = case.evidence.provenance
    if not provenance.broken:
        return None
    what = "signature" if provenance.signature_ok is False else "content"
    also = (
        " It also says that a generative model made it."
        if provenance.ai_declared is not AiDeclared.NONE
        else ""
    )
    return Match(
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


def _camera_conflict(case: Case) -> Match | None:
    score, limits = case.evidence.score, case.limits
    if score is None or limits is None or score.abstained or not _camera(case.evidence.provenance):
        return None
    if score.likelihood < limits.drop:
        return None
    return Match(
        Finding.CAMERA_VERIFIED,
        f"A trusted camera signed it, yet the detector gives {score.likelihood:.2f}.",
    )


def _camera_verified(case: Case) -> Match | None:
    if not _camera(case.evidence.provenance):
        return None
    provenance = case.evidence.provenance
    how = "then edited and signed" if provenance.depth > 1 else "signed"
    return Match(
        Finding.CAMERA_VERIFIED,
        f"Captured by a camera, {how} by {provenance.signer or 'its maker'}, "
        "who is on a trust list.",
    )


def _approved_source(case: Case) -> Match | None:
    path, provenance = case.evidence.path, case.evidence.provenance
    for folder in case.policy.approved_folders:
        below = folder.rstrip("/\\")
        if path == folder or path.startswith((below + "/", below + "\\")):
            return Match(Finding.NO_EVIDENCE, "Your policy approves its folder.")
    signed_well = provenance.state in (ProvenanceState.VALID, ProvenanceState.TRUSTED)
    if signed_well and not provenance.broken and provenance.signer in case.policy.approved_signers:
        return Match(Finding.NO_EVIDENCE, f"Your policy approves its signer, {provenance.signer}.")
    return None


def _damaged(case: Case) -> Match | None:
    if case.evidence.status is not ItemStatus.DAMAGED:
        return None
    finding = detector_finding(case) or Finding.NO_EVIDENCE
    fault = case.evidence.fault
    return Match(finding, fault.message if fault else "Part of the file could not be decoded.")


def _no_evidence(case: Case) -> Match:
    unread = _UNREAD_CREDENTIALS.get(case.evidence.provenance.state)
    if unread is not None:
        return Match(Finding.NO_EVIDENCE, f"{unread} Nothing else says AI.")
    if case.evidence.score is None:
        return Match(Finding.NO_EVIDENCE, "No credential or mark says AI; it was not scored.")
    return Match(Finding.NO_EVIDENCE, "Nothing says AI. That is no proof that it is real.")


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


_MATCHERS: Mapping[Rule, Callable[[Case], Match | None]] = MappingProxyType(
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
        Rule.DETECTOR_ABSTAIN: detector_abstain,
        Rule.DETECTOR_UNSTABLE: detector_unstable,
        Rule.DETECTOR_SYNTHETIC: detector_synthetic,
        Rule.DETECTOR_SUSPECT: detector_suspect,
        Rule.REGION_SUSPECT: region_suspect,
        Rule.SPAN_SUSPECT: span_suspect,
        Rule.NO_EVIDENCE: _no_evidence,
    }
)
