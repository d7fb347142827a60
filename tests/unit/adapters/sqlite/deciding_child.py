"""A process to be killed: it opens a session, puts items and decides, and says what is safe.

Run with a session path a line on stdin. For each it forks a worker that prints its process id,
then the number of every decision once ``decide`` returned; it ends only by being killed.
"""

import os
import sys
from itertools import count
from pathlib import Path

from inspector.adapters.sqlite import SessionStore
from inspector.domain.verdict import Decision
from tests.fakes import a_decision, a_file, a_thumbnail, an_item


def decide_forever(path: Path) -> None:
    os.write(1, f"{os.getpid()}\n".encode())
    store = SessionStore.open(path) if path.exists() else SessionStore.create(path)
    start = store.count() + 1
    os.write(1, b"open\n")
    for n in count(start):
        store.put(an_item(n), a_thumbnail())
        store.decide([a_decision(a_file(n).path, Decision.DROP, at=str(n))])
        os.write(1, f"{n}\n".encode())


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            decide_forever(Path(line.strip()))
        os.waitpid(child, 0)
        os.write(1, b"dead\n")


if __name__ == "__main__":
    main()
