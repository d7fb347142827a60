"""Forks one whole app after the other from a process that has imported it already.

Run with a JSON object a line on stdin, see ``Job``. Each app's process id is printed, then, when
it has ended, its wait status. A second of imports is thus paid once and not at every kill.
"""

import json
import os
import resource
import sys
import time
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
        child = os.fork()
        if child == 0:
            _be_the_app(job)
        os.write(1, f"{child}\n".encode())
        _, status = os.waitpid(child, 0)
        os.write(1, f"{status}\n".encode())


def _be_the_app(job: Job) -> None:
    for descriptor, path in ((1, job.out), (2, job.out + ".err")):
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(target, descriptor)
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
