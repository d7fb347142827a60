"""The rules that rest on the detector: it abstains, it wavers, or it raises a file."""

from collections.abc import Mapping
from types import MappingProxyType

from inspector.domain.case import Case, Match
from inspector.domain.policy import Thresholds
from inspector.domain.score import CopyKind, CopyScore
from inspector.domain.verdict import Finding

COPY_WORDS: Mapping[CopyKind, str] = MappingProxyType(
    {CopyKind.JPEG_90: "re-encoded as JPEG 90", CopyKind.SCALE_075: "at 0.75 of its size"}
)


def detector_abstain(case: Case) -> Match | None:
    score = case.evidence.score
    if score is None or score.abstain_reason is None:
        return None
    return Match(Finding.NO_EVIDENCE, f"The detector abstains: {score.abstain_reason}")


def detector_finding(case: Case) -> Finding | None:
    score, limits = case.evidence.score, case.limits
    if score is None or limits is None or score.abstained:
        return None
    return _raised(score.likelihood, bool(score.regions or score.spans), limits)


def _raised(likelihood: float, stands_out: bool, limits: Thresholds) -> Finding | None:
    if likelihood >= limits.drop:
        return Finding.SYNTHETIC_LIKELY
    if likelihood >= limits.review or stands_out:
        return Finding.SUSPECT
    return None


def detector_unstable(case: Case) -> Match | None:
    score, limits = case.evidence.score, case.limits
    if score is None or limits is None or score.abstained:
        return None
    first = detector_finding(case)
    for copy in score.copies:
        again = _raised(copy.likelihood, copy.stands_out, limits)
        if not copy.abstained and again is not first:
            return Match(
                Finding.SUSPECT,
                f"Unstable: the detector gives {_said(score.likelihood, first)}, "
                f"but {_said(copy.likelihood, again)} {COPY_WORDS[copy.kind]}.",
            )
    return None


def _said(likelihood: float, finding: Finding | None) -> str:
    words = {
        Finding.SYNTHETIC_LIKELY: "over the drop threshold",
        Finding.SUSPECT: "for review",
        None: "no evidence",
    }
    return f"{likelihood:.2f} ({words[finding]})"


def _upheld(copies: tuple[CopyScore, ...]) -> str:
    """Return that a verdict holds for changed copies; empty where there are none."""
    spoken = [COPY_WORDS[copy.kind] for copy in copies if not copy.abstained]
    return f" It says the same {' and '.join(spoken)}." if spoken else ""


def detector_synthetic(case: Case) -> Match | None:
    if detector_finding(case) is not Finding.SYNTHETIC_LIKELY:
        return None
    score, limits = case.evidence.score, case.limits
    assert score is not None
    assert limits is not None
    said = f"The detector gives {score.likelihood:.2f}, over its drop threshold {limits.drop:.2f}."
    return Match(Finding.SYNTHETIC_LIKELY, said + _upheld(score.copies))


def detector_suspect(case: Case) -> Match | None:
    score, limits = case.evidence.score, case.limits
    if score is None or limits is None or score.likelihood < limits.review:
        return None
    return Match(
        Finding.SUSPECT,
        f"The detector gives {score.likelihood:.2f}, "
        f"over its review threshold {limits.review:.2f}.",
    )


def region_suspect(case: Case) -> Match | None:
    score = case.evidence.score
    if score is None or not score.regions:
        return None
    top = max(score.regions, key=lambda region: region.likelihood)
    return Match(
        Finding.SUSPECT,
        f"The detector gives {top.likelihood:.2f} to a region of {top.w} x {top.h} px.",
    )


def span_suspect(case: Case) -> Match | None:
    score = case.evidence.score
    if score is None or not score.spans:
        return None
    top = max(score.spans, key=lambda span: span.likelihood)
    return Match(
        Finding.SUSPECT,
        f"The detector gives {top.likelihood:.2f} from {top.start_s:.1f} s to {top.end_s:.1f} s.",
    )
