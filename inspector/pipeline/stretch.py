"""Every frame of a stretch of a clip, scored one after the other."""

from collections.abc import Iterator
from threading import Event

from inspector.domain.media import Frame
from inspector.domain.score import FrameScore
from inspector.pipeline.scoring import FrameScorer, as_clip_frame
from inspector.ports import ClipReader, ScanCancelled

ROUNDING_S = 1e-6
"""How far a time may lie from a frame's own, so that rounding cannot give the one before."""


def score_stretch(
    scorer: FrameScorer, clip: ClipReader, start_s: float, end_s: float, cancel: Event
) -> Iterator[FrameScore]:
    """Yield each frame from the one on screen at ``start_s`` to the last at or before ``end_s``.

    Raises:
        MediaError: the clip cannot be decoded.
        ModelError: the detector gave no usable score.
        ScanCancelled: ``cancel`` was set.
    """
    frame: Frame | None = clip.frame_at(start_s + ROUNDING_S)
    while frame is not None and frame.pts_s <= end_s + ROUNDING_S:
        if cancel.is_set():
            raise ScanCancelled
        result = as_clip_frame(scorer.score(frame), scorer.spec)
        yield FrameScore(frame.pts_s, result.likelihood, result.heatmap)
        frame = clip.next_frame()
