"""Which heatmap belongs over the frame on screen: the nearest scored one, or one made for it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from inspector.domain.errors import InspectorError
from inspector.domain.item import Item
from inspector.domain.score import FrameScore, Heatmap
from inspector.gui.clip.timing import nearest
from inspector.gui.workers.background import BackgroundJobs
from inspector.ports import Store

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class FrameMap:
    """A map, and of which frame it is; ``heatmap`` is None where none was stored for it."""

    pts_s: float
    heatmap: Heatmap | None


class FrameMaps(QObject):
    """Holds the stored maps of one clip; reads missing ones in the background."""

    arrived = Signal()  # a map that was missing is here: ask again

    def __init__(self, jobs: BackgroundJobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job = f"frame-map-{next(_numbers)}"
        self._store: Store | None = None
        self._path = ""
        self._frames: tuple[FrameScore, ...] = ()
        self._known: dict[float, FrameMap] = {}
        self._asked: float | None = None

    @property
    def frames(self) -> tuple[FrameScore, ...]:
        """Return every scored frame of the clip, in order of pts."""
        return self._frames

    def show_item(self, item: Item | None, store: Store) -> None:
        """Take another clip."""
        self._jobs.forget(self._job)
        self._store = store
        self._path = item.path if item else ""
        self._asked = None
        self.show_frames(item.score.frames if item and item.score else ())

    def show_frames(self, frames: Sequence[FrameScore]) -> None:
        """Take other scored frames of the same clip."""
        self._frames = tuple(sorted(frames, key=_pts))
        self._known = {
            frame.pts_s: FrameMap(frame.pts_s, frame.heatmap)
            for frame in self._frames
            if frame.heatmap is not None
        }

    def at(self, time_s: float) -> FrameMap | None:
        """Return the map of the scored frame nearest to a time, None until it was read."""
        frame = nearest(self._frames, time_s)
        if frame is None:
            return None
        known = self._known.get(frame.pts_s)
        if known is None and self._store is not None and self._asked != frame.pts_s:
            self._asked = frame.pts_s
            work = partial(_read, self._store, self._path, frame.pts_s)
            self._jobs.submit(self._job, work, self._take, self._give_up)
        return known

    def _take(self, found: FrameMap) -> None:
        self._known[found.pts_s] = found
        self._asked = None
        self.arrived.emit()

    def _give_up(self, error: InspectorError) -> None:
        """Go without the map: the frame itself is still shown."""
        if self._asked is not None:
            self._take(FrameMap(self._asked, None))


def _read(store: Store, path: str, pts_s: float) -> FrameMap:
    return FrameMap(pts_s, store.heatmap(path, pts_s))


def _pts(frame: FrameScore) -> float:
    return frame.pts_s
