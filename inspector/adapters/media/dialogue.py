"""One request to one worker, from its question to its last reply, with its deadline."""

import time
from collections.abc import Callable
from threading import Event

import numpy as np

from inspector.adapters.media.frames import Pixels
from inspector.adapters.media.process import WorkerLost, WorkerProcess
from inspector.adapters.media.protocol import Band, Failed, Moving, Progress, Reply, Request
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import Fault, Frame
from inspector.ports import ScanCancelled
from inspector.settings import LimitSettings


class Dialogue:
    """Asks a worker for one thing and hands on the frames that come; used by one thread.

    A picture has one deadline for the whole attempt; a clip has one for each sign of life. The
    time that the receiver of a frame takes counts for neither.
    """

    def __init__(
        self,
        worker: WorkerProcess,
        limits: LimitSettings,
        on_frame: Callable[[Frame], None],
        cancel: Event,
        *,
        skip: int = 0,
        keep: bool = False,
        clip: bool = False,
    ) -> None:
        """Prepare.

        Args:
            skip: frames that an earlier attempt delivered already.
            keep: frames are copied, so that they stand for ever.
            clip: the file is known to be a clip.
        """
        self._worker = worker
        self._limits = limits
        self._on_frame = on_frame
        self._cancel = cancel
        self._skip = skip
        self._keep = keep
        self._whole: Pixels | None = None
        self._next_top = 0
        self.clip = clip
        self.delivered = 0
        self.thumbnail: Pixels | None = None

    def ask(self, request: Request) -> Reply:
        """Return the last reply.

        Raises:
            MediaError: the worker says what is wrong with the file.
            ScanCancelled: nobody wants the answer any more; the worker is still busy.
            WorkerLost: the worker is of no more use.
        """
        self._worker.send(request)
        left = self._patience()
        while True:
            began = time.monotonic()
            reply = self._worker.receive(left, self._check_wanted)
            left -= time.monotonic() - began
            match reply:
                case Moving():
                    self.clip = True
                case Progress():
                    pass
                case Band():
                    self._take(reply)
                    self._worker.release()
                    self._check_wanted()
                case Failed():
                    raise MediaError(reply.code, reply.message)
                case _:
                    return reply
            if self.clip:
                left = self._patience()

    def _patience(self) -> float:
        return self._limits.video_stall_s if self.clip else self._limits.image_timeout_s

    def _check_wanted(self) -> None:
        if self._cancel.is_set():
            raise ScanCancelled

    def _take(self, band: Band) -> None:
        """Hand on a frame that is whole, or add a band to one that is not yet."""
        pixels = self._worker.pixels(band)
        owned = False
        if band.rows != band.height:
            whole = self._joined(band, pixels)
            if whole is None:
                return
            pixels, owned = whole, True
        if band.thumbnail:
            self.thumbnail = pixels.copy()
            return
        index = self.delivered
        self.delivered += 1
        if index < self._skip:
            return
        if self._keep and not owned:
            pixels = pixels.copy()
        self._on_frame(Frame(pixels, band.pts_s, index))

    def _joined(self, band: Band, pixels: Pixels) -> Pixels | None:
        """Collect the bands of a frame larger than the ring; return it once whole."""
        shape = (band.height, band.width, 3)
        if band.top == 0:
            self._whole, self._next_top = np.empty(shape, np.uint8), 0
        if self._whole is None or self._whole.shape != shape or band.top != self._next_top:
            raise WorkerLost(FaultCode.CRASHED)
        self._whole[band.top : band.top + band.rows] = pixels
        self._next_top = band.top + band.rows
        if self._next_top < band.height:
            return None
        whole, self._whole = self._whole, None
        return whole


def lost_fault(code: FaultCode, limits: LimitSettings, *, clip: bool) -> Fault:
    """Say in one sentence why a file cost its worker."""
    if code is FaultCode.TIMEOUT and clip:
        text = f"Reading the clip stood still for {limits.video_stall_s:g} s."
    elif code is FaultCode.TIMEOUT:
        text = f"Reading the picture took longer than {limits.image_timeout_s:g} s."
    elif code is FaultCode.OUT_OF_MEMORY:
        size = limits.resident_bytes / (1 << 30)
        text = f"Reading the file took more than {size:.1f} GB of memory."
    else:
        text = "Reading the file crashed the decoder."
    return Fault(code, text)
