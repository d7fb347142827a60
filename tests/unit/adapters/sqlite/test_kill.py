"""Killed at random moments, a session loses nothing that it acknowledged."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from threading import Timer

import pytest

from inspector.adapters.sqlite import SessionStore
from inspector.domain.verdict import Decision
from tests.fakes import a_file

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to be quick")

REPOSITORY = Path(__file__).parents[4]


@pytest.fixture
def killable() -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.adapters.sqlite.deciding_child"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    yield child
    child.stdin.close()
    child.wait()
    child.stdout.close()


def run_and_kill(
    child: subprocess.Popen[str], path: Path, delay_s: float, *, opened: bool
) -> set[int]:
    """Kill a worker some time after its start or after opening; return what it acknowledged."""
    child.stdin.write(f"{path}\n")
    child.stdin.flush()
    worker = int(child.stdout.readline())
    if opened:
        assert child.stdout.readline() == "open\n"
    timer = Timer(delay_s, os.kill, (worker, signal.SIGKILL))
    timer.start()
    said = [line.strip() for line in iter(child.stdout.readline, "dead\n")]
    timer.join()
    return {int(line) for line in said if line.isdigit()}


def kill_many(child: subprocess.Popen[str], path: Path, rounds: int, seed: int) -> int:
    random, acknowledged = Random(seed), set()
    for n in range(rounds):
        delay_s = random.uniform(0.0, 0.25)
        acknowledged |= run_and_kill(child, path, delay_s, opened=n % 2 == 1)
    with SessionStore.open(path) as store:
        for n in acknowledged:
            (*_, last) = store.history(a_file(n).path)
            assert last.decision is Decision.DROP
        known = {item.path for item in store.items() if item.person is Decision.DROP}
        journal = path.with_name(path.name + "-journal.jsonl").read_bytes()
        assert all(a_file(n).path.encode() in journal for n in acknowledged)
        assert len(known) <= store.count()
    return len(acknowledged)


def test_that_a_few_kills_lose_no_acknowledged_decision(killable, session_path):
    assert kill_many(killable, session_path, 12, seed=1) > 0
    leftover = {p.name for p in session_path.parent.iterdir() if p.name.endswith(("-wal", "-shm"))}
    assert not leftover


@pytest.mark.slow
def test_that_two_hundred_kills_lose_no_acknowledged_decision(killable, session_path):
    assert kill_many(killable, session_path, 200, seed=2) > 0
