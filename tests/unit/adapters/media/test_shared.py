from hypothesis import given
from hypothesis import strategies as st

from inspector.adapters.media.shared import Ring, SharedMemory


@given(st.lists(st.integers(0, 60), max_size=200))
def test_that_places_in_use_never_overlap(steps):
    ring, taken = Ring(100), []
    for step in steps:
        if step == 0:
            ring.free()
            taken = taken[1:]
            continue
        at = ring.place(step)
        if at is None:
            continue
        assert 0 <= at <= 100 - step
        assert all(at + step <= start or end <= at for start, end in taken)
        taken.append((at, at + step))


def test_that_an_empty_ring_starts_over_at_its_first_byte():
    ring = Ring(100)
    assert ring.place(40) == 0
    assert ring.place(40) == 40
    ring.free()
    ring.free()
    assert ring.place(100) == 0


def test_that_a_full_ring_has_no_place_until_one_is_freed():
    ring = Ring(100)
    assert (ring.place(60), ring.place(40), ring.place(1)) == (0, 60, None)
    ring.free()
    assert ring.place(60) == 0


def test_that_both_sides_see_the_same_bytes():
    import os

    ours = SharedMemory.create(4096)
    theirs = SharedMemory.attach(str(os.dup(int(ours.handle))), 4096)
    ours.memory[10:13] = b"abc"
    assert theirs.memory[10:13] == b"abc"
    ours.close()
