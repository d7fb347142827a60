"""Columns share the room, and nothing is cut off at its edge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gui.views.column_widths import shared_widths


@pytest.mark.parametrize(
    ("wanted", "room", "widths"),
    [
        ((100, 50, 80), 300, (170, 50, 80)),
        ((300, 50, 200), 300, (150, 50, 100)),
        ((300, 0, 200), 300, (175, 0, 125)),
        ((300, 50, 200), 110, (70, 40, 0)),
        ((300, 50, 200), 60, (60, 0, 0)),
        ((300, 50, 200), 20, (50, 0, 0)),
    ],
    ids=["room to spare", "all give way", "an empty one", "one left out", "two", "too narrow"],
)
def test_that_columns_give_way_in_proportion_and_are_left_out_from_the_last(wanted, room, widths):
    found = shared_widths(wanted, (50, 40, 50), room)
    assert [w > 0 for w in found] == [w > 0 for w in widths]
    assert sum(found) == sum(widths)
    assert found == pytest.approx(widths, abs=30)


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 400)), min_size=1, max_size=6),
    st.integers(0, 3000),
)
def test_that_they_fill_the_room_and_never_leave_it(columns, room):
    wanted, least = [want for want, _ in columns], [little for _, little in columns]
    found = shared_widths(wanted, least, room)
    assert len(found) == len(columns)
    assert sum(found) == max(room, min(wanted[0], least[0]))
