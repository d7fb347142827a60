"""One thread that owns a device: calls of many threads are joined into batches of one shape."""

import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from time import monotonic

from inspector.adapters.onnx.faults import DeviceFaultError, DeviceFullError
from inspector.adapters.onnx.lane import Lane
from inspector.adapters.onnx.runners import Outputs, Tensor
from inspector.domain.errors import ModelError

LINGER_S = 0.005
"""How long a batch waits for company."""

QUEUE_BYTES = 256 << 20
"""Pixels that may wait for the device; above it callers wait."""

_CLOSED = "The detector was closed."


@dataclass(frozen=True, slots=True)
class _Job:
    lane: Lane
    tensor: Tensor
    due: float  # when it runs even alone
    done: "Future[Outputs]" = field(default_factory=Future)

    def fits(self, other: "_Job") -> bool:
        return self.lane is other.lane and self.tensor.shape[1:] == other.tensor.shape[1:]


class Batcher:
    """Owns the one thread that runs the sessions of a device; ``run`` may be called by many.

    A job waits at most ``LINGER_S`` for others of its view and shape, and is otherwise taken in
    order. A failure is raised in the caller whose pictures caused it: a batch that fails is run
    again caller by caller.
    """

    def __init__(self, queue_bytes: int = QUEUE_BYTES, linger_s: float = LINGER_S) -> None:
        self._queue_bytes = queue_bytes
        self._linger_s = linger_s
        self._waiting: deque[_Job] = deque()
        self._bytes = 0
        self._closed = False
        lock = threading.Lock()
        self._arrival = threading.Condition(lock)  # the thread waits for jobs
        self._room = threading.Condition(lock)  # callers wait for room
        self._thread = threading.Thread(target=self._work, name="detector-batches", daemon=True)
        self._thread.start()

    def run(self, lane: Lane, tensor: Tensor) -> Outputs:
        """Return the outputs for these pictures alone, once their batch has run.

        ``tensor`` must stand until the call returns.

        Raises:
            ModelError: the owner was closed, or the view's output has not one row a picture.
            DeviceFullError: not even one picture fits on the device.
            DeviceFaultError: the run failed.
        """
        job = _Job(lane, tensor, monotonic() + self._linger_s)
        with self._arrival:
            while self._is_full_for(tensor) and not self._closed:
                self._room.wait()
            if self._closed:
                raise ModelError(_CLOSED)
            self._waiting.append(job)
            self._bytes += tensor.nbytes
            self._arrival.notify()
        return job.done.result()

    def close(self) -> None:
        """Finish what is queued, then end the thread; may be called again."""
        with self._arrival:
            self._closed = True
            self._arrival.notify()
        self._thread.join()

    def _is_full_for(self, tensor: Tensor) -> bool:
        # What is larger than the queue itself waits until nothing else does.
        return bool(self._waiting) and self._bytes + tensor.nbytes > self._queue_bytes

    def _work(self) -> None:
        batch: list[_Job] = []
        try:
            while batch := self._next_batch():
                self._serve(batch)
        finally:  # whatever ends this thread, nobody waits for it in vain
            with self._arrival:
                self._closed = True
                left = [*batch, *self._waiting]
                self._waiting.clear()
                self._room.notify_all()
            for job in left:
                if not job.done.done():
                    job.done.set_exception(ModelError(_CLOSED))

    def _next_batch(self) -> list[_Job]:
        """Return jobs of one view and shape; none once closing was asked and all are done."""
        with self._arrival:
            while not self._waiting and not self._closed:
                self._arrival.wait()
            if not self._waiting:
                return []
            first = self._waiting[0]
            while (left_s := first.due - monotonic()) > 0 and not self._closed:
                if self._rows_like(first) >= first.lane.most(first.tensor):
                    break
                self._arrival.wait(left_s)
            batch = self._take(first)
            self._bytes -= sum(job.tensor.nbytes for job in batch)
            self._room.notify_all()
            return batch

    def _rows_like(self, first: _Job) -> int:
        return sum(len(job.tensor) for job in self._waiting if job.fits(first))

    def _take(self, first: _Job) -> list[_Job]:
        """Take the first job and those that fill its batch, in order."""
        batch: list[_Job] = []
        others: deque[_Job] = deque()
        room = first.lane.most(first.tensor)
        for job in self._waiting:
            if job is first or (job.fits(first) and len(job.tensor) <= room):
                batch.append(job)
                room -= len(job.tensor)
            else:
                others.append(job)
        self._waiting = others
        return batch

    def _serve(self, batch: list[_Job]) -> None:
        try:
            outputs = batch[0].lane.run([job.tensor for job in batch])
        except (DeviceFaultError, DeviceFullError, ModelError) as error:
            if len(batch) == 1:
                batch[0].done.set_exception(error)
            else:
                for job in batch:
                    self._serve([job])
            return
        start = 0
        for job in batch:
            part = slice(start, start + len(job.tensor))
            job.done.set_result(tuple(values[part] for values in outputs))
            start = part.stop
