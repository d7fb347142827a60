"""The words and icon names for findings, decisions and the rest, the same on every screen."""

from collections.abc import Mapping
from enum import StrEnum
from html import escape
from math import isnan
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import Qt

from inspector.domain.media import ItemStatus, MediaKind
from inspector.domain.provenance import ProvenanceState
from inspector.domain.verdict import Decision, Finding
from inspector.gui.models.columns import NONE
from inspector.gui.models.rows import (
    FINDINGS,
    STATES,
    STATUSES,
    Claim,
    Contradiction,
    LibraryRows,
)

_FINDINGS: Mapping[Finding, str] = MappingProxyType(
    {
        Finding.AI_DECLARED: "Declared AI",
        Finding.AI_PART_DECLARED: "Part declared AI",
        Finding.CAMERA_VERIFIED: "Camera verified",
        Finding.PROVENANCE_BROKEN: "Credential broken",
        Finding.SYNTHETIC_LIKELY: "Likely synthetic",
        Finding.SUSPECT: "Suspect",
        Finding.NO_EVIDENCE: "No evidence",
        Finding.TRAINING_OPT_OUT: "Training not allowed",
        Finding.UNREADABLE: "Unreadable",
    }
)
_STATES: Mapping[ProvenanceState, str] = MappingProxyType(
    {
        ProvenanceState.ABSENT: "No credential",
        ProvenanceState.VALID: "Valid, signer unlisted",
        ProvenanceState.TRUSTED: "Valid, signer trusted",
        ProvenanceState.INVALID: "With problems",
        ProvenanceState.REMOTE: "Kept elsewhere",
        ProvenanceState.CORRUPT: "Corrupt",
        ProvenanceState.UNSUPPORTED: "Not supported",
        ProvenanceState.UNREADABLE: "Not read",
    }
)
_STATUSES: Mapping[ItemStatus, str] = MappingProxyType(
    {
        ItemStatus.OK: "Read whole",
        ItemStatus.DAMAGED: "Damaged",
        ItemStatus.UNREADABLE: "Unreadable",
        ItemStatus.SKIPPED: "Not media",
    }
)
_MEDIA: Mapping[MediaKind, str] = MappingProxyType(
    {MediaKind.IMAGE: "Pictures", MediaKind.VIDEO: "Clips"}
)
_DECISIONS: Mapping[Decision, str] = MappingProxyType(
    {Decision.KEEP: "Keep", Decision.DROP: "Drop", Decision.REVIEW: "Review"}
)


_CLAIMS: Mapping[Claim, str] = MappingProxyType(
    {
        Claim.AI: "AI-generated",
        Claim.AI_PART: "AI-edited",
        Claim.CAPTURED: "Camera-captured",
        Claim.TRAINING: "Training limited",
        Claim.BROKEN: "Tampered",
    }
)
_TRACES: Mapping[str, str] = MappingProxyType(
    {
        "a1111": "A1111 or Forge parameters",
        "comfyui": "ComfyUI graph",
        "easydiffusion": "Easy Diffusion parameters",
        "exif": "Camera metadata",
        "file": "Notes on the file",
        "fooocus": "Fooocus parameters",
        "google": "Google's credit line",
        "invokeai": "InvokeAI parameters",
        "iptc": "IPTC source type",
        "midjourney": "Midjourney job",
        "novelai": "NovelAI parameters",
        "plus": "PLUS data mining",
        "software": "Software named",
        "stealth": "Hidden in the alpha channel",
        "swarmui": "SwarmUI parameters",
        "tc260": "TC260 label",
        "watermark": "Invisible watermark",
    }
)


class RowState(StrEnum):
    """Icons of rows without a finding."""

    WAITING = "waiting"
    SKIPPED = "skipped"


def _translated(text: str) -> str:
    return QCoreApplication.translate("words", text)


def finding_words(finding: Finding) -> str:
    return _translated(_FINDINGS[finding])


def state_words(state: ProvenanceState) -> str:
    return _translated(_STATES[state])


def status_words(status: ItemStatus) -> str:
    return _translated(_STATUSES[status])


def media_words(media: MediaKind) -> str:
    return _translated(_MEDIA[media])


def decision_words(decision: Decision) -> str:
    return _translated(_DECISIONS[decision])


def claim_words(claim: Claim) -> str:
    return _translated(_CLAIMS[claim])


def contradiction_words(contradiction: Contradiction) -> str:
    match contradiction:
        case Contradiction.CAMERA:
            return _translated("Camera, likelihood high")
        case Contradiction.AI:
            return _translated("AI, likelihood low")


def trace_words(kind: str) -> str:
    """Return a kind of traces in words; one that is not known as it is."""
    return _translated(_TRACES[kind]) if kind in _TRACES else kind


def row_icon(rows: LibraryRows, row: int) -> str:
    """Return the name of the icon that says a row's finding."""
    finding = int(rows.finding.values[row])
    if finding != NONE:
        return FINDINGS.members[finding].value
    return (RowState.WAITING if rows.status.values[row] == NONE else RowState.SKIPPED).value


def row_words(rows: LibraryRows, row: int) -> str:
    """Return a row's finding in words."""
    finding = int(rows.finding.values[row])
    if finding != NONE:
        return finding_words(FINDINGS.members[finding])
    status = int(rows.status.values[row])
    return _translated("Waiting") if status == NONE else status_words(STATUSES.members[status])


def describe_row(rows: LibraryRows, row: int) -> str:
    """Return a row in one line, for screen readers and tool tips."""
    parts = [row_words(rows, row)]
    likelihood = float(rows.likelihood.values[row])
    if not isnan(likelihood):
        if rows.abstained.values[row]:
            parts.append(_translated("the detector abstains"))
        parts.append(_translated("likelihood {0:.2f}").format(likelihood))
    state = STATES.member(int(rows.state.values[row]))
    if state not in (None, ProvenanceState.ABSENT):
        assert state is not None
        parts.append(_translated("credential: {0}").format(state_words(state).lower()))
    duration = float(rows.duration_s.values[row])
    if not isnan(duration):
        parts.append(duration_words(duration))
    decision = rows.decision(row)
    if decision is not None:
        by_person = rows.person.values[row] != NONE
        by = _translated("decided by you") if by_person else _translated("decided by a rule")
        parts.append(f"{decision_words(decision)}, {by}")
    return " · ".join(parts)


def duration_words(seconds: float) -> str:
    """Return a duration as a clock shows it: 0:07, 12:30, 1:02:03."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def grouped(number: int) -> str:
    """Return a count with a thin space between thousands."""
    return f"{number:,}".replace(",", "\u202f")


def plain_tip(text: str) -> str:
    """Return a tooltip that shows a stranger's text as it is.

    Qt takes what looks like mark-up for mark-up, and opens the pictures that it names.
    """
    if not Qt.mightBeRichText(text):
        return text
    lines = escape(text, quote=False).split("\n")
    return f"<p>{'<br>'.join(lines)}</p>"
