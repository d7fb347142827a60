"""Which rule decides, in which order, and what each preset makes of it."""

from dataclasses import dataclass, replace

import pytest

from inspector.domain.case import Evidence
from inspector.domain.errors import FaultCode
from inspector.domain.media import Fault, ItemStatus, MediaKind
from inspector.domain.policy import (
    PRESETS,
    Thresholds,
    with_thresholds,
)
from inspector.domain.provenance import (
    AiDeclared,
    Permission,
    Provenance,
    ProvenanceState,
    TrainingUse,
)
from inspector.domain.rules import awaits_copies, judge
from inspector.domain.score import CopyKind, CopyScore, Region, Span
from inspector.domain.traces import Says, Trace
from inspector.domain.verdict import Decision, Finding, Rule, Verdict
from tests.builders import a_score, some_evidence

CAUTIOUS = PRESETS["cautious"]
LIMITS = Thresholds(review=0.5, drop=0.9)
CERTIFIED = replace(LIMITS, certified=True)

AI = Trace("a1111", "tEXt parameters", "a cat", Says.AI)
AI_PART = Trace("iptc", "XMP DigitalSourceType", "composite", Says.AI_PART)
OPT_OUT = Trace("plus", "XMP plus:DataMining", "DMI-PROHIBITED", Says.OPT_OUT)
CAMERA_TRACE = Trace("exif", "Exif Make", "Leica", Says.CAMERA)

SIGNED = Provenance(
    state=ProvenanceState.VALID, hash_ok=True, signature_ok=True, signer="Firm", manifests=1
)
AI_SIGNED = replace(
    SIGNED, ai_declared=AiDeclared.WHOLE, ai_signed=True, ai_declared_by="urn:1/c2pa.actions"
)
AI_PART_SIGNED = replace(SIGNED, ai_declared=AiDeclared.PART, ai_signed=True)
CAMERA = replace(SIGNED, state=ProvenanceState.TRUSTED, signer="Leica", capture_trusted=True)
BROKEN = replace(SIGNED, state=ProvenanceState.INVALID, hash_ok=False)
NO_TRAINING = replace(
    SIGNED, training=((TrainingUse.AI_GENERATIVE_TRAINING, Permission.NOT_ALLOWED),)
)
CONSTRAINED = replace(
    SIGNED, training=((TrainingUse.AI_GENERATIVE_TRAINING, Permission.CONSTRAINED),)
)
UNREADABLE = some_evidence(
    status=ItemStatus.UNREADABLE, fault=Fault(FaultCode.CORRUPT, "It is no picture.")
)
DAMAGED = some_evidence(
    status=ItemStatus.DAMAGED, fault=Fault(FaultCode.TRUNCATED, "The end is missing.")
)
REGION = Region(0, 0, 64, 64, 0.97)
UPHELD = (CopyScore(CopyKind.JPEG_90, 0.93), CopyScore(CopyKind.SCALE_075, 0.99))


@dataclass(frozen=True)
class Expected:
    rule: Rule
    finding: Finding
    decision: Decision


CASES = [
    (UNREADABLE, Expected(Rule.UNREADABLE, Finding.UNREADABLE, Decision.REVIEW)),
    (
        some_evidence(provenance=AI_SIGNED),
        Expected(Rule.AI_DECLARED_SIGNED, Finding.AI_DECLARED, Decision.DROP),
    ),
    (
        some_evidence(traces=(CAMERA_TRACE, AI)),
        Expected(Rule.AI_DECLARED_UNSIGNED, Finding.AI_DECLARED, Decision.DROP),
    ),
    (
        some_evidence(provenance=NO_TRAINING),
        Expected(Rule.TRAINING_NOT_ALLOWED, Finding.TRAINING_OPT_OUT, Decision.DROP),
    ),
    (
        some_evidence(traces=(OPT_OUT,)),
        Expected(Rule.TRAINING_NOT_ALLOWED, Finding.TRAINING_OPT_OUT, Decision.DROP),
    ),
    (
        some_evidence(provenance=CONSTRAINED),
        Expected(Rule.TRAINING_NOT_ALLOWED, Finding.TRAINING_OPT_OUT, Decision.REVIEW),
    ),
    (
        some_evidence(provenance=AI_PART_SIGNED),
        Expected(Rule.AI_PART_DECLARED, Finding.AI_PART_DECLARED, Decision.REVIEW),
    ),
    (
        some_evidence(traces=(AI_PART,)),
        Expected(Rule.AI_PART_DECLARED, Finding.AI_PART_DECLARED, Decision.REVIEW),
    ),
    (
        some_evidence(provenance=BROKEN),
        Expected(Rule.PROVENANCE_BROKEN, Finding.PROVENANCE_BROKEN, Decision.REVIEW),
    ),
    (
        some_evidence(provenance=replace(BROKEN, hash_ok=True, signature_ok=False)),
        Expected(Rule.PROVENANCE_BROKEN, Finding.PROVENANCE_BROKEN, Decision.REVIEW),
    ),
    (
        some_evidence(provenance=CAMERA, score=a_score(0.95)),
        Expected(Rule.CAMERA_CONFLICT, Finding.CAMERA_VERIFIED, Decision.REVIEW),
    ),
    (
        some_evidence(provenance=CAMERA, score=a_score(0.6)),
        Expected(Rule.CAMERA_VERIFIED, Finding.CAMERA_VERIFIED, Decision.KEEP),
    ),
    (DAMAGED, Expected(Rule.DAMAGED, Finding.NO_EVIDENCE, Decision.REVIEW)),
    (
        replace(DAMAGED, score=a_score(0.95)),
        Expected(Rule.DAMAGED, Finding.SYNTHETIC_LIKELY, Decision.REVIEW),
    ),
    (
        some_evidence(score=a_score(0.99, abstain_reason="It is too small.")),
        Expected(Rule.DETECTOR_ABSTAIN, Finding.NO_EVIDENCE, Decision.KEEP),
    ),
    (
        some_evidence(score=a_score(0.95, copies=(CopyScore(CopyKind.JPEG_90, 0.2),))),
        Expected(Rule.DETECTOR_UNSTABLE, Finding.SUSPECT, Decision.REVIEW),
    ),
    (
        some_evidence(score=a_score(0.9)),
        Expected(Rule.DETECTOR_SYNTHETIC, Finding.SYNTHETIC_LIKELY, Decision.REVIEW),
    ),
    (
        some_evidence(score=a_score(0.5)),
        Expected(Rule.DETECTOR_SUSPECT, Finding.SUSPECT, Decision.REVIEW),
    ),
    (
        some_evidence(score=a_score(0.1, regions=(REGION,))),
        Expected(Rule.REGION_SUSPECT, Finding.SUSPECT, Decision.REVIEW),
    ),
    (
        some_evidence(score=a_score(0.1, spans=(Span(1.0, 2.0, 0.8),)), media=MediaKind.VIDEO),
        Expected(Rule.SPAN_SUSPECT, Finding.SUSPECT, Decision.REVIEW),
    ),
    (
        some_evidence(score=a_score(0.49)),
        Expected(Rule.NO_EVIDENCE, Finding.NO_EVIDENCE, Decision.KEEP),
    ),
    (some_evidence(), Expected(Rule.NO_EVIDENCE, Finding.NO_EVIDENCE, Decision.KEEP)),
]


def ids(case: object) -> str | None:
    return case.rule.value if isinstance(case, Expected) else None


@pytest.mark.parametrize(("evidence", "expected"), CASES, ids=ids)
def test_that_each_rule_says_its_finding_and_decision(evidence, expected):
    verdict = judge(evidence, CAUTIOUS, LIMITS)
    assert Expected(verdict.rule, verdict.finding, verdict.decision) == expected
    assert verdict.reason.strip().endswith(".")
    assert "\n" not in verdict.reason


def test_that_every_default_rule_but_approval_is_among_the_cases():
    assert {expected.rule for _, expected in CASES} == set(Rule) - {Rule.APPROVED_SOURCE}


OVERLAPS: list[tuple[Evidence, Rule, Rule]] = [
    (replace(UNREADABLE, provenance=AI_SIGNED), Rule.UNREADABLE, Rule.AI_DECLARED_SIGNED),
    (
        some_evidence(provenance=AI_SIGNED, traces=(AI,)),
        Rule.AI_DECLARED_SIGNED,
        Rule.AI_DECLARED_UNSIGNED,
    ),
    (
        some_evidence(provenance=NO_TRAINING, traces=(AI,)),
        Rule.AI_DECLARED_UNSIGNED,
        Rule.TRAINING_NOT_ALLOWED,
    ),
    (
        some_evidence(provenance=AI_PART_SIGNED, traces=(OPT_OUT,)),
        Rule.TRAINING_NOT_ALLOWED,
        Rule.AI_PART_DECLARED,
    ),
    (
        some_evidence(provenance=BROKEN, traces=(AI_PART,)),
        Rule.AI_PART_DECLARED,
        Rule.PROVENANCE_BROKEN,
    ),
    (
        replace(DAMAGED, provenance=BROKEN),
        Rule.PROVENANCE_BROKEN,
        Rule.DAMAGED,
    ),
    (
        some_evidence(provenance=CAMERA, score=a_score(0.95)),
        Rule.CAMERA_CONFLICT,
        Rule.CAMERA_VERIFIED,
    ),
    (replace(DAMAGED, provenance=CAMERA), Rule.CAMERA_VERIFIED, Rule.DAMAGED),
    (
        replace(DAMAGED, score=a_score(0.99, abstain_reason="It is too small.")),
        Rule.DAMAGED,
        Rule.DETECTOR_ABSTAIN,
    ),
    (some_evidence(score=a_score(0.95)), Rule.DETECTOR_SYNTHETIC, Rule.DETECTOR_SUSPECT),
    (
        some_evidence(score=a_score(0.6, regions=(REGION,))),
        Rule.DETECTOR_SUSPECT,
        Rule.REGION_SUSPECT,
    ),
    (
        some_evidence(score=a_score(0.1, regions=(REGION,), spans=(Span(0, 1, 0.8),))),
        Rule.REGION_SUSPECT,
        Rule.SPAN_SUSPECT,
    ),
]


@pytest.mark.parametrize(("evidence", "first", "second"), OVERLAPS)
def test_that_the_first_rule_wins_and_the_next_one_takes_over_when_it_is_off(
    evidence, first, second
):
    assert judge(evidence, CAUTIOUS, LIMITS).rule is first
    without = replace(CAUTIOUS, off=frozenset({first}))
    assert judge(evidence, without, LIMITS).rule is second


def test_that_the_last_rule_cannot_be_switched_off():
    nothing = replace(CAUTIOUS, off=frozenset(Rule))
    verdict = judge(some_evidence(provenance=AI_SIGNED, score=a_score(0.99)), nothing, LIMITS)
    assert verdict.rule is Rule.NO_EVIDENCE


def test_that_a_broken_credential_that_says_ai_is_broken_and_says_so():
    evidence = some_evidence(provenance=replace(AI_SIGNED, hash_ok=False))
    verdict = judge(evidence, CAUTIOUS, LIMITS)
    assert verdict.rule is Rule.PROVENANCE_BROKEN
    assert "generative model" in verdict.reason


@pytest.mark.parametrize(
    "change",
    [
        {"state": ProvenanceState.VALID},
        {"hash_ok": None},
        {"signature_ok": None},
        {"capture_trusted": False},
        {"ingredient_problems": ("An ingredient does not match.",)},
        {"ai_declared": AiDeclared.PART},
    ],
)
def test_that_one_missing_condition_is_enough_to_lose_camera_verified(change):
    verdict = judge(some_evidence(provenance=replace(CAMERA, **change)), CAUTIOUS, LIMITS)
    assert verdict.finding is not Finding.CAMERA_VERIFIED


def test_that_an_abstaining_detector_does_not_contradict_a_camera():
    score = a_score(0.99, abstain_reason="It is too small.")
    verdict = judge(some_evidence(provenance=CAMERA, score=score), CAUTIOUS, LIMITS)
    assert verdict.rule is Rule.CAMERA_VERIFIED


def test_that_a_camera_trace_alone_is_no_evidence():
    assert judge(some_evidence(traces=(CAMERA_TRACE,)), CAUTIOUS, LIMITS) == Verdict(
        Finding.NO_EVIDENCE,
        Rule.NO_EVIDENCE,
        Decision.KEEP,
        "No credential or mark says AI; it was not scored.",
    )


def test_that_permissions_are_judged_for_the_policys_own_use():
    mining = replace(CAUTIOUS, use=TrainingUse.DATA_MINING)
    assert judge(some_evidence(provenance=NO_TRAINING), mining, LIMITS).rule is Rule.NO_EVIDENCE
    forbidden = replace(SIGNED, training=((TrainingUse.DATA_MINING, Permission.NOT_ALLOWED),))
    verdict = judge(some_evidence(provenance=forbidden), mining, LIMITS)
    assert verdict.rule is Rule.TRAINING_NOT_ALLOWED
    assert "data mining" in verdict.reason


def test_that_a_signed_permission_does_not_outweigh_an_opt_out():
    allowed = replace(SIGNED, training=((TrainingUse.AI_GENERATIVE_TRAINING, Permission.ALLOWED),))
    verdict = judge(some_evidence(provenance=allowed, traces=(OPT_OUT,)), CAUTIOUS, LIMITS)
    assert verdict.decision is Decision.DROP
    constrained = judge(some_evidence(provenance=CONSTRAINED, traces=(OPT_OUT,)), CAUTIOUS, LIMITS)
    assert constrained.decision is Decision.DROP


class TestPresets:
    def test_that_strict_drops_only_what_was_calibrated_on_own_photos(self):
        strict, evidence = PRESETS["strict"], some_evidence(score=a_score(0.95))
        alone = judge(evidence, strict, LIMITS)
        assert alone.decision is Decision.REVIEW
        assert "no calibration" in alone.reason
        calibrated = with_thresholds(strict, {MediaKind.IMAGE: CERTIFIED})
        upheld = some_evidence(score=a_score(0.95, copies=UPHELD))
        assert judge(upheld, calibrated, LIMITS).decision is Decision.DROP

    def test_that_cautious_never_drops_by_the_detector_even_if_calibrated(self):
        calibrated = with_thresholds(CAUTIOUS, {MediaKind.IMAGE: CERTIFIED})
        evidence = some_evidence(score=a_score(0.999))
        assert judge(evidence, calibrated, LIMITS).decision is Decision.REVIEW

    def test_that_pristine_keeps_only_cameras_and_what_it_approves(self):
        pristine = PRESETS["pristine"]
        kept = [judge(evidence, pristine, LIMITS) for evidence, _ in CASES]
        assert {v.rule for v in kept if v.decision is Decision.KEEP} == {Rule.CAMERA_VERIFIED}
        approving = replace(pristine, approved_folders=("/media/set",))
        assert judge(some_evidence(), approving, LIMITS).decision is Decision.KEEP

    def test_that_report_finds_and_decides_nothing(self):
        for evidence, expected in CASES:
            verdict = judge(evidence, PRESETS["report"], LIMITS)
            assert verdict.decision is None
            assert (verdict.rule, verdict.finding) == (expected.rule, expected.finding)


class TestApproval:
    @pytest.mark.parametrize(
        ("folder", "approved"),
        [
            ("/media/set", True),
            ("/media/set/", True),
            ("/media", True),
            ("/media/se", False),
            ("/media/set/a.jpg", True),
            ("/other", False),
        ],
    )
    def test_that_a_folder_approves_what_lies_below_it(self, folder, approved):
        policy = replace(CAUTIOUS, approved_folders=(folder,))
        rule = judge(some_evidence(), policy, LIMITS).rule
        assert rule is (Rule.APPROVED_SOURCE if approved else Rule.NO_EVIDENCE)

    @pytest.mark.parametrize(
        ("provenance", "approved"),
        [
            (SIGNED, True),
            (replace(SIGNED, signer="Other"), False),
            (replace(SIGNED, state=ProvenanceState.REMOTE), False),
            (Provenance(), False),
        ],
    )
    def test_that_a_signer_approves_only_what_was_signed_validly(self, provenance, approved):
        policy = replace(CAUTIOUS, approved_signers=("Firm",))
        rule = judge(some_evidence(provenance=provenance), policy, LIMITS).rule
        assert (rule is Rule.APPROVED_SOURCE) is approved

    def test_that_approval_does_not_excuse_a_declaration(self):
        policy = replace(CAUTIOUS, approved_folders=("/",), approved_signers=("Firm",))
        assert judge(some_evidence(provenance=AI_SIGNED), policy, LIMITS).decision is Decision.DROP


class TestThresholds:
    def test_that_the_policys_thresholds_replace_the_cards_for_their_media_alone(self):
        policy = with_thresholds(CAUTIOUS, {MediaKind.VIDEO: Thresholds(0.05, 0.9)})
        score = a_score(0.1)
        clip = some_evidence(score=score, media=MediaKind.VIDEO)
        assert judge(clip, policy, LIMITS).rule is Rule.DETECTOR_SUSPECT
        assert judge(some_evidence(score=score), policy, LIMITS).rule is Rule.NO_EVIDENCE

    def test_that_a_score_without_limits_decides_nothing(self):
        assert judge(some_evidence(score=a_score(0.99)), CAUTIOUS, None).rule is Rule.NO_EVIDENCE


def test_that_an_ai_statement_whose_signature_does_not_hold_still_counts():
    for stated, rule in (
        (AiDeclared.WHOLE, Rule.AI_DECLARED_UNSIGNED),
        (AiDeclared.PART, Rule.AI_PART_DECLARED),
    ):
        provenance = Provenance(ProvenanceState.VALID, ai_declared=stated, hash_ok=True)
        verdict = judge(some_evidence(provenance=provenance), PRESETS["cautious"], None)
        assert verdict.rule is rule
        assert "does not hold" in verdict.reason


def test_that_a_reason_names_manifest_and_assertion_shortly():
    by = "urn:c2pa:70a71e1c-fe9d-4865-9038-710761116e80 c2pa.actions.v2"
    provenance = Provenance(
        ProvenanceState.VALID,
        ai_declared=AiDeclared.WHOLE,
        ai_declared_by=by,
        ai_signed=True,
        signer="OpenAI",
    )
    verdict = judge(some_evidence(provenance=provenance), PRESETS["cautious"], None)
    assert verdict.reason.endswith("(manifest 70a71e1c…, c2pa.actions.v2).")


class TestStability:
    """A verdict of the detector must hold for changed copies of the file."""

    strict = with_thresholds(PRESETS["strict"], {MediaKind.IMAGE: CERTIFIED})

    @pytest.mark.parametrize(
        ("first", "again", "words"),
        [
            (0.95, 0.30, "0.95 (over the drop threshold), but 0.30 (no evidence)"),
            (0.95, 0.70, "0.95 (over the drop threshold), but 0.70 (for review)"),
            (0.70, 0.30, "0.70 (for review), but 0.30 (no evidence)"),
            (0.30, 0.95, "0.30 (no evidence), but 0.95 (over the drop threshold)"),
        ],
    )
    @pytest.mark.parametrize("policy", [CAUTIOUS, strict])
    def test_that_a_verdict_that_flips_becomes_review_and_says_so(
        self, policy, first, again, words
    ):
        copies = (CopyScore(CopyKind.JPEG_90, first), CopyScore(CopyKind.SCALE_075, again))
        verdict = judge(some_evidence(score=a_score(first, copies=copies)), policy, LIMITS)
        assert (verdict.rule, verdict.finding) == (Rule.DETECTOR_UNSTABLE, Finding.SUSPECT)
        assert verdict.decision is Decision.REVIEW
        assert f"{words} at 0.75 of its size" in verdict.reason

    def test_that_a_drop_waits_for_the_copies(self):
        once = some_evidence(score=a_score(0.95))
        verdict = judge(once, self.strict, LIMITS)
        assert verdict.decision is Decision.REVIEW
        assert "not scored again" in verdict.reason
        assert awaits_copies(once, self.strict, LIMITS)
        upheld = some_evidence(score=a_score(0.95, copies=UPHELD))
        assert not awaits_copies(upheld, self.strict, LIMITS)
        assert "It says the same" in judge(upheld, self.strict, LIMITS).reason

    @pytest.mark.parametrize("policy", [CAUTIOUS, PRESETS["strict"], PRESETS["report"]])
    def test_that_nothing_waits_where_the_detector_drops_nothing(self, policy):
        assert not awaits_copies(some_evidence(score=a_score(0.95)), policy, LIMITS)

    def test_that_a_copy_the_detector_abstains_on_flips_nothing_and_upholds_nothing(self):
        silent = CopyScore(CopyKind.SCALE_075, 0.1, abstained=True)
        beside = some_evidence(score=a_score(0.95, copies=(UPHELD[0], silent)))
        assert judge(beside, self.strict, LIMITS).decision is Decision.DROP
        alone = some_evidence(score=a_score(0.95, copies=(silent,)))
        assert judge(alone, self.strict, LIMITS).decision is Decision.REVIEW
        assert not awaits_copies(alone, self.strict, LIMITS)

    def test_that_a_region_that_comes_or_goes_is_a_flip(self):
        copies = (CopyScore(CopyKind.JPEG_90, 0.1, stands_out=True),)
        verdict = judge(some_evidence(score=a_score(0.1, copies=copies)), CAUTIOUS, LIMITS)
        assert verdict.rule is Rule.DETECTOR_UNSTABLE

    def test_that_no_rule_of_the_detector_drops_uncalibrated_or_on_one_scoring(self):
        all_drop = replace(
            CAUTIOUS, decisions={**CAUTIOUS.decisions, Rule.DETECTOR_SUSPECT: Decision.DROP}
        )
        evidence = some_evidence(score=a_score(0.7))
        assert "no calibration" in judge(evidence, all_drop, LIMITS).reason
        certified = with_thresholds(all_drop, {MediaKind.IMAGE: CERTIFIED})
        assert awaits_copies(evidence, certified, LIMITS)

    def test_that_switched_off_the_detector_drops_on_one_scoring(self):
        policy = replace(self.strict, off=frozenset([Rule.DETECTOR_UNSTABLE]))
        evidence = some_evidence(score=a_score(0.95))
        assert judge(evidence, policy, LIMITS).decision is Decision.DROP
        assert not awaits_copies(evidence, policy, LIMITS)
