"""What is shown, in what order, and how it is counted."""

import numpy as np
import pytest

from inspector.domain.media import MediaKind
from inspector.domain.verdict import Decision, Finding
from inspector.gui.models.arrangement import (
    Facet,
    Filter,
    Sort,
    SortKey,
    arrange,
    facet_counts,
    matching,
)
from inspector.gui.models.query import parse_query
from inspector.gui.models.rows import DECISIONS, FINDINGS, MEDIA, LibraryRows
from tests.builders import a_clip, a_file, a_skipped_item, an_item


@pytest.fixture
def rows() -> LibraryRows:
    rows = LibraryRows()
    for number in (60, 10, 95):
        rows.judge(an_item(number))
    rows.judge(a_clip(3))
    rows.judge(a_skipped_item(4))
    rows.append([a_file(50)])
    return rows


def order(rows, sort, wanted=None):
    return arrange(rows, wanted or Filter(), sort).tolist()


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort(), [0, 1, 2, 3, 5]),
        (Sort(SortKey.ARRIVAL, True), [5, 3, 2, 1, 0]),
        (Sort(SortKey.LIKELIHOOD), [1, 0, 3, 2, 5]),
        (Sort(SortKey.LIKELIHOOD, True), [2, 0, 3, 1, 5]),
        (Sort(SortKey.NAME), [3, 1, 5, 0, 2]),
        (Sort(SortKey.NAME, True), [2, 0, 5, 1, 3]),
        (Sort(SortKey.SIZE), [3, 1, 5, 0, 2]),
        (Sort(SortKey.DECISION), [1, 0, 2, 3, 5]),
    ],
)
def test_that_rows_are_sorted_and_unknown_values_come_last(rows, sort, expected):
    assert order(rows, sort) == expected


def test_that_facets_are_or_inside_and_and_between(rows):
    suspect = FINDINGS.code(Finding.SUSPECT)
    likely = FINDINGS.code(Finding.SYNTHETIC_LIKELY)
    video = MEDIA.code(MediaKind.VIDEO)
    either = Filter(facets={Facet.FINDING: frozenset({suspect, likely})})
    assert order(rows, Sort(), either) == [0, 2, 3]
    both = Filter(facets={**either.facets, Facet.MEDIA: frozenset({video})})
    assert order(rows, Sort(), both) == [3]


def test_that_a_facet_counts_what_the_others_leave(rows):
    video = MEDIA.code(MediaKind.VIDEO)
    counts = facet_counts(rows, Filter(facets={Facet.MEDIA: frozenset({video})}))
    assert counts[Facet.FINDING][FINDINGS.code(Finding.SUSPECT)] == 1
    assert counts[Facet.MEDIA][MEDIA.code(MediaKind.IMAGE)] == 3
    assert counts[Facet.DECISION][DECISIONS.code(Decision.REVIEW)] == 1


def test_that_a_filter_on_a_part_gives_what_it_gives_on_the_whole(rows):
    wanted = Filter(parse_query("likelihood:>0.3"))
    whole = matching(rows, wanted)
    parts = [matching(rows, wanted, slice(0, 2)), matching(rows, wanted, slice(2, None))]
    assert np.array_equal(whole, np.concatenate(parts))


def test_that_a_decision_taken_before_the_verdict_stays():
    rows = LibraryRows()
    rows.append([a_file(1)])
    rows.decide(np.array([0], np.int32), np.array([DECISIONS.code(Decision.DROP)], np.uint8))
    rows.judge(an_item(1))
    assert rows.decision(0) is Decision.DROP


def test_that_a_row_costs_no_more_than_64_bytes_besides_its_path():
    assert LibraryRows().bytes_per_row() <= 64


def test_that_a_file_found_twice_is_one_row():
    rows = LibraryRows()
    assert rows.append([a_file(1), a_file(1), a_file(2)]) == 2
    assert rows.append([a_file(2)]) == 0
