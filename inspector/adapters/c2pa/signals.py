"""Classifies one manifest by C2PA's Asset Signals Rubric: how its file began and was changed.

Source: the "local" signals of the rubric, 2026-08-06, in c2pa-org/conformance-public. Applied to
both versions of the actions assertion, since older files carry the first. Whether an assertion
was "gathered" is not looked at.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from inspector.adapters.c2pa.claims import Manifest, StatedAction
from inspector.domain.provenance import Signal

_INCEPTION = frozenset({"c2pa.created", "c2pa.opened"})

_NON_EDITORIAL = frozenset(
    {
        "c2pa.converted",
        "c2pa.edited.metadata",
        "c2pa.enhanced",
        "c2pa.published",
        "c2pa.redacted",
        "c2pa.repackaged",
        "c2pa.resized.proportional",
        "c2pa.transcoded",
        "c2pa.watermarked",
        "c2pa.watermarked.bound",
        "c2pa.watermarked.unbound",
    }
)

_GEN_AI = frozenset(
    {
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "compositeSynthetic",
        "trainedAlgorithmicData",
    }
)

_POSSIBLY_GEN_AI = frozenset({"digitalArt", "composite"})

_BEGAN_AS: Mapping[str, Signal] = MappingProxyType(
    {
        "empty": Signal.BLANK_CANVAS,
        "digitalCapture": Signal.CAPTURED,
        "computationalCapture": Signal.CAPTURED,
        "compositeCapture": Signal.CAPTURED_STITCHED,
        "composite": Signal.COMPOSITION,
        "trainedAlgorithmicMedia": Signal.FULLY_GEN_AI,
        "digitalCreation": Signal.NON_GEN_AI_CREATION,
        "compositeWithTrainedAlgorithmicMedia": Signal.PARTLY_GEN_AI,
        "screenCapture": Signal.SCREEN_CAPTURE,
    }
)


def signals_of(manifest: Manifest) -> tuple[Signal, ...]:
    """Return what the rubric says of one manifest alone, in the rubric's order, each once."""
    found = set(_changes(manifest.actions))
    found |= {
        _BEGAN_AS[code]
        for action in manifest.actions
        if action.label in _INCEPTION and (code := action.source_type or "") in _BEGAN_AS
    }
    if any(
        ingredient.label.startswith("c2pa.ingredient.v3") and ingredient.manifest is None
        for ingredient in manifest.ingredients
    ):
        found.add(Signal.UNKNOWN_PROVENANCE)
    if _ambiguous(manifest):
        found.add(Signal.AMBIGUOUS)
    return tuple(signal for signal in Signal if signal in found)


def _changes(actions: tuple[StatedAction, ...]) -> Iterator[Signal]:
    for action in actions:
        if action.label in _NON_EDITORIAL:
            yield Signal.NON_EDITORIAL
        elif action.label not in _INCEPTION and action.source_type is not None:
            is_ai = action.source_type in _GEN_AI
            yield Signal.GEN_AI_CHANGE if is_ai else Signal.NON_GEN_AI_CHANGE
            if action.source_type in _POSSIBLY_GEN_AI:
                yield Signal.POSSIBLY_GEN_AI_CHANGE


def _ambiguous(manifest: Manifest) -> bool:
    return (
        not manifest.actions
        or not manifest.all_actions
        or any(
            not action.label.startswith("c2pa.") or action.label == "c2pa.unknown"
            for action in manifest.actions
        )
    )
