"""Short pieces of work off the UI thread: decode a thumbnail, open a clip, read a manifest."""

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread, current_thread
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from inspector.domain.errors import InspectorError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Job:
    token: int
    key: str
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[InspectorError], None]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a job ended: with an error, or with ``result`` where ``error`` is None."""

    job: _Job
    result: Any
    error: InspectorError | None


class BackgroundJobs(QObject):
    """Owns a few threads that run jobs, newest first; lives in the UI thread.

    A key names what a job is for. Of the jobs with one key only the newest counts: an older one
    still waiting is dropped, and the result of one already running is thrown away. ``done`` and
    ``failed`` are called in the UI thread, one of them, once, for every job that counts.
    """

    _ended = Signal(object)  # _Outcome, emitted in a worker thread, delivered in the UI thread

    def __init__(self, parent: QObject | None = None, threads: int | None = None) -> None:
        super().__init__(parent)
        self._limit = threads or max(2, min(4, os.cpu_count() or 2))
        self._tokens = itertools.count()
        self._newest: dict[str, int] = {}
        self._changed = Condition()
        self._waiting: list[_Job] = []
        self._threads: set[Thread] = set()
        self._closed = False
        self._ended.connect(self._deliver)

    def submit(
        self,
        key: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[InspectorError], None],
    ) -> None:
        """Run ``work`` in a thread, then call ``done`` or ``failed`` in this one.

        Args:
            key: what the job is for; it replaces an older job with the same key.
            work: touches no QObject; raises nothing but ``InspectorError``.
            done: takes what ``work`` returned.
            failed: takes what ``work`` raised.
        """
        if self._closed:
            return
        job = _Job(next(self._tokens), key, work, done, failed)
        self._newest[key] = job.token
        with self._changed:
            self._waiting = [waiting for waiting in self._waiting if waiting.key != key]
            self._waiting.append(job)
            self._start_threads()

    def forget(self, key: str) -> None:
        """Drop the job with this key; neither of its callbacks is called."""
        self._newest.pop(key, None)
        with self._changed:
            self._waiting = [waiting for waiting in self._waiting if waiting.key != key]

    def close(self, timeout_s: float | None = None) -> None:
        """Drop what waits, return once what runs has ended; no callback is called after.

        Args:
            timeout_s: longest wait in seconds; None waits as long as it takes.
        """
        self._closed = True
        self._newest.clear()
        with self._changed:
            self._waiting.clear()
            self._changed.wait_for(self._is_idle, timeout_s)

    def _is_idle(self) -> bool:
        return not self._threads

    def _start_threads(self) -> None:
        """Start a thread where a job waits and the limit allows; the lock is held."""
        if self._waiting and len(self._threads) < self._limit:
            thread = Thread(target=self._run, name="background-job", daemon=True)
            self._threads.add(thread)
            thread.start()

    def _run(self) -> None:
        """Run jobs until none waits. A bug in a job ends this thread loudly, not the pool."""
        try:
            while (job := self._take()) is not None:
                self._run_one(job)
        finally:
            with self._changed:
                self._threads.discard(current_thread())
                self._start_threads()
                self._changed.notify_all()

    def _take(self) -> _Job | None:
        with self._changed:
            return self._waiting.pop() if self._waiting else None

    def _run_one(self, job: _Job) -> None:
        outcome = _Outcome(job, None, InspectorError("The work stopped because of a fault in it."))
        try:
            outcome = _Outcome(job, job.work(), None)
        except InspectorError as error:
            outcome = _Outcome(job, None, error)
        finally:
            # After close nothing is delivered, and this object may be gone with its window.
            if not self._closed:
                self._ended.emit(outcome)

    @Slot(object)
    def _deliver(self, outcome: _Outcome) -> None:
        job = outcome.job
        if self._newest.get(job.key) != job.token:
            return
        del self._newest[job.key]
        if outcome.error is None:
            job.done(outcome.result)
        else:
            job.failed(outcome.error)
