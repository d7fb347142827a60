"""The writer's queue: bounded, in order, and honest about what it could not write."""

import sqlite3
import threading

import numpy as np
import pytest

from inspector.adapters.sqlite import writer as writer_module
from inspector.adapters.sqlite.schema import migrate
from inspector.adapters.sqlite.writer import SessionWriter
from inspector.adapters.sqlite.writing import PendingItem
from inspector.domain.errors import StoreError
from tests.fakes import an_item


@pytest.fixture
def writer(tmp_path):
    path = tmp_path / "set.inspection"
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    migrate(connection, 0)
    made = SessionWriter(path, connection)
    yield made
    made.close()


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM items").fetchone()[0])


def pending(n: int, side: int = 8) -> PendingItem:
    return PendingItem.of(an_item(n), np.zeros((side, side, 3), np.uint8))


class Gate:
    """A job that holds the writer's thread until it is opened."""

    def __init__(self, writer: SessionWriter) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()
        self._thread = threading.Thread(target=writer.perform, args=(self._hold,))
        self._thread.start()
        self.entered.wait(10)

    def _hold(self, connection: sqlite3.Connection) -> None:
        self.entered.set()
        assert self.opened.wait(10)

    def open(self) -> None:
        self.opened.set()
        self._thread.join()


@pytest.mark.parametrize("limit", ["QUEUE_ITEMS", "QUEUE_BYTES"])
def test_that_put_waits_while_the_queue_is_full(writer, monkeypatch, limit):
    monkeypatch.setattr(writer_module, limit, {"QUEUE_ITEMS": 3, "QUEUE_BYTES": 9000}[limit])
    gate = Gate(writer)
    for n in range(3):
        writer.put(pending(n))
    done = threading.Event()

    def put_one_more() -> None:
        writer.put(pending(3))
        done.set()

    thread = threading.Thread(target=put_one_more)
    thread.start()
    assert not done.wait(0.1)
    gate.open()
    assert done.wait(10)
    thread.join()
    writer.flush()
    assert writer.perform(count) == 4


def test_that_an_item_larger_than_the_queue_still_fits_alone(writer, monkeypatch):
    monkeypatch.setattr(writer_module, "QUEUE_BYTES", 100)
    writer.put(pending(1, side=256))
    writer.flush()
    assert writer.perform(count) == 1


def test_that_a_job_overtakes_waiting_items(writer):
    gate = Gate(writer)
    for n in range(5):
        writer.put(pending(n))
    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.append(writer.perform(count)))
    thread.start()
    gate.open()
    thread.join()
    writer.flush()
    assert seen == [0]
    assert writer.perform(count) == 5


def test_that_a_failed_batch_is_told_once_and_later_ones_are_written(writer):
    writer.perform(lambda c: c.execute("ALTER TABLE thumbnails RENAME TO hidden"))
    writer.put(pending(1))
    with pytest.raises(StoreError, match="cannot be written"):
        writer.flush()
    writer.perform(lambda c: c.execute("ALTER TABLE hidden RENAME TO thumbnails"))
    writer.put(pending(2))
    writer.flush()
    assert writer.perform(count) == 1


def test_that_a_failing_job_fails_for_its_caller_alone(writer):
    with pytest.raises(StoreError, match="cannot be written"):
        writer.perform(lambda c: c.execute("SELECT * FROM nothing"))
    writer.put(pending(1))
    writer.flush()
    assert writer.perform(count) == 1


def test_that_no_transaction_is_open_between_pieces_of_work(writer):
    for n in range(600):
        writer.put(pending(n))
    writer.flush()
    assert writer.perform(lambda c: c.in_transaction) is False


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_that_nobody_waits_for_a_writer_that_broke_down(writer):
    def break_down(connection: sqlite3.Connection) -> None:
        raise ZeroDivisionError

    with pytest.raises(StoreError, match="closed"):
        writer.perform(break_down)
    with pytest.raises(StoreError, match="closed"):
        writer.put(pending(1))
    with pytest.raises(StoreError, match="closed"):
        writer.perform(count)
