"""``inspector scan``: examine folders into a session."""

import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import IO, Annotated

import typer

from inspector.bootstrap.scanning import RunningScan, ScanRequest, open_scan
from inspector.cli.output import ProgressLine, print_json, say
from inspector.domain.errors import ListError, UsageError
from inspector.domain.events import ItemJudged, PathTrouble, Progress, ScanFinished
from inspector.domain.media import ItemStatus, display_path
from inspector.domain.record import record_of


def scan(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Folders and files.")],
    session: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Session to write; none: a temporary one.")
    ] = None,
    jsonl: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="One JSON object per file.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="ID|DIR", help="Detector; auto picks by device.")
    ] = None,
    no_detector: Annotated[
        bool, typer.Option("--no-detector", help="Read provenance and traces only.")
    ] = False,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda, ...")] = None,
    policy: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE", help="cautious, strict, pristine, report, or a file."),
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Files in work at once.")] = None,
    frames: Annotated[
        str | None, typer.Option(metavar="N|all", help="Frames scored per clip.")
    ] = None,
    stability: Annotated[
        bool,
        typer.Option(
            "--stability", help="Score again as JPEG 90 and at 0.75 scale; what flips is reviewed."
        ),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an existing session.")
    ] = False,
    engine: Annotated[str, typer.Option(help="local or ray.")] = "local",
) -> int:
    """Examine folders and files; write what is known of each."""
    if engine != "local":
        raise UsageError(f"There is no engine {engine} in this version; local is the one there is.")
    request = ScanRequest(
        roots=tuple(paths),
        session=session,
        resume=resume,
        model=model,
        no_detector=no_detector,
        device=device,
        policy=policy,
        jobs=jobs,
        frames=_frame_count(frames),
        stability=stability,
    )
    cancel = Event()
    with _interrupt_sets(cancel), open_scan(request, cancel) as running:
        for word in running.words:
            say(word)
        with _jsonl_stream(jsonl) as rows:
            tally = _follow(running, rows)
    return _ending(tally, running.session, session is not None)


class _Tally:
    """Counts what a scan found, for the closing sentence and the exit code."""

    def __init__(self) -> None:
        self.statuses: Counter[ItemStatus] = Counter()
        self.decisions: Counter[str] = Counter()
        self.paths_missing = 0
        self.cancelled = False
        self.found = 0


def _follow(running: RunningScan, rows: IO[str] | None) -> _Tally:
    tally = _Tally()
    said = _fallback(running)
    with ProgressLine() as line:
        for event in running.events():
            if (fallback := _fallback(running)) != said:
                said = fallback
                say(fallback or "")
            match event:
                case ItemJudged(item=item):
                    tally.statuses[item.status] += 1
                    if item.decision is not None:
                        tally.decisions[item.decision.value] += 1
                    if rows is not None:
                        print_json(record_of(item), rows)
                case PathTrouble(path=path, message=message, dropped=dropped):
                    tally.paths_missing += dropped
                    say(f"{display_path(path)}: {message}")
                case Progress():
                    line.show(event)
                case ScanFinished(found=found, cancelled=cancelled):
                    tally.cancelled, tally.found = cancelled, found
                case _:
                    pass
    return tally


def _fallback(running: RunningScan) -> str | None:
    """Return why the detector is not where it was wanted, as of now."""
    device = running.device()
    return device.fallback_reason if device else None


def _ending(tally: _Tally, session: Path, kept: bool) -> int:
    done = sum(tally.statuses.values())
    unreadable = tally.statuses[ItemStatus.UNREADABLE]
    if tally.cancelled:
        on = f" Go on with: inspector scan ... --session {session} --resume" if kept else ""
        say(f"inspector: Stopped after {done:,} files.{on}")
        return 3
    if tally.paths_missing and not tally.found:
        say("inspector: None of the paths could be read.")
        return 3
    words = ", ".join(f"{count:,} {name}" for name, count in sorted(tally.decisions.items()))
    skipped = tally.statuses[ItemStatus.SKIPPED]
    say(
        f"{done:,} files: {words or 'nothing decided'}; "
        f"{unreadable:,} unreadable, {skipped:,} skipped."
    )
    return 1 if unreadable or tally.paths_missing else 0


def _frame_count(written: str | None) -> int | None:
    """Return frames per clip, 0 for every frame, None where nothing was asked."""
    if written is None:
        return None
    if written == "all":
        return 0
    if written.isascii() and written.isdigit() and int(written) > 0:
        return int(written)
    raise UsageError(f"--frames takes a whole number over 0 or all, not {written}.")


@contextmanager
def _interrupt_sets(cancel: Event) -> Iterator[None]:
    """Let the first Ctrl-C ask the scan to stop; the second one ends the program."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()

    earlier = signal.signal(signal.SIGINT, ask)
    earlier_term = signal.signal(signal.SIGTERM, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, earlier)
        signal.signal(signal.SIGTERM, earlier_term)


@contextmanager
def _jsonl_stream(target: str | None) -> Iterator[IO[str] | None]:
    """Yield where rows go; a file appears under its name only once it is whole."""
    if target is None:
        yield None
        return
    if target == "-":
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield sys.stdout
        sys.stdout.flush()
        return
    final = Path(target)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{final.name}.", dir=final.parent)
    except OSError as error:
        raise ListError(f"{final} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(final)
    except OSError as error:
        raise ListError(f"{final} cannot be written: {error.strerror}.") from error
    finally:
        Path(temporary).unlink(missing_ok=True)
