"""A fault of our own leaves a report that a person can read and send, never a bare traceback."""

import contextlib
import faulthandler
import os
import platform
import re
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

import inspector
from inspector.bootstrap.recorder import RECORDER, quoted
from inspector.bootstrap.versions import engine_versions
from inspector.domain.errors import UsageError
from inspector.domain.item import Item
from inspector.domain.media import FoundFile
from inspector.settings import Places

KEPT_REPORTS = 20
_FATAL = "fatal-"
_ENDED_BY_SIGNAL = "Fatal Python error"


class CrashWatch:
    """Writes reports below ``Places().data / "crashes"`` while it watches; any thread.

    Attributes:
        reports: written so far in this run.
    """

    def __init__(self, places: Places, arguments: Sequence[str]) -> None:
        self.folder = places.data / "crashes"
        self.reports: list[Path] = []
        self._arguments = tuple(arguments)
        self._lock = threading.Lock()

    def take(self, error: BaseException) -> Path | None:
        """Write a report and say one sentence on stderr; return the report, None if unwritable."""
        with self._lock:
            text = report_text(error, self._arguments)
            try:
                path = _fresh(self.folder, "crash-")
                path.write_text(text, encoding="utf-8", errors="backslashreplace")
            except OSError as trouble:
                _say(
                    f"Something in Inspector itself went wrong ({type(error).__name__}), and "
                    f"the report could not be written: {trouble.strerror}."
                )
                return None
            self.reports.append(path)
            _forget_oldest(self.folder)
        _say(f"Something in Inspector itself went wrong; what is known of it is in {path}")
        return path

    @contextlib.contextmanager
    def watching(self) -> Iterator["CrashWatch"]:
        """Take uncaught exceptions of every thread, and fatal signals, until the block is left."""
        main_hook, thread_hook = sys.excepthook, threading.excepthook
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook
        try:
            with _fatal_file(self.folder, self._arguments):
                yield self
        finally:
            sys.excepthook, threading.excepthook = main_hook, thread_hook

    def _hook(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        self.take(error if error.__traceback__ else error.with_traceback(trace))

    def _thread_hook(self, given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None:
            self._hook(given.exc_type, given.exc_value, given.exc_traceback)


def report_text(error: BaseException, arguments: Sequence[str]) -> str:
    """Return a report: versions, limits, the file in hand, the last events, the traceback."""
    in_hand = file_in_hand(error.__traceback__)
    return "\n".join(
        [
            *_heading(arguments),
            f"File in hand: {quoted(in_hand)}" if in_hand else "File in hand: not known",
            "",
            "Versions:",
            *(f"  {name} {value}" for name, value in engine_versions().items()),
            "",
            "Known of this run (limits of workers, device, session):",
            *(f"  {name}: {quoted(value)}" for name, value in RECORDER.facts().items()),
            "",
            "Last events:",
            *(f"  {line}" for line in RECORDER.lines()),
            "",
            *traceback.format_exception(error),
        ]
    )


def file_in_hand(trace: TracebackType | None) -> str | None:
    """Return the path of the file that the innermost frame which knows one was at work on."""
    found = None
    while trace is not None:
        for value in trace.tb_frame.f_locals.values():
            if isinstance(value, FoundFile | Item):
                found = value.path
        trace = trace.tb_next
    return found


def read_report(path: Path) -> str:
    """Return a report's text.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_text("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"The report {path} cannot be read: {error.strerror}.") from error


def scrubbed(report: str) -> str:
    """Return a report in which paths of the user's own are replaced, fit to be sent.

    Paths of code keep the part below the package; any other quoted absolute path, and what lies
    above it, becomes ``<path N>`` with its ending; the same path gets the same number.
    """
    numbers: dict[str, str] = {}
    text = report
    for path in sorted(_paths_in(report), key=len, reverse=True):
        text = text.replace(path, _stand_in(path, numbers))
    home = str(Path.home())
    text = text.replace(home, "<home>") if len(home) > 1 else text
    return _BARE.sub(lambda met: _stand_in(met.group(), numbers), text)


def _paths_in(report: str) -> set[str]:
    """Return the absolute paths that stand in quotes, as they are written and as they are."""
    found = set()
    for written in (first or second for first, second in _QUOTED.findall(report)):
        if _ABSOLUTE.match(written):
            found |= {written, re.sub(r"\\(.)", r"\1", written)}
    return found


_QUOTED = re.compile(r"""\"((?:[^"\\\n]|\\.)+)\"|'((?:[^'\\\n]|\\.)+)'""")
_ABSOLUTE = re.compile(r"/|[A-Za-z]:\\|\\\\")
_BARE = re.compile(r"(?<![\w<>./:-])/[^\s\"'<>,;:]+")
_CODE = re.compile(r"(?:site-packages|lib/python3\.\d+|\binspector)[/\\](?=[\w/\\.-]+\.py$)")


def _stand_in(path: str, numbers: dict[str, str]) -> str:
    code = list(_CODE.finditer(path))
    if code:
        return path[code[0].start() :]
    ending = os.path.splitext(path)[1]
    shown = ending if re.fullmatch(r"\.\w{1,10}", ending) else ""
    return numbers.setdefault(path, f"<path {len(numbers) + 1}>{shown}")


def ended_by_signal(places: Places) -> Sequence[Path]:
    """Return reports of earlier runs that a fatal signal ended, each once.

    Files of runs that were killed from outside hold no more than a heading; they are removed.
    """
    told = []
    for path in sorted((places.data / "crashes").glob(f"{_FATAL}*.txt")):
        pid = path.stem.rpartition("-")[2]
        if pid == str(os.getpid()) or (pid.isdigit() and _runs(int(pid))):
            continue
        with contextlib.suppress(OSError):
            if _ENDED_BY_SIGNAL in path.read_text("utf-8", "replace"):
                kept = path.with_name(path.name.removeprefix(_FATAL))
                path.rename(kept)
                told.append(kept)
            else:
                path.unlink()
    return told


def _runs(pid: int) -> bool:
    """Whether a process of that number runs, where that can be asked without harm."""
    if sys.platform == "win32":
        return False  # an open file cannot be renamed or removed there, which says the same
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def _fatal_file(folder: Path, arguments: Sequence[str]) -> Iterator[None]:
    """Have a fatal signal write all threads' tracebacks below a heading; removed at the end."""
    if faulthandler.is_enabled():  # somebody wants them elsewhere
        yield
        return
    try:
        path = _fresh(folder, _FATAL, f"-{os.getpid()}")
        file = path.open("wb", buffering=0)
    except OSError:
        yield
        return
    try:
        heading = "\n".join([*_heading(arguments), "", ""])
        with contextlib.suppress(OSError):  # a full disk: the signal's lines may not fit either
            file.write(heading.encode("utf-8", "backslashreplace"))
        faulthandler.enable(file)
        yield
    finally:
        faulthandler.disable()
        file.close()
        with contextlib.suppress(OSError):
            path.unlink()


def _heading(arguments: Sequence[str]) -> list[str]:
    return [
        f"Inspector {inspector.__version__} went wrong.",
        f"At: {datetime.now().astimezone().isoformat(timespec='seconds')}",
        f"System: {platform.platform()}, Python {platform.python_version()}",
        f"Command: inspector {' '.join(map(quoted, arguments))}",
    ]


def _fresh(folder: Path, start: str, end: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    path, number = folder / f"{start}{stamp}{end}.txt", 2
    while path.exists():
        path, number = folder / f"{start}{stamp} {number}{end}.txt", number + 1
    return path


def _forget_oldest(folder: Path) -> None:
    reports = sorted(folder.glob("crash-*.txt"), key=lambda path: path.stat().st_mtime_ns)
    for path in reports[:-KEPT_REPORTS]:
        path.unlink(missing_ok=True)


def _say(sentence: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"inspector: {sentence}\n")
