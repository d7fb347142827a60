"""The words of the three lanes: every state told apart, nothing concluded that does not follow."""

from dataclasses import replace

import pytest

from inspector.domain.policy import Thresholds
from inspector.domain.provenance import (
    AiDeclared,
    Location,
    Permission,
    Provenance,
    ProvenanceState,
    TrainingUse,
    TrustTier,
)
from inspector.domain.score import CopyKind, CopyScore, FrameScore, Region, Span, ViewScore
from inspector.domain.traces import Says, Trace
from inspector.domain.verdict import Decision
from inspector.gui.evidence.facts import Mark
from inspector.gui.evidence.lanes import detector_lane, ruling, traces_lane
from inspector.gui.evidence.provenance_lane import provenance_lane, state_words
from inspector.gui.evidence.words import (
    location_words,
    permission_words,
    says_words,
    shown,
    tier_words,
    use_words,
)
from tests.fakes import a_score, a_skipped_item, an_item, an_unreadable_item

LIMITS = Thresholds(0.5, 0.9)


def a_credential(**changes) -> Provenance:
    signed = Provenance(
        ProvenanceState.VALID,
        location=Location.EMBEDDED,
        hash_ok=True,
        signature_ok=True,
        certificate_expired=False,
        manifests=1,
        depth=1,
        signer="Example Ltd",
    )
    return replace(signed, **changes)


def value(lane, name: str) -> str:
    return next(fact.value for fact in lane.facts if fact.name == name)


def test_that_every_state_has_words_of_its_own():
    states = [Provenance(state) for state in ProvenanceState]
    states.append(a_credential(state=ProvenanceState.INVALID, hash_ok=False))
    states.append(a_credential(state=ProvenanceState.INVALID, signature_ok=False))
    headlines = [state_words(provenance)[0] for provenance in states]
    assert len(set(headlines)) == len(headlines)


def test_that_no_credential_proves_nothing():
    lane = provenance_lane(Provenance())
    assert lane.headline == "No credential"
    assert "proves nothing" in lane.note
    assert lane.facts == ()


@pytest.mark.parametrize("expired", [True, False, None])
def test_that_only_a_mismatch_is_called_tampered(expired):
    odd = a_credential(state=ProvenanceState.INVALID, certificate_expired=expired)
    assert "tampered" not in provenance_lane(odd).headline.lower()
    assert "tampered" in provenance_lane(replace(odd, hash_ok=False)).headline.lower()


def test_that_the_axes_stand_apart():
    lane = provenance_lane(
        a_credential(
            state=ProvenanceState.INVALID,
            hash_ok=True,
            signature_ok=False,
            certificate_expired=True,
            trust_tier=TrustTier.INTERIM,
        )
    )
    assert value(lane, "Content hash") == "matches"
    assert value(lane, "Signature") == "does not match"
    assert value(lane, "Certificate").startswith("expired")
    assert "interim" in value(lane, "Trust")
    assert value(lane, "Signer") == "Example Ltd"


def test_that_an_ai_statement_names_where_it_comes_from():
    lane = provenance_lane(
        a_credential(
            ai_declared=AiDeclared.WHOLE, ai_declared_by="urn:x c2pa.actions.v2", ai_signed=True
        )
    )
    assert value(lane, "AI statement") == "made by a generative model (signed)"
    assert value(lane, "Stated in") == "urn:x c2pa.actions.v2"


def test_that_training_permissions_are_listed_with_who_stated_them():
    lane = provenance_lane(
        a_credential(
            training=((TrainingUse.AI_GENERATIVE_TRAINING, Permission.NOT_ALLOWED),),
            training_by="Example Ltd",
        )
    )
    assert value(lane, "Training generative AI") == "not allowed"
    assert value(lane, "Permission by") == "Example Ltd"


def test_that_a_remote_address_is_shown_as_text_and_was_not_fetched():
    lane = provenance_lane(
        Provenance(ProvenanceState.REMOTE, location=Location.REMOTE, remote_url="http://x/<b>")
    )
    assert value(lane, "Address") == "http://x/<b>"
    assert "not fetched" in lane.headline


def test_that_a_missing_trace_proves_nothing_and_a_camera_name_never_says_real():
    assert "proves nothing" in traces_lane(()).note
    lane = traces_lane((Trace("exif", "EXIF Make", "Canon", Says.CAMERA),))
    assert lane.headline == "No mark that says AI"
    assert "never show that a file is real" in lane.note
    assert lane.mark is Mark.NO_EVIDENCE


def test_that_the_trace_that_says_most_leads():
    lane = traces_lane(
        (
            Trace("exif", "EXIF Make", "Canon", Says.CAMERA),
            Trace("a1111", "PNG tEXt parameters", "Steps: 20", Says.AI),
        )
    )
    assert lane.mark is Mark.AI
    assert lane.facts[0].name == "PNG tEXt parameters"


@pytest.mark.parametrize(
    ("likelihood", "headline"),
    [(0.95, "Over the drop"), (0.6, "Over the review"), (0.1, "No evidence")],
)
def test_that_the_detector_is_told_by_its_thresholds(likelihood, headline):
    assert detector_lane(a_score(likelihood), LIMITS, "m").headline.startswith(headline)


def test_that_a_low_likelihood_and_an_abstention_are_no_proof():
    low = detector_lane(a_score(0.1), LIMITS, None)
    abstained = detector_lane(a_score(0.99, abstain_reason="Too small."), LIMITS, None)
    assert low.note == abstained.note == "No evidence is no proof that it is real."
    assert abstained.headline == "Abstains: Too small."
    assert abstained.mark is Mark.NO_EVIDENCE


def test_that_the_built_in_views_are_named_by_what_they_see():
    views = (ViewScore("scene", 0.3), ViewScore("pixels", 0.4), ViewScore("<b>other", 0.5))
    lane = detector_lane(a_score(0.2, views=views), LIMITS, None)
    assert value(lane, "Seen whole") == "0.30"
    assert value(lane, "Seen close") == "0.40"
    assert value(lane, "View <b>other") == "0.50"


def test_that_views_regions_and_spans_are_listed_apart():
    lane = detector_lane(
        a_score(
            0.2,
            views=(ViewScore("native", 0.3),),
            regions=(Region(10, 20, 30, 40, 0.97),),
            spans=(Span(1.0, 2.5, 0.8),),
        ),
        LIMITS,
        "m",
    )
    assert value(lane, "View native") == "0.30"
    assert value(lane, "Region") == "0.97 in 30 x 40 px at 10, 20"
    assert value(lane, "Time span") == "0.80 from 1.00 s to 2.50 s"


def test_that_a_persons_decision_names_the_rule_it_overruled():
    ruled = ruling(an_item(95).decided(Decision.KEEP))
    assert ruled.decision == "Keep"
    assert ruled.decided_by == "by you; rule DETECTOR_SYNTHETIC said review"


def test_that_a_skipped_and_an_unreadable_file_say_why():
    assert ruling(a_skipped_item(1)).reason == "It is neither a picture nor a clip."
    assert ruling(an_unreadable_item(1)).finding == "Unreadable"


def test_that_foreign_text_is_shortened_and_cannot_hide_or_turn():
    assert shown("a\u202eb\x07") == "a\\u202eb\\x07"
    assert len(shown("x" * 5000)) < 500
    assert shown("\n".join("abcdefghijkl")).endswith(" …")


def test_that_what_changed_copies_gave_is_told():
    copies = (
        CopyScore(CopyKind.JPEG_90, 0.41),
        CopyScore(CopyKind.SCALE_075, 0.2, abstained=True),
    )
    lane = detector_lane(a_score(0.95, copies=copies), LIMITS, "inspector-full")
    facts = {fact.name: fact.value for fact in lane.facts}
    assert facts["As JPEG 90"] == "0.41"
    assert facts["At 0.75 scale"] == "0.20, where it abstains"
    assert facts["Model"] == "inspector-full"


def test_that_every_closed_choice_has_words():
    for words, choices in (
        (tier_words, [*TrustTier, None]),
        (location_words, [*Location, None]),
        (use_words, TrainingUse),
        (permission_words, Permission),
        (lambda says: says_words(says)[0], Says),
        (lambda state: state_words(Provenance(state))[0], ProvenanceState),
    ):
        said = [words(choice) for choice in choices]
        assert len(set(said)) == len(said)
        assert all(said)


def test_that_the_hot_frames_of_a_clip_are_listed_in_order_of_time():
    frames = tuple(FrameScore(n / 2, 0.3 + 0.05 * (n % 12)) for n in range(24))
    score = a_score(0.6, frames_scored=24, frames=frames)
    facts = {fact.name: fact.value for fact in detector_lane(score, LIMITS, None).facts}
    lines = facts["Hot frames"].splitlines()
    assert lines[0] == "0.70 at 4.00 s"
    assert lines[-1] == "8 more"
    assert len(lines) == 9
    cold = a_score(0.1, frames_scored=2, frames=frames[:2])
    assert "Hot frames" not in {fact.name for fact in detector_lane(cold, LIMITS, None).facts}
