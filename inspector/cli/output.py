"""What commands print: data on stdout, words and progress on stderr."""

import json
import sys
from types import TracebackType
from typing import IO, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from inspector.domain import events
from inspector.domain.record import Json

WIDE = 1000
"""Columns of a table that no terminal shows: cells stay whole on one line."""

ERR = Console(stderr=True, highlight=False, soft_wrap=True)
OUT = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)


def say(sentence: str) -> None:
    """Print one sentence for people on stderr, as plain text."""
    ERR.print(sentence, markup=False)


def print_json(value: Json, stream: IO[str] | None = None) -> None:
    """Print one JSON value on a line of its own."""
    target = stream or sys.stdout
    target.write(json.dumps(value, ensure_ascii=False) + "\n")


def print_pretty_json(value: Json) -> None:
    """Print one JSON value with indents, keys as they stand."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


class ProgressLine:
    """Files done, rate and time left on stderr while it is a terminal; silent otherwise."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[figures]}"),
            console=ERR,
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._task = self._progress.add_task("Scanning", total=None, figures="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def show(self, progress: events.Progress) -> None:
        """Show the figures as they stand."""
        left = (
            "" if progress.seconds_left is None else f", {spoken_time(progress.seconds_left)} left"
        )
        figures = (
            f"{progress.done:,} of {progress.found:,}{'' if progress.discovered else '+'}, "
            f"{progress.files_per_s:.1f} files/s{left}"
        )
        self._progress.update(
            self._task,
            completed=progress.done,
            total=progress.found if progress.discovered else None,
            figures=figures,
        )


class CountLine:
    """How many of a known number are done, on stderr while it is a terminal."""

    def __init__(self, what: str, total: int) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed} of {task.total}"),
            console=ERR,
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._task = self._progress.add_task(what, total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def show(self, done: int) -> None:
        """Show how many are done."""
        self._progress.update(self._task, completed=done)


def spoken_time(seconds: float) -> str:
    """Return a duration as people say it: "40 s", "3 min 10 s", "2 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
