"""What files state of themselves, and which of them share an origin, over a folder."""

import numpy as np
import pytest

from inspector.domain.provenance import AiDeclared, Provenance, ProvenanceState
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
from inspector.gui.models.rows import LibraryRows
from tests.builders import an_item

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
        ("trace:exif", [3]),
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


def test_that_traces_are_counted_by_the_kind_that_says_most(rows) -> None:
    counts = facet_counts(rows, Filter())[Facet.TRACE]
    by_name = {rows.trace_kinds.name(code): int(n) for code, n in enumerate(counts[:3])}
    assert by_name == {"": 3, "a1111": 1, "exif": 1}


def test_that_kin_names_the_id_shared_by_most(rows) -> None:
    assert rows.kin.widest(0) == ("xmp:iid:aa", 1)
    assert rows.kin.widest(3) is None
    assert rows.kin.widest(4) is None


def test_that_a_file_judged_anew_leaves_its_old_kin(rows) -> None:
    rows.judge(an_item(5, provenance=PARTLY))
    assert rows.kin.widest(0) is None
    assert rows.kin.widest(1) == ("urn:c2pa:three", 1)
    assert set(rows.kin.shared()) == {1, 3}
