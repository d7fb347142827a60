"""Words for the domain's closed choices, for every view that shows them."""

from PySide6.QtCore import QCoreApplication

from inspector.domain.media import display_path
from inspector.domain.provenance import Location, Permission, TrainingUse, TrustTier
from inspector.domain.traces import Says
from inspector.domain.verdict import Finding
from inspector.gui.evidence.facts import Mark

translate = QCoreApplication.translate

_LONGEST_VALUE = 400
_MOST_LINES = 8


def shown(text: str) -> str:
    """Return foreign text fit to show: marks that hide or turn text escaped, and not too long."""
    lines = [display_path(line) for line in text.splitlines()[:_MOST_LINES]]
    joined = "\n".join(lines)
    cut = len(joined) > _LONGEST_VALUE or len(text.splitlines()) > _MOST_LINES
    return f"{joined[:_LONGEST_VALUE]} …" if cut else joined


FINDING_MARKS: dict[Finding, Mark] = {
    Finding.AI_DECLARED: Mark.AI,
    Finding.AI_PART_DECLARED: Mark.AI_PART,
    Finding.CAMERA_VERIFIED: Mark.CAMERA_VERIFIED,
    Finding.PROVENANCE_BROKEN: Mark.TAMPERED,
    Finding.SYNTHETIC_LIKELY: Mark.SYNTHETIC,
    Finding.SUSPECT: Mark.SUSPECT,
    Finding.NO_EVIDENCE: Mark.NO_EVIDENCE,
    Finding.TRAINING_OPT_OUT: Mark.REFUSES,
    Finding.UNREADABLE: Mark.UNREADABLE,
}


def tier_words(tier: TrustTier | None) -> str:
    match tier:
        case TrustTier.OFFICIAL:
            return translate("Words", "On the official C2PA trust list")
        case TrustTier.INTERIM:
            return translate("Words", "On the interim trust list, frozen in 2026")
        case TrustTier.USER:
            return translate("Words", "On your own trust list")
        case None:
            return translate("Words", "On no trust list")


def location_words(location: Location | None) -> str:
    match location:
        case Location.EMBEDDED:
            return translate("Words", "In the file itself")
        case Location.SIDECAR:
            return translate("Words", "In a .c2pa file beside it")
        case Location.REMOTE:
            return translate("Words", "On a server, not fetched")
        case None:
            return translate("Words", "Nowhere")


def use_words(use: TrainingUse) -> str:
    match use:
        case TrainingUse.AI_GENERATIVE_TRAINING:
            return translate("Words", "Training generative AI")
        case TrainingUse.AI_TRAINING:
            return translate("Words", "Training other AI")
        case TrainingUse.DATA_MINING:
            return translate("Words", "Data mining")
        case TrainingUse.AI_INFERENCE:
            return translate("Words", "Use as input of AI")


def permission_words(permission: Permission) -> str:
    match permission:
        case Permission.ALLOWED:
            return translate("Words", "allowed")
        case Permission.CONSTRAINED:
            return translate("Words", "only under conditions")
        case Permission.NOT_ALLOWED:
            return translate("Words", "not allowed")


def says_words(says: Says) -> tuple[str, Mark]:
    """Return what a trace says of its file, with its mark."""
    match says:
        case Says.AI:
            return translate("Words", "Says a generative model made it"), Mark.AI
        case Says.AI_PART:
            return translate("Words", "Says a generative model made part of it"), Mark.AI_PART
        case Says.OPT_OUT:
            return translate("Words", "Refuses use for training"), Mark.REFUSES
        case Says.CAMERA:
            return translate("Words", "Names a camera; can be forged"), Mark.INFO
        case Says.INFO:
            return translate("Words", "For information"), Mark.INFO


def source_type_words(code: str) -> str:
    """Return an IPTC digital source type in words; an unknown code as it stands."""
    words = {
        "trainedAlgorithmicMedia": translate("Words", "made by a generative model"),
        "compositeWithTrainedAlgorithmicMedia": translate(
            "Words", "composite with parts made by a generative model"
        ),
        "algorithmicMedia": translate("Words", "made by an algorithm, without training data"),
        "algorithmicallyEnhanced": translate("Words", "enhanced by an algorithm"),
        "digitalCapture": translate("Words", "captured by a digital camera"),
        "computationalCapture": translate("Words", "captured by several sensors or exposures"),
        "negativeFilm": translate("Words", "digitised from a film negative"),
        "positiveFilm": translate("Words", "digitised from a film positive"),
        "print": translate("Words", "digitised from a print"),
        "minorHumanEdits": translate("Words", "minor edits by a person"),
        "humanEdits": translate("Words", "edited by a person"),
        "compositeCapture": translate("Words", "composite of captures"),
        "composite": translate("Words", "composite"),
        "compositeSynthetic": translate("Words", "composite with synthetic parts"),
        "digitalArt": translate("Words", "digital art"),
        "digitalCreation": translate("Words", "made by a person with software"),
        "dataDrivenMedia": translate("Words", "drawn from data"),
        "softwareImage": translate("Words", "made by software"),
        "virtualRecording": translate("Words", "recorded in a virtual scene"),
        "screenCapture": translate("Words", "screen capture"),
        "empty": translate("Words", "empty canvas"),
    }
    known = words.get(code)
    return f"{known} ({code})" if known else shown(code)
