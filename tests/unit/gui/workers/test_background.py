"""Jobs run off the UI thread, newest first, and report in it."""

from collections.abc import Iterator
from threading import Event, current_thread

import pytest
from shiboken6 import delete

from inspector.domain.errors import InspectorError
from inspector.gui.workers.background import BackgroundJobs


class Heard:
    """Keeps what the callbacks were given."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self.errors: list[str] = []
        self.threads: set[str] = set()

    def done(self, result: object) -> None:
        self.results.append(result)
        self.threads.add(current_thread().name)

    def failed(self, error: InspectorError) -> None:
        self.errors.append(str(error))
        self.threads.add(current_thread().name)


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def jobs(qapp) -> Iterator[BackgroundJobs]:
    jobs = BackgroundJobs(threads=1)
    yield jobs
    jobs.close()


def test_that_the_result_comes_back_in_the_ui_thread(qtbot, jobs, heard):
    jobs.submit("a", lambda: current_thread().name, heard.done, heard.failed)
    qtbot.waitUntil(lambda: bool(heard.results))
    assert heard.results == ["background-job"]
    assert heard.threads == {current_thread().name}


def test_that_an_error_raised_on_purpose_comes_back_as_failed(qtbot, jobs, heard):
    def work() -> None:
        raise InspectorError("It cannot be read.")

    jobs.submit("a", work, heard.done, heard.failed)
    qtbot.waitUntil(lambda: bool(heard.errors))
    assert heard.errors == ["It cannot be read."]
    assert heard.results == []


def test_that_the_newest_job_runs_first(qtbot, jobs, heard):
    started, go = Event(), Event()

    def block() -> str:
        started.set()
        go.wait(5)
        return "block"

    jobs.submit("block", block, heard.done, heard.failed)
    started.wait(5)
    for name in ("first", "second", "third"):
        jobs.submit(name, name.upper, heard.done, heard.failed)
    go.set()
    qtbot.waitUntil(lambda: len(heard.results) == 4)
    assert heard.results == ["block", "THIRD", "SECOND", "FIRST"]


def test_that_a_newer_job_with_the_same_key_replaces_one_waiting_and_one_running(
    qtbot, jobs, heard
):
    started, go = Event(), Event()

    def block() -> str:
        started.set()
        go.wait(5)
        return "late"

    jobs.submit("same", block, heard.done, heard.failed)
    started.wait(5)
    jobs.submit("same", lambda: "dropped", heard.done, heard.failed)
    jobs.submit("same", lambda: "newest", heard.done, heard.failed)
    go.set()
    qtbot.waitUntil(lambda: bool(heard.results))
    assert heard.results == ["newest"]


def test_that_a_forgotten_job_calls_nothing(qtbot, jobs, heard):
    started, go = Event(), Event()

    def block() -> str:
        started.set()
        go.wait(5)
        return "forgotten"

    jobs.submit("gone", block, heard.done, heard.failed)
    started.wait(5)
    jobs.forget("gone")
    jobs.submit("next", lambda: "next", heard.done, heard.failed)
    go.set()
    qtbot.waitUntil(lambda: bool(heard.results))
    assert heard.results == ["next"]


def test_that_close_waits_for_what_runs_and_calls_nothing_after(qtbot, heard):
    jobs = BackgroundJobs(threads=2)
    started, ended = Event(), Event()

    def work() -> None:
        started.set()
        ended.set()

    jobs.submit("a", work, heard.done, heard.failed)
    started.wait(5)
    jobs.close()
    assert ended.is_set()
    jobs.submit("b", work, heard.done, heard.failed)
    qtbot.wait(1)
    assert heard.results == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_that_a_bug_in_one_job_leaves_the_pool_working(qtbot, jobs, heard):
    jobs.submit("bug", list[int]().pop, heard.done, heard.failed)
    qtbot.waitUntil(lambda: bool(heard.errors))
    jobs.submit("good", lambda: 1, heard.done, heard.failed)
    qtbot.waitUntil(lambda: bool(heard.results))
    assert heard.results == [1]


def test_that_a_job_that_outlives_its_window_ends_in_silence(qapp, heard):
    hold, running = Event(), Event()

    def work():
        running.set()
        hold.wait(10)

    jobs = BackgroundJobs(threads=1)
    jobs.submit("slow", work, heard.done, heard.failed)
    assert running.wait(10)
    jobs.close(timeout_s=0.01)
    (thread,) = jobs._threads
    delete(jobs)
    hold.set()
    thread.join(10)
    assert heard.results == heard.errors == []
