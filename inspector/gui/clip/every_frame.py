"""Scores every frame of a clip, or of a marked stretch of it, for the eye, until it is stopped."""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Event
from time import monotonic
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from inspector.domain.errors import InspectorError
from inspector.domain.item import Item, ModelId
from inspector.domain.score import FrameScore
from inspector.gui.clip.timing import Marks
from inspector.gui.workers.long_job import LongJob

TELL_S = 0.2
"""Time between two handfuls of frames, seconds."""


class FrameScoring(Protocol):
    """What scores frames."""

    def score_frames(
        self, path: str, model: ModelId | None, start_s: float, end_s: float, cancel: Event
    ) -> Iterator[FrameScore]: ...


class EveryFrame(QObject):
    """Owns the job and the frames it has scored so far; lives in the UI thread."""

    grew = Signal()  # more frames were scored, or the job ended
    failed = Signal(InspectorError)

    def __init__(self, services: FrameScoring, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._job = LongJob(self)
        self._length_s = 0.0
        self._start_s = 0.0
        self.frames: list[FrameScore] = []
        self._job.stepped.connect(self._take)
        self._job.done.connect(self._end)
        self._job.failed.connect(self.failed)

    @property
    def is_running(self) -> bool:
        return self._job.is_running

    @property
    def share(self) -> float:
        """Return how far the job is, [0, 1]."""
        if not self.frames or self._length_s <= 0:
            return 0.0
        return min(1.0, (self.frames[-1].pts_s - self._start_s) / self._length_s)

    def start(self, item: Item, marks: Marks) -> None:
        """Score every frame between the marks, from the first on."""
        duration_s = item.info.duration_s if item.info and item.info.duration_s else 0.0
        self._start_s = marks.start_s or 0.0
        end_s = marks.end_s if marks.end_s is not None else float("inf")
        self._length_s = min(end_s, duration_s) - self._start_s
        self.frames = []
        work = partial(_score, self._services, item.path, item.model, self._start_s, end_s)
        self._job.start(work)

    def stop(self) -> None:
        """Stop; what was scored so far stays."""
        self._job.cancel()

    def forget(self) -> None:
        """Stop, and let go of what was scored."""
        self._job.cancel()
        self.frames = []

    @Slot(tuple)
    def _take(self, handful: tuple[FrameScore, ...]) -> None:
        self.frames.extend(handful)
        self.grew.emit()

    @Slot(object)
    def _end(self, _: None) -> None:
        self.grew.emit()


def _score(
    services: FrameScoring,
    path: str,
    model: ModelId | None,
    start_s: float,
    end_s: float,
    step: Callable[..., None],
    cancel: Event,
) -> None:
    """Hand on frames by the handful; in the job's thread."""
    handful: list[FrameScore] = []
    told = monotonic()
    for frame in services.score_frames(path, model, start_s, end_s, cancel):
        handful.append(frame)
        if monotonic() - told >= TELL_S:
            step(*handful)
            handful, told = [], monotonic()
    if handful:
        step(*handful)
