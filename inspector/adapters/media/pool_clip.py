"""A clip that is stepped through frame by frame in a worker of its own."""

import threading
from threading import Event

from inspector.adapters.media.dialogue import Dialogue, lost_fault
from inspector.adapters.media.process import WorkerLost, WorkerProcess
from inspector.adapters.media.protocol import ClipOpened, Done, Op, Reply, Request
from inspector.adapters.media.staff import Staff
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import Frame, MediaInfo
from inspector.settings import LimitSettings


class PoolClip:
    """A ``ClipReader``. A worker that is lost is replaced at the next call."""

    def __init__(self, path: str, staff: Staff, limits: LimitSettings) -> None:
        """Open the clip.

        Raises:
            MediaError: it is no clip or cannot be decoded.
        """
        self._path = path
        self._staff = staff
        self._limits = limits
        self._lock = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._closed = False
        self._pts_s = 0.0
        with self._lock:
            self._info = self._opened()

    @property
    def info(self) -> MediaInfo:
        return self._info

    def frame_at(self, time_s: float) -> Frame:
        with self._lock:
            frame = self._stepped(Request(Op.FRAME_AT, time_s=time_s))
        if frame is None:
            raise MediaError(FaultCode.CORRUPT, "This part of the clip cannot be decoded.")
        return frame

    def next_frame(self) -> Frame | None:
        with self._lock:
            return self._stepped(Request(Op.NEXT_FRAME))

    def previous_frame(self) -> Frame | None:
        with self._lock:
            return self._stepped(Request(Op.PREVIOUS_FRAME))

    def close(self) -> None:
        """Give the worker back; never waits for a frame that another thread is waiting for."""
        self._closed = True
        if not self._lock.acquire(blocking=False):
            worker = self._worker
            if worker is not None:
                worker.kill()  # who waits for it gives it back
            return
        try:
            worker, self._worker = self._worker, None
            if worker is not None:
                self._let_go(worker)
        finally:
            self._lock.release()

    def _let_go(self, worker: WorkerProcess) -> None:
        try:
            self._dialogue(worker, []).ask(Request(Op.CLOSE_CLIP))
        except (WorkerLost, MediaError):
            self._staff.give_back(worker, well=False)
        else:
            self._staff.give_back(worker, well=True)

    def _opened(self) -> MediaInfo:
        try:
            return self._open_once()
        except WorkerLost:
            self._staff.check_open()
        try:
            return self._open_once()
        except WorkerLost as lost:
            raise self._fault(lost) from lost

    def _open_once(self) -> MediaInfo:
        worker = self._staff.take(self._staff.check_open, own=True)
        try:
            reply = self._dialogue(worker, []).ask(Request(Op.OPEN_CLIP, self._path))
        except MediaError:
            self._staff.give_back(worker, well=worker.alive)
            raise
        except WorkerLost:
            self._staff.give_back(worker, well=False)
            raise
        if not isinstance(reply, ClipOpened):
            self._staff.give_back(worker, well=False)
            raise MediaError(FaultCode.CRASHED, "The clip cannot be opened.")
        self._worker = worker
        return reply.info

    def _stepped(self, request: Request) -> Frame | None:
        frames: list[Frame] = []
        if self._closed:
            raise MediaError(FaultCode.VANISHED, "The clip was closed.")
        if self._worker is None:
            self._opened()
            if request.op is not Op.FRAME_AT:
                self._ask(Request(Op.FRAME_AT, time_s=self._pts_s), [])
        reply = self._ask(request, frames)
        if not (isinstance(reply, Done) and reply.delivered and frames):
            return None
        self._pts_s = frames[-1].pts_s
        return frames[-1]

    def _ask(self, request: Request, frames: list[Frame]) -> Reply:
        worker = self._worker
        assert worker is not None
        try:
            return self._dialogue(worker, frames).ask(request)
        except WorkerLost as lost:
            self._worker = None
            self._staff.give_back(worker, well=False)
            raise self._fault(lost) from lost

    def _fault(self, lost: WorkerLost) -> MediaError:
        self._staff.check_open()
        fault = lost_fault(lost.code, self._limits, clip=True)
        return MediaError(fault.code, fault.message)

    def _dialogue(self, worker: WorkerProcess, frames: list[Frame]) -> Dialogue:
        return Dialogue(worker, self._limits, frames.append, Event(), keep=True, clip=True)
