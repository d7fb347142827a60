"""The item contract: every key, in its order, for every kind of file."""

import json
import math
import os

import pytest

from inspector.domain.provenance import (
    AiDeclared,
    Location,
    Permission,
    Provenance,
    ProvenanceState,
    TrainingUse,
    TrustTier,
)
from inspector.domain.record import record_of
from inspector.domain.score import Region, Span
from inspector.domain.traces import Says, Trace
from inspector.domain.verdict import Decision
from tests.builders import (
    a_clip,
    a_file,
    a_hash,
    a_heatmap,
    a_score,
    a_skipped_item,
    an_item,
    an_unreadable_item,
)

KEYS = [
    "schema",
    "path",
    "path_hex",
    "sha256",
    "bytes",
    "media",
    "format",
    "width",
    "height",
    "duration_s",
    "frames_scored",
    "status",
    "error",
    "likelihood",
    "likelihood_max",
    "abstained",
    "abstain_reason",
    "heatmap",
    "regions",
    "spans",
    "frames",
    "provenance",
    "traces",
    "finding",
    "rule",
    "decision",
    "decided_by",
    "reason",
    "model",
    "policy",
    "engine_versions",
]
PROVENANCE_KEYS = [
    "state",
    "trust_tier",
    "location",
    "hash_ok",
    "signature_ok",
    "certificate_expired",
    "manifests",
    "depth",
    "active_label",
    "claim_generator",
    "signer",
    "signed_at",
    "digital_source_types",
    "ai_declared",
    "ai_declared_by",
    "ingredient_problems",
    "training",
    "remote_url",
    "codes",
]

EVERY_KIND = [an_item(1), a_clip(2), a_skipped_item(3), an_unreadable_item(4)]


@pytest.mark.parametrize("item", EVERY_KIND)
def test_that_every_key_is_there_in_the_contracts_order(item):
    record = record_of(item)
    assert list(record) == KEYS
    assert list(record["provenance"]) == PROVENANCE_KEYS
    assert record["schema"] == "inspector.item/1"
    assert isinstance(record["provenance"]["manifests"], int)
    assert isinstance(record["provenance"]["depth"], int)


@pytest.mark.parametrize("item", EVERY_KIND)
def test_that_lists_are_lists_and_the_record_is_json(item):
    record = record_of(item)
    for key in ("regions", "spans", "frames", "traces"):
        assert isinstance(record[key], list)
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def test_that_a_picture_tells_its_score_and_its_map():
    score = a_score(0.1234567, regions=(Region(1, 2, 3, 4, 0.9),), heatmap=a_heatmap(0, 3, 5, 32))
    record = record_of(an_item(1, score=score))
    assert record["likelihood"] == 0.123457
    assert record["heatmap"] == {"rows": 3, "cols": 5, "cell_px": 32}
    assert record["regions"] == [{"x": 1, "y": 2, "w": 3, "h": 4, "likelihood": 0.9}]
    assert record["frames"] == []
    assert (record["media"], record["width"], record["height"]) == ("image", 640, 480)
    assert record["model"] == {"id": "inspector-fast", "sha256": "c" * 64}
    assert record["bytes"] == 1001
    assert record["sha256"] == a_hash(1)


def test_that_a_clip_tells_its_frames_and_spans():
    record = record_of(a_clip(1))
    assert record["frames"][1] == {"pts_s": 0.5, "likelihood": 0.125}
    assert record["spans"] == [{"start_s": 2.0, "end_s": 4.0, "likelihood": 0.8}]
    assert record["frames_scored"] == 8
    assert record["duration_s"] == 4.0


def test_that_an_abstaining_item_still_has_its_likelihood():
    record = record_of(an_item(1, score=a_score(0.8, abstain_reason="It is too small.")))
    assert record["likelihood"] == 0.8
    assert record["abstained"] is True
    assert record["abstain_reason"] == "It is too small."


def test_that_a_skipped_file_has_no_verdict_and_an_error():
    record = record_of(a_skipped_item(1))
    for key in ("media", "finding", "rule", "decision", "decided_by", "reason", "likelihood"):
        assert record[key] is None
    assert record["error"] == {
        "code": "not_media",
        "message": "It is neither a picture nor a clip.",
    }
    assert record["status"] == "skipped"


def test_that_a_persons_decision_is_told_as_such():
    item = an_item(1)
    assert record_of(item)["decided_by"] == "rule"
    assert record_of(item)["decision"] == "keep"
    decided = record_of(item.decided(Decision.DROP))
    assert (decided["decision"], decided["decided_by"]) == ("drop", "person")
    assert decided["rule"] == "NO_EVIDENCE"


def test_that_provenance_is_told_axis_by_axis():
    provenance = Provenance(
        state=ProvenanceState.TRUSTED,
        trust_tier=TrustTier.INTERIM,
        location=Location.SIDECAR,
        hash_ok=True,
        signature_ok=True,
        certificate_expired=False,
        manifests=2,
        depth=2,
        signer="Firm",
        digital_source_types=("digitalCapture",),
        ai_declared=AiDeclared.PART,
        training=((TrainingUse.DATA_MINING, Permission.NOT_ALLOWED),),
    )
    told = record_of(an_item(1, provenance=provenance))["provenance"]
    assert told["trust_tier"] == "interim"
    assert told["location"] == "sidecar"
    assert told["training"] == {"data_mining": "notAllowed"}
    assert told["ai_declared"] == "part"
    assert told["digital_source_types"] == ["digitalCapture"]


def test_that_traces_are_told():
    trace = Trace("iptc", "XMP DigitalSourceType", "composite", Says.AI_PART)
    (told,) = record_of(an_item(1, traces=(trace,)))["traces"]
    assert told == {
        "kind": "iptc",
        "key": "XMP DigitalSourceType",
        "value": "composite",
        "says": "ai_part",
    }


def test_that_a_name_outside_utf8_is_readable_and_kept_in_hexadecimal():
    name = b"/set/\xff\xfe.jpg"
    record = record_of(an_item(1, file=a_file(1, path=os.fsdecode(name))))
    assert record["path"] == "/set/\ufffd\ufffd.jpg"
    assert bytes.fromhex(record["path_hex"]) == name
    assert record_of(an_item(1))["path_hex"] is None


def test_that_engine_versions_are_sorted():
    record = record_of(an_item(1, engine_versions={"b": "2", "a": "1"}))
    assert list(record["engine_versions"]) == ["a", "b"]


def test_that_rounding_never_leaves_the_unit_interval():
    record = record_of(an_item(1, score=a_score(math.nextafter(1.0, 0.0))))
    assert record["likelihood"] == 1.0


def test_that_a_span_without_a_length_is_told_as_it_is():
    record = record_of(a_clip(1, score=a_score(0.2, spans=(Span(1.0, 1.0, 0.9),))))
    assert record["spans"] == [{"start_s": 1.0, "end_s": 1.0, "likelihood": 0.9}]
