"""Reads media in this process, with no limits: for tests, and to measure what isolation costs."""

from collections.abc import Callable, Mapping
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.media.examine import Bench
from inspector.adapters.media.frames import CallbackSink
from inspector.adapters.media.moving import Stepper
from inspector.adapters.media.readers import NoReaders, WorkerReaders
from inspector.domain.media import MAX_PIXELS, FoundFile, Frame, MediaInfo
from inspector.domain.provenance import ManifestStore
from inspector.ports import ClipReader, Examination, ExaminePlan


class DirectReader:
    """A ``MediaReader`` without workers; one call at a time, as decoders have global switches."""

    def __init__(
        self, readers: WorkerReaders | None = None, *, max_pixels: int = MAX_PIXELS
    ) -> None:
        self._bench = Bench(readers or NoReaders(), max_pixels)
        self._lock = Lock()

    def examine(
        self,
        file: FoundFile,
        plan: ExaminePlan,
        on_frame: Callable[[Frame], None],
        cancel: Event,
    ) -> Examination:
        with self._lock:
            return self._bench.examine(file, plan, CallbackSink(on_frame, cancel))

    def thumbnail(self, path: str, side_px: int, *, quick: bool = False) -> NDArray[np.uint8]:
        with self._lock:
            return self._bench.thumbnail(path, side_px, quick=quick)

    def picture(self, path: str) -> Frame:
        frames: list[Frame] = []
        with self._lock:
            self._bench.picture(path, CallbackSink(frames.append, Event()))
        return frames[0]

    def manifests(self, path: str, beside: str | None = None) -> ManifestStore:
        with self._lock:
            return self._bench.manifests(path, beside)

    def open_clip(self, path: str) -> ClipReader:
        with self._lock:
            return DirectClip(self._bench.open_clip(path, _nothing), self._lock)

    def isolation(self) -> Mapping[str, str]:
        return {"process": "missing: files are read in the same process"}

    def close(self) -> None:
        return


class DirectClip:
    """A ``ClipReader`` in this process."""

    def __init__(self, stepper: Stepper, lock: Lock) -> None:
        self._stepper = stepper
        self._lock = lock
        self._frames: list[Frame] = []
        self._sink = CallbackSink(self._frames.append, Event())

    @property
    def info(self) -> MediaInfo:
        return self._stepper.info

    def frame_at(self, time_s: float) -> Frame:
        with self._lock:
            self._stepper.frame_at(time_s, self._sink)
            return self._frames.pop()

    def next_frame(self) -> Frame | None:
        with self._lock:
            return self._frames.pop() if self._stepper.next_frame(self._sink) else None

    def previous_frame(self) -> Frame | None:
        with self._lock:
            return self._frames.pop() if self._stepper.previous_frame(self._sink) else None

    def close(self) -> None:
        self._stepper.close()


def _nothing() -> None:
    return
