"""The one thread that feeds a GPU joins calls and keeps answers apart."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from inspector.adapters.onnx.batching import Batcher
from inspector.domain.errors import ModelError


def first_pixel(view, pixels):
    return (pixels[:, 0, 0, 0].astype(np.float32),)


def picture(level, side=16):
    return np.full((1, side, side, 3), level, np.uint8)


def test_that_each_caller_gets_the_scores_of_its_own_pictures():
    batcher = Batcher(first_pixel, 8)
    with ThreadPoolExecutor(16) as pool:
        got = pool.map(lambda level: float(batcher.run("v", picture(level))[0][0]), range(200))
        assert list(got) == list(range(200))
    batcher.close()


def test_that_waiting_calls_of_one_shape_are_joined_up_to_the_limit():
    sizes, gate = [], threading.Event()

    def run(view, pixels):
        gate.wait(5)
        sizes.append(pixels.shape[:2])
        return first_pixel(view, pixels)

    batcher = Batcher(run, 4)
    with ThreadPoolExecutor(9) as pool:
        calls = [pool.submit(batcher.run, "v", picture(i, 16 if i else 32)) for i in range(9)]
        gate.set()
        assert [float(call.result()[0][0]) for call in calls] == list(range(9))
    batcher.close()
    assert max(count for count, _ in sizes) <= 4
    assert {side for _, side in sizes} == {16, 32}


def test_that_a_failure_reaches_every_caller_and_the_thread_lives_on():
    def run(view, pixels):
        if pixels[0, 0, 0, 0] == 0:
            raise ModelError("No.")
        return first_pixel(view, pixels)

    batcher = Batcher(run, 1)
    with pytest.raises(ModelError, match="No"):
        batcher.run("v", picture(0))
    assert batcher.run("v", picture(7))[0] == [7]
    batcher.close()
    with pytest.raises(ModelError, match="closed"):
        batcher.run("v", picture(7))
