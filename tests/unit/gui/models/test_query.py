"""The search language."""

import numpy as np
import pytest

from inspector.domain.errors import UsageError
from inspector.domain.provenance import Provenance, ProvenanceState
from inspector.domain.verdict import Decision
from inspector.gui.models.columns import Column
from inspector.gui.models.query import FIELDS, parse_query
from inspector.gui.models.rows import LibraryRows
from tests.builders import a_clip, a_file, an_item

NUMBERS = ("likelihood", "size", "duration", "disagreement")
SIGNED = Provenance(ProvenanceState.VALID, signer="Adobe Inc.", manifests=1)


@pytest.fixture
def rows() -> LibraryRows:
    rows = LibraryRows()
    rows.judge(an_item(10, file=a_file(10, path="/set/Dog one.jpg", size=3_000_000)))
    rows.judge(an_item(60, file=a_file(60, path="/set/cat.jpg"), provenance=SIGNED))
    rows.judge(an_item(95, file=a_file(95, path="/set/dog.png")).decided(Decision.DROP))
    rows.judge(a_clip(3))
    rows.append([a_file(5, path="/set/later.jpg")])
    return rows


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("likelihood:>0.5", [1, 2, 3]),
        ("likelihood:>50%", [1, 2, 3]),
        ("likelihood:<=0.1", [0]),
        ("dog", [0, 2]),
        ("DOG -png", [0]),
        ('"dog one"', [0]),
        ("signer:adobe", [1]),
        ("credential:valid", [1]),
        ("provenance:absent", [0, 2, 3]),
        ("decision:review", [1, 3]),
        ("decision:drop by:me", [2]),
        ("by:rule", [0, 1, 3]),
        ("decision:none", [4]),
        ("finding:suspect", [1, 3]),
        ("media:video", [3]),
        ("duration:>3s", [3]),
        ("size:>2MB", [0]),
        ("format:mp4", [3]),
        ("rule:NO_EVIDENCE", [0]),
        ("status:ok -media:image", [3]),
        ("path:media", [3]),
    ],
)
def test_that_a_search_finds(rows, text, found):
    mask = parse_query(text).matches(rows, slice(None))
    assert list(np.flatnonzero(mask)) == found


def test_that_an_empty_search_asks_for_nothing(rows):
    assert parse_query("   ").matches(rows, slice(None)) is None


@pytest.mark.parametrize("text", ["likelihood:high", "colour:red", "decision:perhaps", "by:you"])
def test_that_what_means_nothing_is_said_in_one_sentence(text):
    with pytest.raises(UsageError, match=r"\.$"):
        parse_query(text)


def test_that_every_field_in_the_help_is_understood():
    for field in FIELDS:
        value = {**dict.fromkeys(NUMBERS, "1"), "by": "me"}.get(field, "none")
        parse_query(f"{field}:{value}")


def test_that_a_column_grows_and_keeps_its_values():
    column: Column[np.int32] = Column(np.int32)
    for start in range(0, 5000, 500):
        column.append(np.arange(start, start + 500, dtype=np.int32))
    assert np.array_equal(column.values, np.arange(5000))
