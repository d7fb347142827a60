"""The whole app as a scenario runs it: started, killed, and read by what it leaves behind."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.torture.app_server import Job
from tests.torture.materials import REPOSITORY

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended; ``code`` is minus the signal where one ended it."""

    code: int
    out: str
    err: str

    @property
    def crashed(self) -> bool:
        return self.code not in (0, 1, 2, 3) or "Traceback" in self.err

    @property
    def is_one_sentence(self) -> bool:
        """Whether it stopped as it should: code 3 and one sentence of Inspector's own."""
        said = [line for line in self.err.splitlines() if line.startswith("inspector: ")]
        return self.code == 3 and len(said) == 1 and said[0].endswith(".") and not self.crashed


class App:
    """Owns the process that forks the app; one run at a time."""

    def __init__(self, scratch: Path) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._out = scratch / "said"
        self.log = scratch / "files.log"
        environment = {
            **os.environ,
            "INSPECTOR_HOME": str(scratch / "home"),
            "QT_QPA_PLATFORM": "offscreen",
        }
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.app_server"],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def __enter__(self) -> "App":
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(60)
        self._server.stdout.close()

    def start(self, *arguments: str | Path, file_limit: int = 0, out: Path | None = None) -> int:
        """Start a run and return its process id; ``log`` then names the files it takes up."""
        self.log.unlink(missing_ok=True)
        words = [str(argument) for argument in arguments]
        self._said = out or self._out
        job = Job(words, str(self._said), str(self.log), file_limit)
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(asdict(job)) + "\n")
        return int(self._line())

    def wait(self) -> Ended:
        code = os.waitstatus_to_exitcode(int(self._line()))
        err = Path(f"{self._said}.err").read_text("utf-8", "replace")
        return Ended(code, self._said.read_text("utf-8", "replace"), err)

    def run(self, *arguments: str | Path, file_limit: int = 0) -> Ended:
        self.start(*arguments, file_limit=file_limit)
        return self.wait()

    def taken_up(self) -> dict[bytes, float | None]:
        """Return the files that the last run took up, and the seconds each took if it was done."""
        began: dict[bytes, float] = {}
        took: dict[bytes, float | None] = {}
        text = self.log.read_text() if self.log.exists() else ""
        for line in text.splitlines():
            fields = line.split()
            if len(fields) != 3:
                continue  # the kill came in the middle of a line
            path = bytes.fromhex(fields[1])
            if fields[0] == "start":
                began[path] = float(fields[2])
                took[path] = None
            else:
                took[path] = float(fields[2]) - began[path]
        return took

    def _line(self) -> str:
        assert self._server.stdout is not None
        return self._server.stdout.readline()


def kill(pid: int) -> bool:
    """Kill a process; return whether it was still there."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def children(pid: int) -> list[int]:
    """Return the processes that a process started (Linux)."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) == pid and fields[0] != "Z":
                    found.append(int(entry))
    return found


def rows_of(file: Path) -> dict[bytes, Row]:
    """Return the rows of a JSONL file by the bytes of their paths."""
    rows: dict[bytes, Row] = {}
    for line in file.read_bytes().splitlines():
        row = json.loads(line)
        rows[path_of(row)] = row
    return rows


def path_of(row: Row) -> bytes:
    hexadecimal = row["path_hex"]
    return bytes.fromhex(str(hexadecimal)) if hexadecimal else os.fsencode(str(row["path"]))


def state_faults(row: Row) -> Iterator[str]:
    """Yield what is wrong with a row's state: every file ends in exactly one, with a reason."""
    name = str(row["path"])
    status, error = row["status"], row["error"]
    if status not in ("ok", "damaged", "unreadable", "skipped"):
        yield f"{name} is in no state"
    if (error is None) != (status == "ok"):
        yield f"{name} is {status} without a reason, or with one"
    if status in ("unreadable", "skipped") and row["likelihood"] is not None:
        yield f"{name} was not decoded and has a score"


def same_but_for(row: Row, other: Row, *names: str) -> bool:
    """Whether two rows agree in everything but some fields."""
    keys: Sequence[str] = [key for key in row if key not in names]
    return all(row[key] == other[key] for key in keys)
