"""One worker process as its parent sees it: started, spoken to, watched, ended."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import numpy as np

from inspector.adapters.media.frames import Pixels
from inspector.adapters.media.isolation.memory import cap_memory, let_go, resident_bytes
from inspector.adapters.media.protocol import (
    MAX_MESSAGE,
    RELEASE,
    Band,
    Ready,
    Reply,
    Request,
    WorkerSetup,
)
from inspector.adapters.media.replies import BrokenReply, decoded
from inspector.adapters.media.shared import SharedMemory
from inspector.domain.errors import FaultCode, InspectorError
from inspector.settings import LimitSettings

_TICK_S = 0.05
_MEMORY_EVERY_S = 0.1
_START_S = 60.0
_END_S = 2.0
_KILLS = frozenset([1, 2, 9, 15])
"""SIGHUP, SIGINT, SIGKILL and SIGTERM: these come from outside, from a person or the system."""


class WorkerLost(Exception):  # noqa: N818 - never leaves the pool
    """A worker ended, stood still, outgrew its memory or spoke nonsense; it is of no more use."""

    def __init__(self, code: FaultCode) -> None:
        super().__init__(code.value)
        self.code = code


class WorkerStartError(InspectorError):
    """Workers cannot be started at all: the installation is broken."""


class WorkerProcess:
    """Owns one process, its pipe and its shared memory; used by one thread at a time."""

    def __init__(self, entry: Sequence[str], limits: LimitSettings) -> None:
        """Start the process; it gets ready on its own time.

        Raises:
            OSError: it cannot be started.
        """
        self._limits = limits
        self._shared = SharedMemory.create(limits.frame_ring_bytes)
        self._memory: Pixels = np.frombuffer(self._shared.memory, np.uint8)
        self._pipe, theirs = Pipe(duplex=True)
        try:
            self._process = _started(entry, theirs, self._shared, limits)
        except OSError:
            self._pipe.close()
            self._shared.close()
            raise
        finally:
            theirs.close()
        self._shared.close()
        self._job = cap_memory(self._process, limits.address_space_bytes)
        self._seen_memory = 0.0
        self._resident = 0
        self._isolation: dict[str, str] | None = None
        self.served = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ready(self) -> bool:
        """Whether it has ever said that it was ready."""
        return self._isolation is not None

    @property
    def killed(self) -> bool:
        """Whether somebody else ended it; a crash of its own is none of that."""
        return -(self._process.poll() or 0) in _KILLS

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def isolation(self, still_wanted: Callable[[], None]) -> dict[str, str]:
        """Wait until the worker is ready; return what limits it.

        Args:
            still_wanted: called while waiting; may raise to give up.

        Raises:
            WorkerStartError: it did not get ready.
        """
        if self._isolation is None:
            try:
                reply = self.receive(_START_S, still_wanted)
            except WorkerLost as lost:
                raise WorkerStartError("A decoding worker did not get ready.") from lost
            if not isinstance(reply, Ready):
                raise WorkerStartError("A decoding worker started with nonsense.")
            self._isolation = reply.isolation
        return self._isolation

    def send(self, request: Request) -> None:
        """Hand over a request; from here on the file counts as in this worker's hands.

        Raises:
            WorkerLost: the worker is gone.
        """
        self.served += 1
        self._write(request.encoded())

    def release(self) -> None:
        """Tell the worker that the oldest band's pixels are no longer needed."""
        with contextlib.suppress(WorkerLost):  # seen at the next reply
            self._write(RELEASE)

    def receive(self, within_s: float, still_wanted: Callable[[], None]) -> Reply:
        """Wait for the next reply.

        Raises:
            WorkerLost: there was none in time, or the worker is lost.
        """
        end = time.monotonic() + within_s
        try:
            while not self._pipe.poll(max(0.0, min(_TICK_S, end - time.monotonic()))):
                still_wanted()
                if time.monotonic() >= end:
                    raise WorkerLost(FaultCode.TIMEOUT)
                self._check_memory()
            message = self._pipe.recv_bytes(MAX_MESSAGE)
            self._check_memory()
            return decoded(message, self._limits.frame_ring_bytes, self._limits.max_pixels)
        except (EOFError, OSError) as error:
            raise WorkerLost(self._cause()) from error
        except BrokenReply as error:
            raise WorkerLost(FaultCode.CRASHED) from error

    def pixels(self, band: Band) -> Pixels:
        """Return a view of a checked band, shape (rows, width, 3)."""
        length = band.rows * band.width * 3
        span = self._memory[band.at : band.at + length]
        return span.reshape(band.rows, band.width, 3)

    def resident_bytes(self) -> int:
        return resident_bytes(self._process.pid) or 0

    def kill(self) -> None:
        """Kill the process; any thread may. Who waits for a reply finds the worker lost."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def end(self) -> None:
        """Kill the process and let go of everything; only by who holds the worker."""
        self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_S)
        self._pipe.close()
        let_go(self._job)
        self._job = None
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._memory = self._memory[:0].copy()

    def _write(self, message: bytes) -> None:
        try:
            self._pipe.send_bytes(message)
        except OSError as error:
            raise WorkerLost(FaultCode.CRASHED) from error

    def _check_memory(self) -> None:
        now = time.monotonic()
        if now - self._seen_memory < _MEMORY_EVERY_S:
            return
        self._seen_memory = now
        self._resident = self.resident_bytes()
        if self._resident > self._limits.resident_bytes:
            raise WorkerLost(FaultCode.OUT_OF_MEMORY)

    def _cause(self) -> FaultCode:
        """Tell a kill by the system, for memory, from a crash or a stranger's kill."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            large = self._resident > self._limits.resident_bytes // 2
            if self._process.wait(_END_S) == -9 and large:
                return FaultCode.OUT_OF_MEMORY
        return FaultCode.CRASHED

    def complaint(self) -> str:
        """Return the last line that a worker which never got ready wrote; ends it."""
        self.kill()
        said = b""
        if self._process.stderr is not None and not self._process.stderr.closed:
            said = self._process.stderr.read(1 << 16)
        lines = said.decode(errors="replace").strip().splitlines()
        return lines[-1].rstrip(".") if lines else "no reason was given"


def _started(
    entry: Sequence[str], pipe: Connection, shared: SharedMemory, limits: LimitSettings
) -> "subprocess.Popen[bytes]":
    setup = WorkerSetup(
        pipe.fileno(),
        shared.handle,
        limits.frame_ring_bytes,
        limits.address_space_bytes,
        limits.resident_bytes,
        limits.max_pixels,
        os.getpid(),
    )
    command = [*entry, setup.encoded()]
    if sys.platform == "win32":
        os.set_handle_inheritable(pipe.fileno(), True)
        startup = subprocess.STARTUPINFO()
        startup.lpAttributeList = {"handle_list": [pipe.fileno()]}
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            startupinfo=startup,
            creationflags=subprocess.CREATE_NO_WINDOW,
        )
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=(pipe.fileno(), int(shared.handle)),
    )
