"""Forks one whole app after the other from a process that has imported it already.

Run with a JSON object a line on stdin, see ``Job``. Each app's process id is printed, then, when
it has ended, its wait status. A second of imports is thus paid once and not at every kill.
"""

import json
import os
import resource
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass
from typing import Any

from inspector.__main__ import main as run_app
from inspector.pipeline.assess import Assessor


@dataclass(frozen=True, slots=True)
class Job:
    """One run of the app.

    Attributes:
        arguments: of the command line.
        out: file for stdout and, with ``.err`` added, for stderr.
        log: file that gets a line as each file is taken up and done; empty for none.
        file_limit: most bytes of a file that may be written; 0 for any.
    """

    arguments: list[str]
    out: str
    log: str = ""
    file_limit: int = 0


def main() -> None:
    for line in sys.stdin:
        job = Job(**json.loads(line))
        ends = [_writer(path, limited=bool(job.file_limit)) for path in (job.out, job.out + ".err")]
        child = os.fork()
        if child == 0:
            for descriptor, end in zip((1, 2), ends, strict=True):
                os.dup2(end.descriptor, descriptor)
            _be_the_app(job)
        os.write(1, f"{child}\n".encode())
        for end in ends:
            os.close(end.descriptor)
        _, status = os.waitpid(child, 0)
        for end in ends:
            if end.copier is not None:
                end.copier.wait()
        os.write(1, f"{status}\n".encode())


@dataclass(frozen=True, slots=True)
class _End:
    """Where a run's words go, and who copies them on, if anybody does."""

    descriptor: int
    copier: "subprocess.Popen[bytes] | None" = None


def _writer(path: str, *, limited: bool) -> _End:
    """Open a file for what a run says; a run whose files are limited says it through a pipe."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    if not limited:
        return _End(file)
    read, write = os.pipe()
    copier = subprocess.Popen(["cat"], stdin=read, stdout=file)
    os.close(read)
    os.close(file)
    return _End(write, copier)


def _be_the_app(job: Job) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    if job.log:
        _log_files(job.log)
    if job.file_limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job.file_limit, job.file_limit))
    code = 70
    try:
        code = run_app(job.arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        raise
    finally:
        os._exit(code)


def _log_files(path: str) -> None:
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    assess = Assessor.assess

    def logged(self: Assessor, file: Any, cancel: Any) -> Any:
        name = os.fsencode(file.path).hex()
        os.write(log, f"start {name} {time.monotonic()}\n".encode())
        try:
            return assess(self, file, cancel)
        finally:
            os.write(log, f"end {name} {time.monotonic()}\n".encode())

    Assessor.assess = logged  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
