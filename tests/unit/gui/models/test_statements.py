"""What files state of themselves, and which of them share an origin, over a folder."""

import numpy as np
import pytest

from inspector.domain.provenance import (
    AiDeclared,
    Permission,
    Provenance,
    ProvenanceState,
    TrainingUse,
)
from inspector.domain.traces import Says, Trace
from inspector.gui.models.arrangement import (
    Facet,
    Filter,
    Sort,
    SortKey,
    arrange,
    facet_counts,
)
from inspector.gui.models.query import parse_query
from inspector.gui.models.rows import (
    CLAIMS,
    CONTRADICTIONS,
    MAX_FAMILIES,
    Claim,
    Contradiction,
    LibraryRows,
)
from tests.builders import a_score, an_item

CAMERA = Provenance(
    ProvenanceState.TRUSTED, capture_trusted=True, ingredient_ids=("urn:c2pa:one", "xmp:iid:aa")
)
MADE = Provenance(
    ProvenanceState.VALID,
    ai_declared=AiDeclared.WHOLE,
    ingredient_ids=("urn:c2pa:two", "xmp:iid:aa"),
)
PARTLY = Provenance(
    ProvenanceState.VALID, ai_declared=AiDeclared.PART, ingredient_ids=("urn:c2pa:three",)
)
OPTED_OUT = Provenance(
    ProvenanceState.INVALID,
    hash_ok=False,
    digital_source_types=("digitalCapture",),
    training=((TrainingUse.AI_TRAINING, Permission.CONSTRAINED),),
)
PARAMETERS = Trace("a1111", "PNG parameters", "Steps: 20", Says.AI)
EXIF = Trace("exif", "Make", "Cam", Says.CAMERA)


@pytest.fixture
def rows() -> LibraryRows:
    rows = LibraryRows()
    rows.judge(an_item(90, provenance=CAMERA))  # a camera's word against the detector
    rows.judge(an_item(5, provenance=MADE))  # a generator's word against the detector
    rows.judge(an_item(80, traces=(EXIF, PARAMETERS)))  # they agree
    rows.judge(an_item(50, provenance=PARTLY, traces=(EXIF,)))
    rows.judge(an_item(70))
    return rows


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("stated:camera", [0]),
        ("stated:ai", [1, 2]),
        ("stated:ai_part", [3]),
        ("stated:none", [4]),
        ("trace:a1111", [2]),
        ("trace:exif", [2, 3]),
        ("disagreement:>0.5", [0, 1]),
        ("disagreement:>0.92 stated:ai", [1]),
        ("ingredient:shared", [0, 1]),
        ("ingredient:xmp:iid:aa", [0, 1]),
        ("ingredient:urn:c2pa:three", [3]),
        ("ingredient:URN", [0, 1, 3]),
        ("ingredient:none-such", []),
        ("-ingredient:shared likelihood:>0.6", [2, 4]),
    ],
)
def test_that_statements_can_be_searched(rows, text, found) -> None:
    mask = parse_query(text).matches(rows, slice(None))
    assert list(np.flatnonzero(mask)) == found
    tail = parse_query(text).matches(rows, slice(3, None))
    assert list(np.flatnonzero(tail) + 3) == [row for row in found if row >= 3]


def test_that_the_widest_disagreement_comes_first_and_the_silent_last(rows) -> None:
    order = arrange(rows, Filter(), Sort(SortKey.DISAGREEMENT, descending=True))
    assert list(order[:3]) == [1, 0, 2]
    assert set(order[3:]) == {3, 4}


def test_that_every_kind_of_trace_of_a_file_is_counted(rows) -> None:
    counts = facet_counts(rows, Filter())[Facet.TRACE]
    by_name = {rows.trace_kinds.name(code): int(n) for code, n in enumerate(counts[:3])}
    assert by_name == {"": 0, "a1111": 1, "exif": 2}
    exif = rows.trace_kinds.code("exif")
    assert list(arrange(rows, Filter(facets={Facet.TRACE: frozenset({exif})}), Sort())) == [2, 3]


def test_that_everything_a_file_says_is_counted(rows) -> None:
    rows.judge(an_item(60, provenance=OPTED_OUT))
    counts = facet_counts(rows, Filter())[Facet.CLAIM]
    assert {claim: int(counts[CLAIMS.code(claim)]) for claim in Claim} == {
        Claim.AI: 2,
        Claim.AI_PART: 1,
        Claim.CAPTURED: 1,
        Claim.TRAINING: 1,
        Claim.BROKEN: 1,
    }
    for claim in (Claim.CAPTURED, Claim.TRAINING, Claim.BROKEN):
        chosen = Filter(facets={Facet.CLAIM: frozenset({CLAIMS.code(claim)})})
        assert list(arrange(rows, chosen, Sort())) == [5]


def test_that_the_detector_disagrees_from_its_own_threshold_on() -> None:
    rows = LibraryRows()
    rows.judge(an_item(70, provenance=CAMERA), 0.6)
    rows.judge(an_item(70, provenance=CAMERA), 0.6)
    rows.judge(an_item(71, provenance=CAMERA), 0.8)
    rows.judge(an_item(20, provenance=MADE), 0.6)
    rows.judge(an_item(72, provenance=MADE), 0.6)
    rows.judge(an_item(21, provenance=MADE), None)
    rows.judge(an_item(22, provenance=MADE, score=a_score(0.2, abstain_reason="flat")), 0.6)
    rows.judge(an_item(73), 0.6)
    counts = facet_counts(rows, Filter())[Facet.CONTRADICTION]
    assert list(counts[:2]) == [1, 1]
    for contradiction, shown in ((Contradiction.CAMERA, [0]), (Contradiction.AI, [2])):
        code = CONTRADICTIONS.code(contradiction)
        chosen = Filter(facets={Facet.CONTRADICTION: frozenset({code})})
        assert list(arrange(rows, chosen, Sort())) == shown


def test_that_files_that_share_an_ingredient_are_a_family(rows) -> None:
    assert list(rows.family.values) == [1, 1, 0, 0, 0]
    counts = facet_counts(rows, Filter())[Facet.FAMILY]
    assert counts[1] == 2
    assert list(rows.families()) == ["", rows.name(0)]
    chosen = Filter(facets={Facet.FAMILY: frozenset({1})})
    assert list(arrange(rows, chosen, Sort())) == [0, 1]


def resting_on(*ids: str) -> Provenance:
    return Provenance(ProvenanceState.VALID, ingredient_ids=ids)


def test_that_two_families_become_one_by_a_file_that_rests_on_both() -> None:
    rows = LibraryRows()
    for number, ids in enumerate((["a"], ["a"], ["b"], ["b", "c"], ["d"])):
        rows.judge(an_item(number, provenance=resting_on(*ids)))
    assert list(rows.family.values) == [1, 1, 2, 2, 0]
    rows.judge(an_item(9, provenance=resting_on("a", "c")))
    assert len(set(rows.family.values[[0, 1, 2, 3, 5]])) == 1
    assert rows.family.values[4] == 0
    assert sorted(rows.families()) == ["", "", rows.name(0)]


def test_that_who_is_left_alone_has_no_family() -> None:
    rows = LibraryRows()
    for number in range(2):
        rows.judge(an_item(number, provenance=resting_on("a")))
    rows.judge(an_item(1, provenance=resting_on("b")))
    assert list(rows.family.values) == [0, 0]


def test_that_families_beyond_those_told_apart_share_a_number() -> None:
    rows = LibraryRows()
    for number in range(2 * MAX_FAMILIES + 20):
        rows.judge(an_item(number, provenance=resting_on(f"id {number // 2}")))
    counts = facet_counts(rows, Filter())[Facet.FAMILY]
    assert counts[1] == counts[MAX_FAMILIES - 1] == 2
    assert counts[MAX_FAMILIES] == 22
    assert rows.families()[MAX_FAMILIES] == ""


def test_that_kin_names_the_id_shared_by_most(rows) -> None:
    assert rows.kin.widest(0) == ("xmp:iid:aa", 1)
    assert rows.kin.widest(3) is None
    assert rows.kin.widest(4) is None


def test_that_a_file_judged_anew_leaves_its_old_kin(rows) -> None:
    rows.judge(an_item(5, provenance=PARTLY))
    assert rows.kin.widest(0) is None
    assert rows.kin.widest(1) == ("urn:c2pa:three", 1)
    assert set(rows.kin.shared()) == {1, 3}
