"""One open clip, asked by many threads, answering one at a time."""

from dataclasses import dataclass
from threading import Event, Lock

from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import Frame, MediaInfo
from inspector.gui.loupe.pyramid import Pyramid, single_level
from inspector.ports import ClipReader, MediaReader

_NUDGE_S = 1e-6
"""Added to a pts before asking for its frame, so that rounding cannot give the one before."""


@dataclass(frozen=True, slots=True)
class ShownFrame:
    """A frame ready for the screen, made in a worker thread."""

    frame: Frame
    image: Pyramid

    @property
    def pts_s(self) -> float:
        return self.frame.pts_s


class ClipHandle:
    """Owns a ``ClipReader`` from opening to closing; its methods are called in worker threads.

    ``abandon`` may be called in any thread and returns at once: whatever waits for the clip then
    fails, and the last one out closes it.
    """

    def __init__(self, reader: MediaReader, path: str) -> None:
        self._reader = reader
        self._path = path
        self._lock = Lock()
        self._abandoned = Event()
        self._clip: ClipReader | None = None

    def open(self) -> MediaInfo:
        """Open the clip.

        Raises:
            MediaError: it is no clip, cannot be decoded, or was abandoned meanwhile.
        """
        with self._lock:
            return self._opened().info

    def seek(self, time_s: float) -> ShownFrame:
        """Return the frame on screen at a time."""
        with self._lock:
            return _ready(self._opened().frame_at(time_s + _NUDGE_S))

    def step(self, count: int, after_s: float | None) -> ShownFrame | None:
        """Return the frame ``count`` frames on, or back where negative; None past either end.

        Args:
            count: not 0.
            after_s: pts to count from, where that is not the last frame delivered.
        """
        with self._lock:
            clip = self._opened()
            if after_s is not None:
                clip.frame_at(after_s + _NUDGE_S)
            found: Frame | None = None
            for _ in range(abs(count)):
                following = clip.next_frame() if count > 0 else clip.previous_frame()
                if following is None:
                    break
                found = following
            return _ready(found) if found is not None else None

    def abandon(self) -> None:
        """Give the clip up; nothing waits."""
        self._abandoned.set()

    def close(self) -> None:
        """Close the clip once nobody uses it."""
        self._abandoned.set()
        with self._lock:
            self._close()

    def _opened(self) -> ClipReader:
        """Return the open clip; the lock is held."""
        if self._abandoned.is_set():
            self._close()
            raise MediaError(FaultCode.VANISHED, "The clip was closed.")
        if self._clip is None:
            self._clip = self._reader.open_clip(self._path)
        return self._clip

    def _close(self) -> None:
        if self._clip is not None:
            self._clip.close()
            self._clip = None


def _ready(frame: Frame) -> ShownFrame:
    return ShownFrame(frame, single_level(frame.pixels))
