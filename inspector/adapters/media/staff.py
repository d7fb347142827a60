"""Keeps workers: starts them ahead of need, lends them, retires and replaces them."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from inspector.adapters.media.process import WorkerProcess, WorkerStartError
from inspector.domain.errors import FaultCode, MediaError
from inspector.settings import LimitSettings

_RETIRE_AFTER = 500
"""Files after which a worker is replaced: small leaks in decoders add up."""

_RETIRE_SHARE = 0.33
"""Share of the memory limit at which an idle worker is replaced."""

_TRIES = 2
"""Starts in a row that may fail by themselves before the installation counts as broken."""

_KILLED_S = 60.0
"""How long starts may be killed from outside, one after the other, before nobody waits longer."""

_WAIT_S = 0.05


class Staff:
    """Owns every worker process. A lent worker belongs to its borrower's thread."""

    def __init__(self, size: int, limits: LimitSettings, entry: Sequence[str]) -> None:
        self._size = max(1, size)
        self._limits = limits
        self._entry = tuple(entry)
        self._changed = threading.Condition()
        self._idle: list[WorkerProcess] = []
        self._lent: set[WorkerProcess] = set()
        self._counted: set[WorkerProcess] = set()
        self._waiting = 0
        self._starting = 0
        self._failed_starts = 0
        self._killed_since: float | None = None
        self._complaint = ""
        self._closed = False
        # Linux ends a worker when the *thread* that started it ends, so one thread that lives
        # as long as this object starts them all.
        self._starter = ThreadPoolExecutor(1, "worker-starter")
        with self._changed:
            self._top_up()

    def take(
        self, still_wanted: Callable[[], None], *, spare: int = 0, own: bool = False
    ) -> WorkerProcess:
        """Lend a worker that is ready; waits for one.

        Args:
            still_wanted: called while waiting; raises to give up.
            spare: how many more than ``size`` may be lent for this caller.
            own: the worker comes on top of all others, however many are lent.

        Raises:
            MediaError: the staff is closed.
            WorkerStartError: workers do not start.
        """
        while True:
            worker = self._taken(still_wanted, spare, own)
            is_fit, may_become_fit = False, True
            try:
                worker.isolation(still_wanted)
                is_fit = worker.alive
            except WorkerStartError:
                may_become_fit = False
                self._note_failure(worker)
            finally:
                if not is_fit:  # nobody waits for it any more, or it is lost
                    self.give_back(worker, well=may_become_fit and worker.alive)
            if is_fit:
                self._failed_starts, self._killed_since = 0, None
                return worker
            self.check_open()

    def give_back(self, worker: WorkerProcess, *, well: bool) -> None:
        """Take a worker back; one that is not well, or has done enough, is ended."""
        keep = well and worker.alive and not self._worn(worker)
        with self._changed:
            self._lent.discard(worker)
            self._counted.discard(worker)
            keep = keep and not self._closed
            if keep:
                self._idle.append(worker)
            self._changed.notify_all()
        if not keep:
            worker.kill()
        with self._changed:
            if not keep and not self._closed:
                self._starter.submit(worker.end)  # a caller that was cancelled does not wait
            elif not keep:
                worker.end()
            self._top_up()

    def check_open(self) -> None:
        """Raise where the staff is closed.

        Raises:
            MediaError: it is.
        """
        if self._closed:
            raise MediaError(FaultCode.CRASHED, "Reading was ended.")

    def pids(self) -> tuple[int, ...]:
        with self._changed:
            return tuple(worker.pid for worker in (*self._idle, *self._lent))

    def close(self) -> None:
        """End every worker, lent ones too; their borrowers learn it from the pipe."""
        with self._changed:
            self._closed = True
            idle, lent = self._idle, tuple(self._lent)
            self._idle = []
            self._changed.notify_all()
        for worker in lent:
            worker.kill()
        for worker in idle:
            worker.end()
        self._starter.shutdown(wait=True)
        for worker in self._idle:
            worker.end()

    def _taken(self, still_wanted: Callable[[], None], spare: int, own: bool) -> WorkerProcess:
        with self._changed:
            self._waiting += 1
            try:
                while True:
                    self.check_open()
                    if own or len(self._counted) < self._size + spare:
                        worker = self._next_idle()
                        if worker is not None:
                            self._lent.add(worker)
                            if not own:
                                self._counted.add(worker)
                            return worker
                    self._changed.wait(_WAIT_S)
                    still_wanted()
            finally:
                self._waiting -= 1
                self._top_up()

    def _note_failure(self, worker: WorkerProcess) -> None:
        """Remember a worker that ended before it was ready, and why.

        One that somebody kills says nothing about the installation, and another is started for
        it; only where that goes on and on is it said.
        """
        killed = worker.killed
        complaint = "the system or another program kills them" if killed else worker.complaint()
        with self._changed:
            self._complaint = complaint
            if not killed:
                self._failed_starts += 1
            elif self._killed_since is None:
                self._killed_since = time.monotonic()

    @property
    def _is_hopeless(self) -> bool:
        since = self._killed_since
        killed = since is not None and time.monotonic() - since > _KILLED_S
        return killed or self._failed_starts >= _TRIES

    def _next_idle(self) -> WorkerProcess | None:
        """Return a worker that still runs, or None while none does.

        Raises:
            WorkerStartError: workers end before they are ready, time and again.
        """
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            if not worker.ready:
                self._note_failure(worker)
            worker.end()
        if self._is_hopeless:
            self._failed_starts, self._killed_since = 0, None
            raise WorkerStartError(f"Decoding workers cannot start: {self._complaint}.")
        self._top_up()
        return None

    def _top_up(self) -> None:
        """Start workers so that the waiting are served and one spare is ready."""
        free = max(0, self._size + 1 - len(self._counted))
        wanted = min(self._waiting, free) + 1
        if self._is_hopeless:
            return  # whoever waits is told first
        while not self._closed and len(self._idle) + self._starting < wanted:
            self._starting += 1
            self._starter.submit(self._start)

    def _start(self) -> None:
        worker: WorkerProcess | None = None
        trouble = ""
        try:
            worker = WorkerProcess(self._entry, self._limits)
        except OSError as error:
            trouble = str(error)
        with self._changed:
            self._starting -= 1
            if trouble:
                self._failed_starts, self._complaint = _TRIES, trouble.rstrip(".")
            if worker is not None:
                self._idle.insert(0, worker)  # ready ones are taken first
            self._changed.notify_all()

    def _worn(self, worker: WorkerProcess) -> bool:
        if worker.served >= _RETIRE_AFTER:
            return True
        return worker.resident_bytes() > self._limits.resident_bytes * _RETIRE_SHARE
