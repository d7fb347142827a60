"""The decision journal beside a session: every decision, on disk before it is acknowledged."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inspector.domain.verdict import Decision, PersonDecision

_TAIL_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class NumberedDecision:
    """A decision with its place in the session's log; numbers start at 1 and never repeat."""

    number: int
    decision: PersonDecision


class DecisionJournal:
    """Owns ``NAME.inspection-journal.jsonl``: a JSON object a line, only ever appended to.

    A line names the session's own identity, so that the journal of an older session of the same
    name is never taken for this one's. Lives in the store's writer thread.
    """

    def __init__(self, session_path: Path, session: str) -> None:
        self.path = journal_path(session_path)
        self._session = session

    def append(self, decisions: Iterable[NumberedDecision]) -> int:
        """Write decisions and return once they are on disk.

        Returns:
            The length of the journal before, in bytes, for ``take_back``.

        Raises:
            OSError: they could not be written; the journal is as it was.
        """
        text = "".join(self._line(entry) for entry in decisions).encode("ascii")
        with self.path.open("ab", buffering=0) as file:
            before = file.seek(0, os.SEEK_END)
            if before and self._ends_torn():
                text = b"\n" + text
            try:
                _write_all(file.fileno(), text)
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), before)
                raise
        if not before:
            sync_folder(self.path.parent)
        return before

    def take_back(self, length: int) -> None:
        """Cut the journal to a former length; needs no room on the disk."""
        with self.path.open("r+b") as file:
            file.truncate(length)
            os.fsync(file.fileno())

    def after(self, number: int) -> Iterator[NumberedDecision]:
        """Yield this session's decisions with higher numbers, in order.

        A line that a power cut left torn was never acknowledged, and is passed over.
        """
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            newest = self._read(_last_line(file))
            if newest is not None and newest.number <= number:
                return
            file.seek(0)
            for line in file:
                entry = self._read(line)
                if entry is not None and entry.number > number:
                    number = entry.number
                    yield entry

    def _ends_torn(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"

    def _line(self, entry: NumberedDecision) -> str:
        decision = entry.decision
        line = {
            "session": self._session,
            "number": entry.number,
            "at": decision.at,
            "decision": decision.decision.value if decision.decision else None,
            "sha256": decision.sha256,
            "path": decision.path,
        }
        return json.dumps(line, separators=(",", ":")) + "\n"

    def _read(self, line: bytes) -> NumberedDecision | None:
        try:
            match json.loads(line):
                case {
                    "session": self._session,
                    "number": int(number),
                    "at": str(at),
                    "decision": (str() | None) as decision,
                    "sha256": (str() | None) as sha256,
                    "path": str(path),
                }:
                    os.fsencode(path)  # text that names no file cannot be replayed
                    chosen = Decision(decision) if decision is not None else None
                    return NumberedDecision(number, PersonDecision(path, sha256, chosen, at))
                case _:
                    return None
        except ValueError:
            return None


def _last_line(file: BinaryIO) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL_BYTES))
    return file.read().rstrip(b"\n").rpartition(b"\n")[2]


def journal_path(session: Path) -> Path:
    return session.with_name(session.name + "-journal.jsonl")


def sync_folder(folder: Path) -> None:
    """Make a new or renamed entry of a folder last; Windows does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
