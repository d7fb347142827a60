import pytest

from inspector.adapters.c2pa.claims import Codes, Ingredient, Manifest, StatedAction
from inspector.adapters.c2pa.signals import signals_of
from inspector.domain.provenance import Signal


def a_manifest(*actions: tuple[str, str | None], complete: bool = True, **changes) -> Manifest:
    return Manifest(
        "urn:c2pa:1",
        None,
        None,
        None,
        None,
        None,
        tuple(StatedAction(label, "c2pa.actions.v2", code) for label, code in actions),
        (),
        (),
        (),
        (),
        changes.get("ingredients", ()),
        None,
        all_actions=complete,
    )


@pytest.mark.parametrize(
    ("label", "code", "expected"),
    [
        ("c2pa.created", "digitalCapture", Signal.CAPTURED),
        ("c2pa.created", "computationalCapture", Signal.CAPTURED),
        ("c2pa.created", "compositeCapture", Signal.CAPTURED_STITCHED),
        ("c2pa.created", "trainedAlgorithmicMedia", Signal.FULLY_GEN_AI),
        ("c2pa.opened", "trainedAlgorithmicMedia", Signal.FULLY_GEN_AI),
        ("c2pa.created", "compositeWithTrainedAlgorithmicMedia", Signal.PARTLY_GEN_AI),
        ("c2pa.created", "composite", Signal.COMPOSITION),
        ("c2pa.created", "digitalCreation", Signal.NON_GEN_AI_CREATION),
        ("c2pa.created", "screenCapture", Signal.SCREEN_CAPTURE),
        ("c2pa.created", "empty", Signal.BLANK_CANVAS),
        ("c2pa.transcoded", None, Signal.NON_EDITORIAL),
        ("c2pa.edited", "compositeWithTrainedAlgorithmicMedia", Signal.GEN_AI_CHANGE),
        ("c2pa.edited", "humanEdits", Signal.NON_GEN_AI_CHANGE),
    ],
)
def test_that_one_complete_standard_action_gives_one_signal(label, code, expected) -> None:
    assert signals_of(a_manifest((label, code))) == (expected,)


def test_that_digital_art_may_be_ai_and_counts_as_not_being_it() -> None:
    found = signals_of(a_manifest(("c2pa.drawing", "digitalArt")))
    assert found == (Signal.NON_GEN_AI_CHANGE, Signal.POSSIBLY_GEN_AI_CHANGE)


def test_that_a_non_editorial_action_is_no_change_whatever_its_source_type() -> None:
    assert signals_of(a_manifest(("c2pa.enhanced", "compositeSynthetic"))) == (
        Signal.NON_EDITORIAL,
    )


@pytest.mark.parametrize(
    "manifest",
    [
        a_manifest(),
        a_manifest(("c2pa.opened", None), complete=False),
        a_manifest(("com.example.magic", None)),
        a_manifest(("c2pa.unknown", None)),
    ],
)
def test_that_missing_incomplete_and_strange_actions_are_ambiguous(manifest) -> None:
    assert signals_of(manifest) == (Signal.AMBIGUOUS,)


@pytest.mark.parametrize(("signed", "expected"), [("urn:c2pa:2", ()), (None, (True,))])
def test_that_an_unsigned_ingredient_is_of_unknown_provenance(signed, expected) -> None:
    ingredient = Ingredient(
        "c2pa.ingredient.v3__1", "a", None, None, signed, Codes(), Codes(), None
    )
    found = signals_of(a_manifest(("c2pa.opened", None), ingredients=(ingredient,)))
    assert tuple(s is Signal.UNKNOWN_PROVENANCE for s in found) == expected
