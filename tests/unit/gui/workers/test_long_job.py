"""A long job tells its steps and its end, and nothing once it was cancelled."""

from threading import Event

import pytest

from inspector.domain.errors import ModelError
from inspector.gui.workers.long_job import LongJob
from inspector.ports import ScanCancelled


@pytest.fixture
def job(qapp):
    job = LongJob(qapp)
    yield job
    job.cancel()


def test_that_steps_come_in_order_and_then_the_result(qtbot, job):
    steps = []
    job.stepped.connect(steps.append)

    def work(step, cancel):
        for n in range(3):
            step(n, 3)
        return "map"

    with qtbot.waitSignal(job.done) as done:
        job.start(work)
    assert steps == [(0, 3), (1, 3), (2, 3)]
    assert done.args == ["map"]
    assert not job.is_running


def test_that_a_failure_is_told(qtbot, job):
    def work(step, cancel):
        raise ModelError("It gives no number.")

    with qtbot.waitSignal(job.failed) as failed:
        job.start(work)
    assert str(failed.args[0]) == "It gives no number."


def test_that_a_cancelled_job_ends_and_says_nothing_more(qtbot, job):
    ended, heard = Event(), []
    job.done.connect(heard.append)
    job.failed.connect(heard.append)

    def work(step, cancel):
        cancel.wait(10)
        ended.set()
        raise ScanCancelled

    job.start(work)
    assert job.is_running
    job.cancel()
    assert ended.wait(5)
    qtbot.wait(20)
    assert heard == []
    assert not job.is_running


def test_that_another_start_cancels_the_first(qtbot, job):
    cancelled = Event()

    def first(step, cancel):
        cancel.wait(10)
        cancelled.set()
        return "old"

    job.start(first)
    with qtbot.waitSignal(job.done) as done:
        job.start(lambda step, cancel: "new")
    assert done.args == ["new"]
    assert cancelled.wait(5)
