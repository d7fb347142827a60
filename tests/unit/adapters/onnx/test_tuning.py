"""How many pictures run together is measured, within bounds."""

import numpy as np
import pytest

from inspector.adapters.onnx.faults import DeviceFullError
from inspector.adapters.onnx.tuning import LARGEST_BATCH, TIME_LIMIT_S, largest_within, tuned


class Device:
    """Takes ``start`` seconds a run and ``each`` a picture on a clock of its own."""

    def __init__(self, start, each, room=1000, spoils=False):
        self.now = 0.0
        self.start, self.each, self.room, self.spoils = start, each, room, spoils
        self.largest = 0

    def clock(self):
        return self.now

    def run(self, tensor):
        self.largest = max(self.largest, len(tensor))
        if len(tensor) > self.room:
            raise DeviceFullError("full")
        self.now += self.start + self.each * len(tensor)
        values = tensor[:, 0, 0, 0]
        return (values - values.mean() if self.spoils else values,)


def pictures(count):
    return np.arange(count, dtype=np.float32)[:, None, None, None] * np.ones((1, 3, 4, 4), "f4")


def tune(device, most=64):
    return tuned(device.run, pictures(most), device.clock)


def test_that_a_device_with_a_dear_start_gets_a_large_batch():
    timed = tune(Device(start=0.01, each=0.00001))
    assert timed.rows == 64
    assert timed.per_s == pytest.approx(64 / 0.01064, rel=0.01)


def test_that_a_device_on_which_a_batch_gains_nothing_runs_one_by_one():
    assert tune(Device(start=0, each=0.01)).rows == 1


def test_that_the_smaller_of_two_batches_of_like_speed_is_taken():
    # In eights it would be 5 % faster than in fours, and each answer come twice as late.
    assert tune(Device(start=0.004, each=0.01)).rows == 4


def test_that_no_size_is_tried_beyond_what_the_device_holds():
    device = Device(start=0.01, each=0, room=16)
    assert tune(device).rows == 16
    assert device.largest == 32


def test_that_a_slow_device_is_not_timed_for_long():
    device = Device(start=2, each=0)
    tune(device)
    assert device.now < TIME_LIMIT_S + 2 * 4 * 2


def test_that_a_graph_that_answers_differently_in_company_runs_one_by_one():
    device = Device(start=0.01, each=0, spoils=True)
    assert tune(device).rows == 1
    assert device.largest == 2


def test_that_a_device_without_room_for_one_picture_fails():
    with pytest.raises(DeviceFullError):
        tune(Device(start=0, each=0, room=0))


@pytest.mark.parametrize(
    ("side", "dtype", "expected"),
    [(224, np.float32, 32), (224, np.uint8, 32), (64, np.float32, LARGEST_BATCH), (4096, "u1", 1)],
)
def test_that_large_pictures_are_tried_in_small_batches(side, dtype, expected):
    assert largest_within(np.zeros((1, 3, side, side), dtype)) == expected
