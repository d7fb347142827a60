"""Which sessions are being worked on, so that the next start knows of a run that ended badly."""

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from inspector.adapters.sqlite.lock import SessionLock
from inspector.domain.errors import InspectorError, StoreError
from inspector.ports import ScanCancelled
from inspector.settings import Places


class RunningMark:
    """A small file that names a session while it is worked on; the system unlocks it at death.

    Without a folder that can be written there is no mark, and work goes on.
    """

    def __init__(self, places: Places, session: Path) -> None:
        self._file = _folder(places) / f"{os.getpid()}-{id(self):x}.json"
        self._lock: SessionLock | None = None
        with contextlib.suppress(OSError, StoreError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._lock = SessionLock(self._file)
            # JSON in ASCII keeps names that are no UTF-8 whole.
            self._file.write_text(json.dumps({"session": str(session.resolve())}), "ascii")

    def remove(self) -> None:
        """Say that the work ended as it should."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)
        self.leave()

    def leave(self) -> None:
        """Let go and leave the mark for the next start to find."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None


@contextlib.contextmanager
def marked_running(places: Places, session: Path) -> Iterator[None]:
    """Mark a session as worked on; the mark stays if a fault of our own ends the block."""
    mark = RunningMark(places, session)
    try:
        yield
        mark.remove()
    except (InspectorError, ScanCancelled, KeyboardInterrupt, GeneratorExit):
        mark.remove()
        raise
    finally:
        mark.leave()  # of a mark that was removed, nothing is left to leave


def left_behind(places: Places) -> Sequence[Path]:
    """Return sessions whose last run ended badly, the newest first, each once only."""
    sessions: dict[Path, None] = {}
    marks = [path for path in _folder(places).glob("*.json") if path.is_file()]
    for mark in sorted(marks, key=lambda path: path.stat().st_mtime_ns, reverse=True):
        with contextlib.suppress(OSError, StoreError):
            lock = SessionLock(mark)  # fails while its process lives
            try:
                session = _session_of(mark)
                mark.unlink()
            finally:
                lock.release()
            if session is not None and session.exists():
                sessions[session] = None
    return tuple(sessions)


def _session_of(mark: Path) -> Path | None:
    try:
        match json.loads(mark.read_text("ascii")):
            case {"session": str(session)}:
                return Path(session)
            case _:
                return None
    except ValueError:
        return None


def _folder(places: Places) -> Path:
    return places.data / "running"
