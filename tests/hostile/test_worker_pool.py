"""Workers crash, hang, grow and are killed; the pool and every other file stay well."""

import os
import select
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from inspector.adapters.media import staff
from inspector.adapters.media.pool import WorkerPool
from inspector.adapters.media.process import WorkerStartError
from inspector.bootstrap.worker import worker_entry
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import ItemStatus
from inspector.ports import ExaminePlan, ScanCancelled
from inspector.settings import LimitSettings
from tests.unit.adapters.media.drawing import clip, encoded, examined, found, photo

LIMITS = LimitSettings(
    image_timeout_s=5, video_stall_s=5, resident_bytes=200 << 20, frame_ring_bytes=4 << 20
)
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's limits")
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


@pytest.fixture(scope="module")
def pool():
    made = WorkerPool(2, LIMITS, worker_entry(module="tests.hostile.misbehaving"))
    yield made
    made.close()


@pytest.fixture
def picture(tmp_path):
    def draw(name: str):
        path = tmp_path / f"{name}.png"
        path.write_bytes(encoded(photo(), "PNG"))
        return path

    return draw


def ended(pid: int, within_s: float = 10) -> bool:
    """Wait until a process is gone."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], within_s)[0])
    finally:
        os.close(descriptor)


def test_that_a_picture_comes_through_unharmed(pool, picture):
    got = examined(pool, picture("good"))
    assert got.seen.status is ItemStatus.OK
    assert np.array_equal(got.pixels, np.asarray(photo()))
    assert got.seen.thumbnail is not None
    assert got.seen.thumbnail.shape == (64, 96, 3)


def test_that_a_clip_comes_through_a_ring_that_is_far_too_small(pool, tmp_path):
    path = clip(tmp_path / "a.mkv", size=(640, 480))  # 48 frames of 0.9 MB through 4 MB
    got = examined(pool, path, ExaminePlan(frames=None))
    assert got.numbers == list(range(48))
    assert [frame.index for frame in got.frames] == list(range(48))


def test_that_a_frame_larger_than_the_ring_comes_in_bands(pool, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(encoded(photo(2000, 1500), "PNG", compress_level=1))
    got = examined(pool, path)
    assert np.array_equal(got.pixels, np.asarray(photo(2000, 1500)))
    assert np.array_equal(pool.picture(str(path)).pixels, got.pixels)


def test_that_what_a_person_waits_for_comes_too(pool, picture, tmp_path):
    path = picture("good")
    assert pool.thumbnail(str(path), 48).shape == (32, 48, 3)
    assert np.array_equal(pool.picture(str(path)).pixels, np.asarray(photo()))
    assert pool.manifests(str(path)).raw_json == "{}"
    with pytest.raises(MediaError, match="gone"):
        pool.thumbnail(str(path) + ".gone", 48)


def test_that_a_clip_is_stepped_in_a_worker_of_its_own(pool, tmp_path):
    reader = pool.open_clip(str(clip(tmp_path / "a.mp4")))
    assert reader.info.frame_count == 48
    assert reader.frame_at(1.0).pts_s == pytest.approx(1.0)
    following = reader.next_frame()
    assert following is not None
    assert following.pts_s == pytest.approx(25 / 24)
    before = reader.previous_frame()
    assert before is not None
    assert before.pts_s == pytest.approx(1.0)
    reader.close()
    reader.close()
    with pytest.raises(MediaError, match="closed"):
        reader.next_frame()


@posix
def test_that_a_clip_whose_worker_was_killed_goes_on_where_it_was(pool, tmp_path):
    idle = set(pool.worker_pids())
    reader = pool.open_clip(str(clip(tmp_path / "a.mp4")))
    reader.frame_at(1.0)
    for pid in {*pool.worker_pids(), *idle}:
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(MediaError):
        reader.next_frame()
    following = reader.next_frame()
    assert following is not None
    assert following.pts_s == pytest.approx(25 / 24)
    reader.close()


def test_that_a_still_picture_cannot_be_opened_as_a_clip(pool, picture):
    with pytest.raises(MediaError, match="still picture"):
        pool.open_clip(str(picture("good")))


@pytest.mark.parametrize("word", ["segfault", "exit"])
def test_that_a_crash_costs_one_file(pool, picture, word):
    seen = examined(pool, picture(word)).seen
    assert seen.status is ItemStatus.UNREADABLE
    assert seen.fault is not None
    assert seen.fault.code is FaultCode.CRASHED
    assert examined(pool, picture("good")).seen.status is ItemStatus.OK


def test_that_a_frame_is_delivered_once_although_the_file_is_tried_twice(pool, picture):
    got = examined(pool, picture("segfault"))
    assert [frame.index for frame in got.frames] == [0]


@pytest.mark.slow
def test_that_a_hang_ends_at_the_deadline(picture):
    limits = LIMITS.model_copy(update={"image_timeout_s": 0.5})
    pool = WorkerPool(1, limits, worker_entry(module="tests.hostile.misbehaving"))
    try:
        began = time.monotonic()
        seen = examined(pool, picture("hang")).seen
        assert seen.fault is not None
        assert seen.fault.code is FaultCode.TIMEOUT
        assert seen.fault.message == "Reading the picture took longer than 0.5 s."
        assert time.monotonic() - began < 20
    finally:
        pool.close()


def test_that_time_the_receiver_takes_does_not_count(picture):
    limits = LIMITS.model_copy(update={"image_timeout_s": 0.6})
    pool = WorkerPool(1, limits, worker_entry(module="tests.hostile.misbehaving"))
    try:
        pool.isolation()  # the worker is up
        slow = Event()
        got = examined(pool, picture("good"), on_frame=lambda frame: slow.wait(1.0))
        assert got.seen.status is ItemStatus.OK
    finally:
        pool.close()


@linux
def test_that_a_worker_that_outgrows_its_memory_is_ended(pool, picture):
    seen = examined(pool, picture("grow")).seen
    assert seen.fault is not None
    assert seen.fault.code is FaultCode.OUT_OF_MEMORY


@linux
def test_that_address_space_is_limited_and_a_reader_that_fails_costs_nothing(pool, picture):
    assert examined(pool, picture("map_all")).seen.status is ItemStatus.OK


@linux
@pytest.mark.parametrize("word", ["connect", "write", "overwrite", "remove", "touch", "fork"])
def test_that_workers_can_neither_connect_nor_write(pool, picture, word):
    if pool.isolation()["seccomp"] != "in force":
        pytest.skip("libseccomp is not there")
    path = picture(word)
    before = path.stat()
    message = examined(pool, path).seen.provenance.message
    assert message is not None
    assert message.startswith("refused")
    assert path.stat() == before
    assert sorted(os.listdir(path.parent)) == [path.name]


@linux
def test_that_workers_can_start_no_program(pool, picture):
    message = examined(pool, picture("execute")).seen.provenance.message
    assert message is not None
    assert message.startswith("refused")


@posix
def test_that_killed_workers_cost_at_most_the_files_in_hand(pool, picture):
    good = [picture(f"good{number}") for number in range(60)]
    kills, stop = [], Event()

    def kill() -> None:
        while not stop.wait(0.05):
            for pid in pool.worker_pids()[:1]:
                os.kill(pid, signal.SIGKILL)
                kills.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with ThreadPoolExecutor(2) as callers:
            results = list(callers.map(lambda path: examined(pool, path).seen, good))
    finally:
        stop.set()
        killer.join()
    lost = [seen for seen in results if seen.status is not ItemStatus.OK]
    assert len(results) == 60
    assert len(lost) <= len(kills) // 2
    assert all(seen.status is ItemStatus.UNREADABLE and seen.fault for seen in lost)
    assert examined(pool, good[0]).seen.status is ItemStatus.OK


def test_that_cancelling_a_busy_examination_is_prompt(pool, picture):
    path, cancel, times = picture("hang"), Event(), []

    def stop(frame) -> None:
        cancel.set()
        times.append(time.monotonic())

    with pytest.raises(ScanCancelled):
        pool.examine(found(path), ExaminePlan(), stop, cancel)
    assert time.monotonic() - times[0] < 0.5
    assert examined(pool, picture("good")).seen.status is ItemStatus.OK


def test_that_a_cancelled_call_does_not_wait_for_a_worker(pool, picture):
    cancel = Event()
    cancel.set()
    with pytest.raises(ScanCancelled):
        pool.examine(found(picture("hang")), ExaminePlan(), lambda frame: None, cancel)


def test_that_an_error_of_the_receiver_reaches_the_caller(pool, picture):
    def fail(frame) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        examined(pool, picture("good"), on_frame=fail)
    assert examined(pool, picture("good")).seen.status is ItemStatus.OK


def test_that_many_threads_may_ask_at_once(pool, picture):
    path = picture("good")
    with ThreadPoolExecutor(8) as callers:
        shapes = list(callers.map(lambda _: pool.thumbnail(str(path), 48).shape, range(40)))
    assert set(shapes) == {(32, 48, 3)}


def test_that_closing_ends_calls_in_flight_and_every_worker(picture):
    pool = WorkerPool(1, LIMITS, worker_entry(module="tests.hostile.misbehaving"))
    path, begun = picture("hang"), Event()
    with ThreadPoolExecutor(1) as callers:
        call = callers.submit(examined, pool, path, None, lambda frame: begun.set())
        assert begun.wait(30)
        pids = pool.worker_pids()
        pool.close()
        with pytest.raises(MediaError):
            call.result(10)
    with pytest.raises(MediaError):
        examined(pool, path)
    if sys.platform == "linux":
        assert all(ended(pid) for pid in pids)


def test_that_a_broken_installation_is_said_once_and_not_blamed_on_files(picture):
    broken = WorkerPool(1, LIMITS, (sys.executable, "-c", "import no_such_module"))
    try:
        with pytest.raises(WorkerStartError, match="no_such_module"):
            examined(broken, picture("good"))
    finally:
        broken.close()
    missing = WorkerPool(1, LIMITS, ("/nowhere/python",))
    try:
        with pytest.raises(WorkerStartError):
            examined(missing, picture("good"))
    finally:
        missing.close()


@pytest.fixture
def dying(tmp_path, monkeypatch):
    """Make pools whose next starts end by a signal."""
    pools = []

    def make(starts: int, number: int) -> WorkerPool:
        plan = tmp_path / "plan"
        plan.write_text(f"{starts} {number}")
        monkeypatch.setenv("DYING_STARTS", str(plan))
        pools.append(WorkerPool(1, LIMITS, worker_entry(module="tests.hostile.dying_starts")))
        return pools[-1]

    yield make
    for made in pools:
        made.close()


@posix
def test_that_starts_killed_from_outside_do_not_count_as_a_broken_installation(dying, picture):
    pool = dying(15, signal.SIGKILL)
    assert examined(pool, picture("good")).seen.status is ItemStatus.OK


@posix
def test_that_starts_that_crash_count_as_a_broken_installation(dying, picture):
    pool = dying(15, signal.SIGSEGV)
    with pytest.raises(WorkerStartError, match="cannot start"):
        examined(pool, picture("good"))


@posix
def test_that_starts_killed_without_an_end_are_said(dying, picture, monkeypatch):
    monkeypatch.setattr(staff, "_KILLED_S", 1.0)
    pool = dying(10_000, signal.SIGKILL)
    with pytest.raises(WorkerStartError, match="the system or another program kills them"):
        examined(pool, picture("good"))


_PARENT = """
import sys
sys.path[:] = {path!r}
from threading import Event
from inspector.adapters.media.pool import WorkerPool
from inspector.bootstrap.worker import worker_entry
from inspector.ports import ExaminePlan
from inspector.settings import LimitSettings
from tests.unit.adapters.media.drawing import found
pool = WorkerPool(1, LimitSettings(), worker_entry(module="tests.hostile.misbehaving"))
def told(frame):
    print(*pool.worker_pids(), flush=True)
pool.examine(found({file!r}), ExaminePlan(), told, Event())
"""


@linux
def test_that_workers_never_survive_their_parent(picture):
    code = _PARENT.format(path=sys.path, file=str(picture("hang")))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        parent.kill()
    assert pids
    assert all(ended(pid) for pid in pids)
