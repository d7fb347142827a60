"""Times of a clip: how they read, and which scored frame is meant by one."""

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspector.domain.media import MediaInfo
from inspector.domain.score import FrameScore, Span


def time_words(seconds: float) -> str:
    """Return a time as 1:02.345, with hours only where there are some."""
    thousandths = round(max(0.0, seconds) * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 1000:02d}.{rest % 1000:03d}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def frame_number(info: MediaInfo, pts_s: float) -> int | None:
    """Return the number of a frame, from 1, by the average rate; None where it cannot be told."""
    if not info.frame_rate or info.frame_rate <= 0:
        return None
    number = pts_s * info.frame_rate
    return round(number) + 1 if abs(number - round(number)) < 0.1 else None


def nearest(frames: Sequence[FrameScore], time_s: float) -> FrameScore | None:
    """Return the scored frame nearest to a time; ``frames`` are in order of pts."""
    place = bisect_left(frames, time_s, key=_pts)
    around = frames[max(0, place - 1) : place + 1]
    return min(around, key=lambda frame: abs(frame.pts_s - time_s), default=None)


def next_hot(
    frames: Sequence[FrameScore],
    level: float,
    time_s: float,
    *,
    forward: bool,
    apart_s: float = 1e-6,
) -> FrameScore | None:
    """Return the next scored frame at or over ``level``, after or before a time.

    Args:
        apart_s: nearer than this it is the frame already on screen.
    """
    hot = [frame for frame in frames if frame.likelihood >= level]
    if forward:
        return next((frame for frame in hot if frame.pts_s > time_s + apart_s), None)
    return next((frame for frame in reversed(hot) if frame.pts_s < time_s - apart_s), None)


def filmed(frames: Sequence[FrameScore], level: float, most: int) -> tuple[FrameScore, ...]:
    """Return the frames of a filmstrip in order of time: the hottest over ``level``, else some.

    Without a hot frame they are spread over the clip.
    """
    hot = sorted((f for f in frames if f.likelihood >= level), key=_likelihood, reverse=True)
    if hot:
        return tuple(sorted(hot[:most], key=_pts))
    step = max(1, -(-len(frames) // most))
    return tuple(frames[::step])


@dataclass(frozen=True, slots=True)
class Marks:
    """Where a stretch of a clip begins and ends, in seconds; None is the clip's own end."""

    start_s: float | None = None
    end_s: float | None = None

    def with_start(self, time_s: float) -> "Marks":
        """Mark in; the same place again takes the mark back, a mark out before it falls away."""
        if self.start_s == time_s:
            return replace(self, start_s=None)
        keeps = self.end_s is not None and self.end_s > time_s
        return Marks(time_s, self.end_s if keeps else None)

    def with_end(self, time_s: float) -> "Marks":
        """Mark out; the same place again takes the mark back, a mark in after it falls away."""
        if self.end_s == time_s:
            return replace(self, end_s=None)
        keeps = self.start_s is not None and self.start_s < time_s
        return Marks(self.start_s if keeps else None, time_s)


def span_at(spans: Sequence[Span], time_s: float) -> Span | None:
    """Return the span under a time, else the nearest one."""

    def away_s(span: Span) -> float:
        return max(span.start_s - time_s, time_s - span.end_s, 0.0)

    return min(spans, key=away_s, default=None)


def cell_edges(frames: Sequence[FrameScore], duration_s: float) -> tuple[float, ...]:
    """Return where the heat strip changes colour: halfway between scored frames, in seconds."""
    between = [(one.pts_s + other.pts_s) / 2 for one, other in itertools.pairwise(frames)]
    return (0.0, *between, max(duration_s, frames[-1].pts_s)) if frames else ()


def _likelihood(frame: FrameScore) -> float:
    return frame.likelihood


def _pts(frame: FrameScore) -> float:
    return frame.pts_s
