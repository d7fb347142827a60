"""The loop of a worker process: one request at a time, pixels through shared memory."""

import contextlib
import ctypes
import os
import signal
import sys
import time
import warnings
from multiprocessing.connection import Connection

import numpy as np

from inspector.adapters.media.examine import Bench
from inspector.adapters.media.frames import Pixels
from inspector.adapters.media.isolation import limit_this_process
from inspector.adapters.media.moving import Stepper
from inspector.adapters.media.protocol import (
    MAX_MESSAGE,
    RELEASE,
    Band,
    ClipOpened,
    Done,
    Examined,
    Failed,
    Manifests,
    Moving,
    Op,
    Progress,
    Ready,
    Reply,
    Request,
    WorkerSetup,
    encoded,
)
from inspector.adapters.media.readers import WorkerReaders
from inspector.adapters.media.shared import Ring, SharedMemory
from inspector.adapters.media.still import out_of_memory
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import FoundFile
from inspector.ports import ExaminePlan

_PROGRESS_EVERY_S = 0.5
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 256 << 20


def run_worker(setup: WorkerSetup, readers: WorkerReaders) -> None:
    """Serve the parent until it closes the pipe; called once, in the main thread."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when work ends
    pipe = _pipe(setup.pipe)
    shared = SharedMemory.attach(setup.ring, setup.ring_bytes)
    warnings.simplefilter("ignore")
    _keep_freed_memory()
    isolation = limit_this_process(setup.address_space_bytes, setup.parent)
    _mute()
    sink = RingSink(pipe, shared, setup.ring_bytes)
    desk = _Desk(Bench(readers, setup.max_pixels, setup.resident_bytes), sink)
    sink.send(Ready(dict(isolation)))
    with contextlib.suppress(EOFError, OSError):  # the parent is gone or closes the pool
        while True:
            desk.serve(sink.request())


def _pipe(handle: int) -> Connection:
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection

        return PipeConnection(handle)
    return Connection(handle)


def _mute() -> None:
    """Send what C libraries print to nowhere; until now, it told why a start failed."""
    nowhere = os.open(os.devnull, os.O_RDONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _keep_freed_memory() -> None:
    """Let glibc keep what decoders free, up to a bound, for the next frame.

    Otherwise each frame's memory goes back to the kernel, and its pages are faulted in anew:
    that was half the time of a 12-megapixel JPEG.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):  # another C library
            libc = ctypes.CDLL(None)
            libc.mallopt(_M_MMAP_THRESHOLD, _KEPT_BYTES)
            libc.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)


class RingSink:
    """A ``FrameSink`` that hands frames to the parent through the ring."""

    def __init__(self, pipe: Connection, shared: SharedMemory, size: int) -> None:
        self._pipe = pipe
        self._memory: Pixels = np.frombuffer(shared.memory, np.uint8)
        self._ring = Ring(size)
        self._size = size
        self._at: int | None = None
        self._pixels: Pixels = self._memory[:0]
        self._spoke = 0.0

    def send(self, reply: Reply) -> None:
        self._pipe.send_bytes(encoded(reply))
        self._spoke = time.monotonic()

    def request(self) -> Request:
        """Wait for the next request; releases that were under way are taken on the way."""
        while (message := self._pipe.recv_bytes(MAX_MESSAGE)) == RELEASE:
            self._ring.free()
        return Request.decoded(message)

    def clip(self) -> None:
        self.send(Moving())

    def progress(self) -> None:
        if time.monotonic() - self._spoke > _PROGRESS_EVERY_S:
            self.send(Progress())

    def buffer(self, height: int, width: int) -> Pixels:
        length = height * width * 3
        self._at = self._place(length) if length <= self._size else None
        if self._at is None:
            self._pixels = np.empty((height, width, 3), np.uint8)
        else:
            span = self._memory[self._at : self._at + length]
            self._pixels = span.reshape(height, width, 3)
        return self._pixels

    def deliver(self, pts_s: float, *, thumbnail: bool = False) -> None:
        height, width = self._pixels.shape[:2]
        if self._at is not None:
            self.send(Band(self._at, height, width, 0, height, pts_s, thumbnail))
            return
        rows = max(1, self._size // 2 // (width * 3))
        for top in range(0, height, rows):
            part = self._pixels[top : top + rows]
            at = self._place(part.size)
            self._memory[at : at + part.size] = part.reshape(-1)
            self.send(Band(at, height, width, top, len(part), pts_s, thumbnail))
        self._pixels = self._memory[:0]

    def thumbnail(self, pixels: Pixels) -> None:
        """Hand on a thumbnail."""
        np.copyto(self.buffer(pixels.shape[0], pixels.shape[1]), pixels)
        self.deliver(0.0, thumbnail=True)

    def _place(self, length: int) -> int:
        while self._pipe.poll():  # an empty ring starts over on pages that are still warm
            self._take_release()
        while (at := self._ring.place(length)) is None:
            self._take_release()
        return at

    def _take_release(self) -> None:
        if self._pipe.recv_bytes(MAX_MESSAGE) != RELEASE:
            raise EOFError("the parent asks while frames are under way")
        self._ring.free()


class _Desk:
    """Serves requests; holds the clip that is open, if one is."""

    def __init__(self, bench: Bench, sink: RingSink) -> None:
        self._bench = bench
        self._sink = sink
        self._clip: Stepper | None = None

    def serve(self, request: Request) -> None:
        """Answer one request; what a file's bytes cause is answered, never raised."""
        try:
            reply = self._reply(request)
        except MediaError as error:
            reply = Failed(error.code, str(error))
        except MemoryError:
            reply = Failed(FaultCode.OUT_OF_MEMORY, str(out_of_memory()))
        except (EOFError, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - the border of the worker process
            text = f"The decoder failed ({type(error).__name__})."
            reply = Failed(FaultCode.CRASHED, text)
        self._sink.send(reply)

    def _reply(self, request: Request) -> Reply:
        sink, path = self._sink, request.path
        match request.op:
            case Op.EXAMINE:
                return self._examined(request)
            case Op.THUMBNAIL:
                sink.thumbnail(self._bench.thumbnail(path, request.side_px, quick=request.quick))
                return Done()
            case Op.PICTURE:
                self._bench.picture(path, sink)
                return Done()
            case Op.MANIFESTS:
                return Manifests(self._bench.manifests(path, request.beside))
            case Op.OPEN_CLIP:
                self._clip = self._bench.open_clip(path, sink.progress)
                return ClipOpened(self._clip.info)
            case Op.CLOSE_CLIP:
                if self._clip is not None:
                    self._clip.close()
                self._clip = None
                return Done()
            case Op.FRAME_AT:
                self._opened().frame_at(request.time_s, sink)
                return Done()
            case Op.NEXT_FRAME:
                return Done(self._opened().next_frame(sink))
            case Op.PREVIOUS_FRAME:
                return Done(self._opened().previous_frame(sink))

    def _examined(self, request: Request) -> Examined:
        found = FoundFile(request.path, request.size, request.mtime_ns, "")
        plan = ExaminePlan(request.frames, request.pixels, request.side_px)
        seen = self._bench.examine(found, plan, self._sink)
        if seen.thumbnail is not None:
            self._sink.thumbnail(seen.thumbnail)
        return Examined(
            seen.status,
            seen.sha256,
            seen.info,
            seen.fault,
            seen.provenance,
            seen.traces,
            seen.exif_thumbnail,
        )

    def _opened(self) -> Stepper:
        if self._clip is None:
            raise MediaError(FaultCode.VANISHED, "The clip is not open.")
        return self._clip
