"""A ``MediaReader`` over limited worker processes: one file each, and none takes others down."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Event

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.media.dialogue import Dialogue, lost_fault
from inspector.adapters.media.pool_clip import PoolClip
from inspector.adapters.media.process import WorkerLost, WorkerProcess
from inspector.adapters.media.protocol import Done, Examined, Manifests, Op, Reply, Request
from inspector.adapters.media.staff import Staff
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import FoundFile, Frame, ItemStatus
from inspector.domain.provenance import ManifestStore
from inspector.ports import ClipReader, Examination, ExaminePlan, ScanCancelled
from inspector.settings import LimitSettings


class WorkerPool:
    """Owns the workers; every method may be called by many threads at once.

    ``examine`` uses at most ``size`` workers at a time. One more serves what a person waits for
    (thumbnails, pictures, credentials), and each open clip has its own. A spare is kept ready,
    so that a worker which is lost is replaced at once.
    """

    def __init__(self, size: int, limits: LimitSettings, entry: Sequence[str]) -> None:
        """Start the first worker without waiting for it.

        Args:
            size: files examined at once, at least 1.
            limits: what one file may cost.
            entry: command that starts a worker; one argument is added.
        """
        self._limits = limits
        self._staff = Staff(size, limits, entry)
        self._alone = threading.Lock()

    def examine(
        self,
        file: FoundFile,
        plan: ExaminePlan,
        on_frame: Callable[[Frame], None],
        cancel: Event,
    ) -> Examination:
        request = Request(
            Op.EXAMINE,
            file.path,
            file.size,
            file.mtime_ns,
            plan.frames,
            plan.pixels,
            plan.thumbnail_px,
        )
        try:
            return self._examined(request, on_frame, cancel, skip=0)
        except _Again as first:
            with self._alone:
                try:
                    return self._examined(request, on_frame, cancel, skip=first.delivered)
                except _Again as second:
                    fault = lost_fault(second.code, self._limits, clip=second.clip)
                    return Examination(ItemStatus.UNREADABLE, fault=fault)

    def thumbnail(self, path: str, side_px: int, *, quick: bool = False) -> NDArray[np.uint8]:
        frames: list[Frame] = []
        request = Request(Op.THUMBNAIL, path, side_px=side_px, quick=quick)
        self._asked(request, frames)
        return frames[0].pixels

    def picture(self, path: str) -> Frame:
        frames: list[Frame] = []
        self._asked(Request(Op.PICTURE, path), frames)
        return frames[0]

    def manifests(self, path: str, beside: str | None = None) -> ManifestStore:
        reply = self._asked(Request(Op.MANIFESTS, path, beside=beside), [])
        if not isinstance(reply, Manifests):
            raise MediaError(FaultCode.CRASHED, "The credential could not be read.")
        return reply.store

    def open_clip(self, path: str) -> ClipReader:
        return PoolClip(path, self._staff, self._limits)

    def isolation(self) -> Mapping[str, str]:
        with self._worker(Event(), spare=1) as worker:
            return {"process": "in force", **worker.isolation(_nothing)}

    def close(self) -> None:
        self._staff.close()

    def worker_pids(self) -> tuple[int, ...]:
        """Return the process ids of all workers, for ``doctor`` and for tests."""
        return self._staff.pids()

    def _examined(
        self, request: Request, on_frame: Callable[[Frame], None], cancel: Event, *, skip: int
    ) -> Examination:
        with self._worker(cancel, spare=0) as worker:
            dialogue = Dialogue(worker, self._limits, on_frame, cancel, skip=skip)
            try:
                reply = dialogue.ask(request)
            except WorkerLost as lost:
                self._staff.check_open()
                raise _Again(lost.code, dialogue.delivered, dialogue.clip) from lost
            if not isinstance(reply, Examined):
                raise _Again(FaultCode.CRASHED, dialogue.delivered, dialogue.clip)
            return Examination(
                reply.status,
                reply.sha256,
                reply.info,
                reply.fault,
                reply.provenance,
                reply.traces,
                dialogue.thumbnail,
                reply.exif_thumbnail,
            )

    def _asked(self, request: Request, frames: list[Frame]) -> Reply:
        """Ask for what a person waits for; frames are copied out of the shared memory."""
        try:
            return self._asked_once(request, frames)
        except _Again as first:
            fault = first
        if fault.code is not FaultCode.TIMEOUT:
            frames.clear()
            try:
                return self._asked_once(request, frames)
            except _Again as second:
                fault = second
        why = lost_fault(fault.code, self._limits, clip=fault.clip)
        raise MediaError(why.code, why.message)

    def _asked_once(self, request: Request, frames: list[Frame]) -> Reply:
        with self._worker(Event(), spare=1) as worker:
            dialogue = Dialogue(worker, self._limits, frames.append, Event(), keep=True)
            try:
                reply = dialogue.ask(request)
            except WorkerLost as lost:
                self._staff.check_open()
                raise _Again(lost.code, dialogue.delivered, dialogue.clip) from lost
        if dialogue.thumbnail is not None:
            frames.append(Frame(dialogue.thumbnail))
        if isinstance(reply, Done) and not frames:
            raise MediaError(FaultCode.CORRUPT, "The file cannot be decoded.")
        return reply

    @contextmanager
    def _worker(self, cancel: Event, *, spare: int) -> Iterator[WorkerProcess]:
        """Lend a ready worker; one that was lost, or left in the middle, is ended."""

        def still_wanted() -> None:
            if cancel.is_set():
                raise ScanCancelled
            self._staff.check_open()

        worker = self._staff.take(still_wanted, spare=spare)
        well = False
        try:
            yield worker
            well = True
        except MediaError:
            well = worker.alive
            raise
        finally:
            self._staff.give_back(worker, well=well)


class _Again(Exception):  # noqa: N818 - never leaves the pool
    """An attempt cost its worker."""

    def __init__(self, code: FaultCode, delivered: int, clip: bool) -> None:
        super().__init__(code.value)
        self.code = code
        self.delivered = delivered
        self.clip = clip


def _nothing() -> None:
    return
