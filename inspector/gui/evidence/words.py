"""Words for the domain's closed choices, for every view that shows them."""

from collections.abc import Mapping
from types import MappingProxyType

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


_TIERS: Mapping[TrustTier | None, str] = MappingProxyType(
    {
        TrustTier.OFFICIAL: "On the official C2PA trust list",
        TrustTier.INTERIM: "On the interim trust list, frozen in 2026",
        TrustTier.USER: "On your own trust list",
        None: "On no trust list",
    }
)
_LOCATIONS: Mapping[Location | None, str] = MappingProxyType(
    {
        Location.EMBEDDED: "In the file itself",
        Location.SIDECAR: "In a .c2pa file beside it",
        Location.REMOTE: "On a server, not fetched",
        None: "Nowhere",
    }
)
_USES: Mapping[TrainingUse, str] = MappingProxyType(
    {
        TrainingUse.AI_GENERATIVE_TRAINING: "Training generative AI",
        TrainingUse.AI_TRAINING: "Training other AI",
        TrainingUse.DATA_MINING: "Data mining",
        TrainingUse.AI_INFERENCE: "Use as input of AI",
    }
)
_PERMISSIONS: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.ALLOWED: "allowed",
        Permission.CONSTRAINED: "only under conditions",
        Permission.NOT_ALLOWED: "not allowed",
    }
)
_SAYS: Mapping[Says, tuple[str, Mark]] = MappingProxyType(
    {
        Says.AI: ("Says a generative model made it", Mark.AI),
        Says.AI_PART: ("Says a generative model made part of it", Mark.AI_PART),
        Says.OPT_OUT: ("Refuses use for training", Mark.REFUSES),
        Says.CAMERA: ("Names a camera; can be forged", Mark.INFO),
        Says.INFO: ("For information", Mark.INFO),
    }
)


def tier_words(tier: TrustTier | None) -> str:
    return translate("Words", _TIERS[tier])


def location_words(location: Location | None) -> str:
    return translate("Words", _LOCATIONS[location])


def use_words(use: TrainingUse) -> str:
    return translate("Words", _USES[use])


def permission_words(permission: Permission) -> str:
    return translate("Words", _PERMISSIONS[permission])


def says_words(says: Says) -> tuple[str, Mark]:
    """Return what a trace says of its file, with its mark."""
    words, mark = _SAYS[says]
    return translate("Words", words), mark


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
