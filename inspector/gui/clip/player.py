"""Plays a clip at its own pace: frames are fetched off the UI thread, late ones are dropped."""

import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

from inspector.domain.errors import InspectorError
from inspector.domain.media import MediaInfo
from inspector.gui.clip.clock import PlayClock
from inspector.gui.clip.handle import ClipHandle, ShownFrame
from inspector.gui.workers.background import BackgroundJobs
from inspector.ports import MediaReader

_AHEAD = 3
"""Frames fetched ahead of the one on screen while playing."""

_TOO_LATE_S = 0.25
"""Lag from which playing jumps to the clock instead of fetching every frame."""

_FIRST_JUMP_S = 0.1
_LONGEST_JUMP_S = 1.0
"""How long such a jump takes is measured, so that it lands ahead of the clock, not behind."""

_EARLY_S = 0.002
"""A frame may be shown this much before its time: a timer wakes no more exactly."""

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Seek:
    """Wanted: the frame on screen at a time."""

    time_s: float


@dataclass(frozen=True, slots=True)
class Step:
    """Wanted: the frame some frames on, or back where negative."""

    count: int


class ClipPlayer(QObject):
    """Owns one open clip and its clock; lives in the UI thread.

    At most one request is in flight, so frames come in order; of those waiting the newest counts.
    """

    opened = Signal(object)  # MediaInfo, once the clip can be asked for frames
    shown = Signal(object)  # ShownFrame, when a frame's time on screen has come
    failed = Signal(str)  # one sentence, when the clip cannot be opened or decoded
    rate_changed = Signal(float)  # 0 paused, 1 the clip's own pace, negative backwards

    def __init__(self, jobs: BackgroundJobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job = f"clip-{next(_numbers)}"
        self._handle: ClipHandle | None = None
        self._info: MediaInfo | None = None
        self._current: ShownFrame | None = None
        self._ready: deque[ShownFrame] = deque()
        self._wanted: Seek | Step | None = None
        self._busy = False
        self._answers_user = False
        self._catches_up = False
        self._asked = QElapsedTimer()
        self._jump_s = _FIRST_JUMP_S
        self._ended = False
        self._rate = 0.0
        self._clock = PlayClock()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def is_open(self) -> bool:
        return self._handle is not None

    @property
    def info(self) -> MediaInfo | None:
        return self._info

    @property
    def rate(self) -> float:
        return self._rate

    @property
    def current(self) -> ShownFrame | None:
        """Return the frame on screen."""
        return self._current

    @property
    def time_s(self) -> float:
        """Return the pts of the frame on screen, 0 before the first."""
        return self._current.pts_s if self._current else 0.0

    def open(self, reader: MediaReader, path: str, at_s: float = 0.0) -> None:
        """Open a clip and show the frame at a time."""
        self.close()
        self._handle = ClipHandle(reader, path)
        self._wanted = Seek(at_s)
        self._busy = True
        self._jobs.submit(
            f"{self._job}-frame", self._handle.open, self._take_info, self._tell_failed
        )

    def close(self) -> None:
        """Let the clip go; what is in flight is thrown away."""
        self.set_rate(0.0)
        self._jobs.forget(f"{self._job}-frame")
        if self._handle is not None:
            self._handle.abandon()
            key = f"{self._job}-close-{next(_numbers)}"
            self._jobs.submit(key, self._handle.close, _ignore, _ignore)
        self._handle, self._info, self._current, self._wanted = None, None, None, None
        self._ready.clear()
        self._busy = self._ended = False

    def seek(self, time_s: float) -> None:
        """Show the frame at a time; playing goes on from there."""
        end_s = self._info.duration_s if self._info and self._info.duration_s else time_s
        self._ready.clear()
        self._ended = False
        self._wanted = Seek(min(max(0.0, time_s), end_s))
        self._clock.start(self._wanted.time_s)
        self._ask()

    def step(self, count: int) -> None:
        """Pause and move by exact frames."""
        self.set_rate(0.0)
        before = self._wanted.count if isinstance(self._wanted, Step) else 0
        self._wanted = Step(before + count) if before + count else None
        self._ended = False
        self._ask()

    def toggle(self) -> None:
        """Play or pause."""
        self.set_rate(0.0 if self._rate else 1.0)

    def set_rate(self, rate: float) -> None:
        """Play at a multiple of the clip's own pace, backwards where negative; 0 pauses."""
        if rate == self._rate or (rate and self._handle is None):
            return
        turned = self._rate < 0 < rate or rate < 0
        self._rate = rate
        self._timer.stop()
        if rate:
            restarts = self._ended and rate > 0
            self._clock.start(self.time_s)
            if restarts or turned:
                self.seek(0.0 if restarts else self.time_s)
            self._ask()
        self.rate_changed.emit(rate)

    def _ask(self) -> None:
        """Send the next request, if none is in flight and one is due."""
        if self._handle is None or self._busy:
            return
        work = self._next_work(self._handle)
        if work is not None:
            self._busy = True
            self._jobs.submit(f"{self._job}-frame", work, self._take_frame, self._tell_failed)

    def _next_work(self, handle: ClipHandle) -> Callable[[], ShownFrame | None] | None:
        wanted, self._wanted = self._wanted, None
        self._answers_user = wanted is not None
        self._catches_up = False
        self._asked.start()
        match wanted:
            case Seek(time_s):
                return partial(handle.seek, time_s)
            case Step(count):
                stale = bool(self._ready)
                self._ready.clear()
                return partial(handle.step, count, self.time_s if stale else None)
            case None:
                pass
        if self._rate < 0:
            return partial(handle.seek, max(0.0, self._clock.now_s(self._rate)))
        if self._rate == 0 or self._ended or len(self._ready) >= _AHEAD:
            return None
        newest_s = self._ready[-1].pts_s if self._ready else self.time_s
        if self._clock.now_s(self._rate) - newest_s > _TOO_LATE_S * max(1.0, self._rate):
            self._catches_up = True
            return partial(handle.seek, self._clock.now_s(self._rate) + self._jump_s * self._rate)
        return partial(handle.step, 1, None)

    def _take_info(self, info: MediaInfo) -> None:
        self._busy = False
        self._info = info
        self.opened.emit(info)
        self._ask()

    def _take_frame(self, frame: ShownFrame | None) -> None:
        self._busy = False
        if self._catches_up:
            took_s = min(_LONGEST_JUMP_S, self._asked.elapsed() / 1000)
            self._jump_s = (self._jump_s + took_s) / 2
        if self._answers_user or self._rate < 0:
            if frame is not None:
                self._show(frame)
                if self._answers_user:
                    self._clock.start(frame.pts_s)
        elif frame is None:
            self._ended = True
        elif not isinstance(self._wanted, Seek):
            self._ready.append(frame)
        if self._rate < 0 and self._wanted is None:
            self._wait_backwards()
        else:
            self._tick()
            self._ask()

    def _show(self, frame: ShownFrame) -> None:
        self._current = frame
        self.shown.emit(frame)

    @Slot()
    def _tick(self) -> None:
        """Show what is due, drop what is late, and wake again when the next one is due."""
        if self._rate > 0:
            now_s = self._clock.now_s(self._rate)
            due: ShownFrame | None = None
            while self._ready and self._ready[0].pts_s <= now_s + _EARLY_S:
                due = self._ready.popleft()
            if due is not None:
                self._show(due)
            if self._ready:
                wait_s = (self._ready[0].pts_s - now_s) / self._rate
                self._timer.start(max(1, round(wait_s * 1000)))
            elif self._ended:
                self.set_rate(0.0)
        self._ask()

    def _wait_backwards(self) -> None:
        if self._clock.now_s(self._rate) <= 0 and self.time_s <= 0:
            self.set_rate(0.0)
            return
        pace = self._info.frame_rate if self._info and self._info.frame_rate else 25.0
        self._timer.start(max(1, round(1000 / pace)))

    def _tell_failed(self, error: InspectorError) -> None:
        self._busy = False
        self.set_rate(0.0)
        self.failed.emit(str(error))


def _ignore(_: object) -> None:
    """Take a result that nobody waits for."""
