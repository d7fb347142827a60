"""One thread that feeds a GPU: calls of many threads are joined into batches of one shape."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from inspector.domain.errors import ModelError

LINGER_S = 0.005
"""How long a batch waits for company."""

Pixels = NDArray[np.uint8]
Outputs = tuple[NDArray[np.generic], ...]
RunBatch = Callable[[str, Pixels], Outputs]


@dataclass(frozen=True, slots=True)
class _Job:
    view: str
    pixels: Pixels
    done: "Future[Outputs]"

    def fits(self, other: "_Job") -> bool:
        return self.view == other.view and self.pixels.shape[1:] == other.pixels.shape[1:]


class Batcher:
    """Owns the one thread that runs the sessions of a device; ``run`` may be called by many.

    A job waits at most ``LINGER_S`` for others of its view and shape. A failure is raised in
    every caller of the batch it struck.
    """

    def __init__(self, run_batch: RunBatch, largest: int) -> None:
        self._run_batch = run_batch
        self._largest = largest
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="detector-batches", daemon=True)
        self._thread.start()

    def run(self, view: str, pixels: Pixels) -> Outputs:
        """Return the outputs for these pictures alone, once their batch has run."""
        job = _Job(view, pixels, Future())
        with self._lock:
            if self._closed:
                raise ModelError("The detector was closed.")
            self._jobs.put(job)
        return job.done.result()

    def close(self) -> None:
        """Finish what is queued, then end the thread."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        waiting: list[_Job] = []
        open_ = True
        while open_ or waiting:
            if not waiting:
                job = self._jobs.get()
                if job is None:
                    return
                waiting.append(job)
            first = waiting[0]
            open_ = self._gather(waiting, first) and open_
            batch = self._take(waiting, first)
            self._deliver(batch)

    def _gather(self, waiting: list[_Job], first: _Job) -> bool:
        """Add jobs until the batch is full or the time is up; False once closing was asked."""
        until = monotonic() + LINGER_S
        while sum(len(job.pixels) for job in waiting if job.fits(first)) < self._largest:
            try:
                job = self._jobs.get(timeout=max(0.0, until - monotonic()))
            except queue.Empty:
                return True
            if job is None:
                return False
            waiting.append(job)
        return True

    def _take(self, waiting: list[_Job], first: _Job) -> list[_Job]:
        batch: list[_Job] = []
        size = 0
        for job in list(waiting):
            if job.fits(first) and (not batch or size + len(job.pixels) <= self._largest):
                batch.append(job)
                waiting.remove(job)
                size += len(job.pixels)
        return batch

    def _deliver(self, batch: list[_Job]) -> None:
        pixels = batch[0].pixels if len(batch) == 1 else np.concatenate([j.pixels for j in batch])
        try:
            outputs = self._run_batch(batch[0].view, pixels)
        except (ModelError, MemoryError, RuntimeError, ValueError) as error:
            for job in batch:
                job.done.set_exception(error)
            return
        start = 0
        for job in batch:
            part = slice(start, start + len(job.pixels))
            job.done.set_result(tuple(np.atleast_1d(values)[part] for values in outputs))
            start = part.stop
