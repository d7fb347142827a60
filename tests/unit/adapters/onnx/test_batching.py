"""The one thread that owns a device joins calls, keeps answers apart and leaves nobody waiting."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.adapters.onnx.batching import Batcher
from inspector.adapters.onnx.faults import DeviceFaultError, DeviceFullError
from inspector.adapters.onnx.lane import Lane
from inspector.domain.errors import ModelError


class FirstPixel:
    """Gives each picture's first value; a negative one fails the run it is in.

    ``sizes`` are the pictures of each run; ``gate`` holds the runs up.
    """

    def __init__(self, room=10_000):
        self.room = room
        self.sizes = []
        self.shapes = []
        self.forgotten = 0
        self.gate = threading.Event()
        self.gate.set()

    def run(self, tensors):
        assert self.gate.wait(10)
        whole = np.concatenate(tensors)
        self.sizes.append(len(whole))
        self.shapes.append(whole.shape[1:])
        if len(whole) > self.room:
            raise DeviceFullError("full")
        if (whole < 0).any():
            raise DeviceFaultError("a picture that cannot be run")
        return (whole[:, 0, 0, 0],)

    def forget(self):
        self.forgotten += 1


def picture(level, side=16, count=1):
    return np.full((count, 3, side, side), level, np.float32)


def a_lane(runner, rows, side=16):
    return Lane("view", runner, side, rows)


@pytest.fixture
def batcher():
    made = Batcher()
    yield made
    made.close()


def test_that_each_caller_gets_the_scores_of_its_own_pictures(batcher):
    lane = a_lane(FirstPixel(), 8)
    with ThreadPoolExecutor(16) as pool:
        got = pool.map(lambda level: float(batcher.run(lane, picture(level))[0][0]), range(200))
        assert list(got) == list(range(200))


def test_that_waiting_calls_of_one_shape_are_joined_up_to_the_limit(batcher):
    runner = FirstPixel()
    runner.gate.clear()
    lane = a_lane(runner, 4, side=32)
    with ThreadPoolExecutor(9) as pool:
        calls = [pool.submit(batcher.run, lane, picture(i, 16 if i else 32)) for i in range(9)]
        runner.gate.set()
        assert [float(call.result()[0][0]) for call in calls] == list(range(9))
    assert max(runner.sizes) <= 4
    assert {shape[-1] for shape in runner.shapes} == {16, 32}


def test_that_views_are_never_joined(batcher):
    runners = FirstPixel(), FirstPixel()
    for runner in runners:
        runner.gate.clear()
    lanes = [a_lane(runner, 8) for runner in runners]
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(batcher.run, lanes[i % 2], picture(i)) for i in range(8)]
        for runner in runners:
            runner.gate.set()
        assert [float(call.result()[0][0]) for call in calls] == list(range(8))
    assert [sum(runner.sizes) for runner in runners] == [4, 4]


def test_that_a_failure_reaches_the_caller_whose_picture_caused_it_and_nobody_else(batcher):
    runner = FirstPixel()
    runner.gate.clear()
    lane = a_lane(runner, 8)
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(batcher.run, lane, picture(-1 if i == 3 else i)) for i in range(8)]
        runner.gate.set()
        for i, call in enumerate(calls):
            if i == 3:
                with pytest.raises(DeviceFaultError, match="cannot be run"):
                    call.result()
            else:
                assert float(call.result()[0][0]) == i
    assert float(batcher.run(lane, picture(7))[0][0]) == 7


def test_that_closing_finishes_what_is_queued_and_refuses_what_comes_after():
    batcher, runner = Batcher(), FirstPixel()
    runner.gate.clear()
    lane = a_lane(runner, 2)
    with ThreadPoolExecutor(7) as pool:
        calls = [pool.submit(batcher.run, lane, picture(i)) for i in range(6)]
        while len(batcher._waiting) < 4:  # one batch of at most two is in the runner
            threading.Event().wait(0.001)
        closing = pool.submit(batcher.close)
        runner.gate.set()
        closing.result()
        assert sorted(float(call.result()[0][0]) for call in calls) == list(range(6))
    with pytest.raises(ModelError, match="closed"):
        batcher.run(lane, picture(7))
    batcher.close()


def test_that_nobody_waits_for_a_thread_that_an_unforeseen_error_ended():
    class Broken(FirstPixel):
        def run(self, tensors):
            raise KeyError("unforeseen")

    batcher = Batcher()
    with ThreadPoolExecutor(4) as pool, pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", lambda _: None)
        lane = a_lane(Broken(), 1)
        calls = [pool.submit(batcher.run, lane, picture(i)) for i in range(4)]
        for call in calls:
            with pytest.raises(ModelError, match="closed"):
                call.result(timeout=10)
    batcher.close()


def test_that_callers_wait_while_the_queue_is_full():
    runner = FirstPixel()
    runner.gate.clear()
    one = picture(0).nbytes
    batcher = Batcher(queue_bytes=3 * one, linger_s=0)
    lane = a_lane(runner, 1)
    most = []
    with ThreadPoolExecutor(12) as pool:
        calls = [pool.submit(batcher.run, lane, picture(i)) for i in range(12)]
        while not most or most[-1] < 3 * one or len(most) < 50:
            most.append(batcher._bytes)
            threading.Event().wait(0.001)
        runner.gate.set()
        assert sorted(float(call.result()[0][0]) for call in calls) == list(range(12))
    batcher.close()
    assert max(most) == 3 * one


def test_that_what_is_larger_than_the_queue_is_still_taken():
    batcher = Batcher(queue_bytes=10)
    values = batcher.run(a_lane(FirstPixel(), 2), picture(5, count=7))[0]
    assert list(values) == [5] * 7
    batcher.close()


def test_that_running_out_of_memory_halves_the_batch_and_goes_on(batcher):
    runner = FirstPixel(room=3)
    lane = a_lane(runner, 16)
    levels = np.concatenate([picture(i) for i in range(13)])
    assert list(batcher.run(lane, levels)[0]) == list(range(13))
    assert runner.sizes == [13, 4, 2, 2, 2, 2, 2, 2, 1]
    assert lane.rows == 2
    assert runner.forgotten == 2


def test_that_a_device_without_room_for_one_picture_says_so(batcher):
    lane = a_lane(FirstPixel(room=0), 4)
    with pytest.raises(DeviceFullError):
        batcher.run(lane, picture(1, count=3))
    assert lane.rows == 1


def test_that_fewer_of_larger_pictures_run_together():
    lane = a_lane(FirstPixel(), 8, side=16)
    assert lane.most(picture(0, 16)) == 8
    assert lane.most(picture(0, 8)) == 8
    assert lane.most(picture(0, 32)) == 2
    assert lane.most(picture(0, 256)) == 1


def test_that_a_view_that_gives_not_one_row_a_picture_is_an_error(batcher):
    class Mean(FirstPixel):
        def run(self, tensors):
            return (np.concatenate(tensors).mean(keepdims=True)[0, 0, 0],)

    with pytest.raises(ModelError, match="one row for each picture"):
        batcher.run(a_lane(Mean(), 4), picture(1, count=2))


CALLS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(1, 5), st.sampled_from([4, 8, 16])),
    min_size=1,
    max_size=24,
)


@settings(max_examples=40, deadline=None)
@given(calls=CALLS, rows=st.integers(1, 8), room=st.integers(1, 8), threads=st.integers(1, 8))
def test_that_whatever_is_asked_by_whom_every_answer_comes_and_is_right(calls, rows, room, threads):
    batcher = Batcher(queue_bytes=4 * picture(0).nbytes, linger_s=0.0005)
    lanes = [a_lane(FirstPixel(room), rows, side=8) for _ in range(2)]

    def ask(numbered):
        number, (view, count, side) = numbered
        tensor = np.concatenate([picture(100 * number + i, side) for i in range(count)])
        return list(batcher.run(lanes[view], tensor)[0])

    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(ask, enumerate(calls), timeout=30))
    batcher.close()
    for number, (_, count, _) in enumerate(calls):
        assert answers[number] == [100 * number + i for i in range(count)]
