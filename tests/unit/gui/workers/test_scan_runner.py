"""A scan in its own thread."""

from threading import Event, get_ident

import numpy as np

from inspector.domain.errors import StoreError
from inspector.domain.events import FilesFound, ItemJudged, ScanFinished
from inspector.gui.workers.event_queue import EventQueue
from inspector.gui.workers.scan_runner import ScanRunner
from tests.builders import a_file, an_item


def test_that_events_come_in_order_in_the_window_s_thread(qtbot):
    def scan(cancel):
        for number in range(1000):
            yield FilesFound((a_file(number),))
        yield ScanFinished(1000, 1000, False)

    taken, threads = [], set()

    def take(events):
        taken.extend(events)
        threads.add(get_ident())

    runner = ScanRunner(scan)
    runner.events.connect(take)
    with qtbot.waitSignal(runner.finished, timeout=5000):
        runner.start()
    assert [event.files[0].path for event in taken[:-1]] == [a_file(n).path for n in range(1000)]
    assert threads == {get_ident()}


def test_that_cancel_stops_an_endless_scan(qtbot):
    def scan(cancel):
        while not cancel.is_set():
            yield ItemJudged(an_item(1))

    runner = ScanRunner(scan)
    runner.start()
    with qtbot.waitSignal(runner.finished, timeout=5000):
        runner.cancel()


def test_that_a_scan_that_fails_says_so_and_finishes(qtbot):
    def scan(cancel):
        yield FilesFound((a_file(1),))
        raise StoreError("The disk is full.")

    runner = ScanRunner(scan)
    told = []
    runner.failed.connect(told.append)
    with qtbot.waitSignal(runner.finished, timeout=5000):
        runner.start()
    assert [str(error) for error in told] == ["The disk is full."]


def test_that_an_abandoned_scan_ends_though_nobody_takes_its_events(qtbot):
    begun = Event()

    def scan(cancel):
        while not cancel.is_set():
            begun.set()
            yield ItemJudged(an_item(1), np.zeros((256, 256, 3), np.uint8))

    runner = ScanRunner(scan)
    runner.start()
    begun.wait(5)
    assert runner.abandon(5)


def test_that_the_queue_is_bounded_in_bytes():
    queue = EventQueue(most_bytes=1000)
    heavy = ItemJudged(an_item(1), np.zeros((20, 20, 3), np.uint8))
    queue.put(heavy)
    assert not queue._has_room()
    assert queue.take(10) == [heavy]
    assert queue._has_room()
