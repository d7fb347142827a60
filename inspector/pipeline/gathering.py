"""Pictures of known origin looked at by a detector as a scan would, for it to learn from."""

from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from enum import StrEnum
from threading import Event

import numpy as np
from numpy.typing import NDArray

from inspector.domain.errors import ModelError
from inspector.domain.events import PathTrouble, Progress
from inspector.domain.media import FoundFile, Frame, ItemStatus, MediaKind
from inspector.domain.teaching import LabelledPictures
from inspector.pipeline.progress import ProgressMeter
from inspector.pipeline.scenes import number_scenes, scene_hash
from inspector.pipeline.scoring import FrameResult, FrameScorer, score_picture
from inspector.ports import ExaminePlan, FileFinder, MediaReader, ScanCancelled


class Use(StrEnum):
    """What a file is good for."""

    LEARNT = "learnt from"
    NOT_MEDIA = "no pictures"
    CLIP = "clips"
    NOT_WHOLE = "unreadable or damaged"
    ABSTAINED = "too small or too flat"
    NO_SCORE = "without a score"


@dataclass(frozen=True, slots=True)
class Look:
    """What is kept of a picture: next to nothing, so that there may be many.

    Attributes:
        scene: its ``scene_hash``.
        features: of the first fused view, float32, shape (k,).
        terms: pooled logits in the order of the card's fusion.
    """

    sha256: str | None
    scene: int
    features: NDArray[np.float32]
    terms: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One file; ``look`` stands where it is learnt from."""

    file: FoundFile
    use: Use
    look: Look | None = None


def look_at(
    roots: Sequence[str], finder: FileFinder, reader: MediaReader, scorer: FrameScorer, jobs: int
) -> Generator[LookedAt | PathTrouble | Progress]:
    """Yield every file below the roots as it is done, in any order, and how far it is.

    ``jobs`` threads work until the iterator ends or is closed.
    """
    stop = Event()
    meter = ProgressMeter()
    files: list[FoundFile] = []
    for found in finder(roots, stop):
        if isinstance(found, PathTrouble):
            yield found
        else:
            files.append(found)
    meter.found, meter.discovered = len(files), True
    onlooker = _Onlooker(reader, scorer, stop)
    threads = ThreadPoolExecutor(jobs, "teach")
    try:
        futures: list[Future[LookedAt]] = [threads.submit(onlooker, file) for file in files]
        for future in as_completed(futures):
            yield future.result()
            meter.add_done()
            yield meter.snapshot()
    finally:
        stop.set()
        threads.shutdown(cancel_futures=True)


class _Onlooker:
    """Has one file read by a worker and scores it; threads share it."""

    def __init__(self, reader: MediaReader, scorer: FrameScorer, stop: Event) -> None:
        self._reader = reader
        self._scorer = scorer
        self._stop = stop

    def __call__(self, file: FoundFile) -> LookedAt:
        seen: list[tuple[FrameResult, int]] = []
        trouble: list[ModelError] = []

        def score(frame: Frame) -> None:
            if frame.index == 0:
                # A worker that died is tried once more, from the first frame on.
                seen.clear()
                try:
                    seen.append((self._scorer.score(frame), scene_hash(frame.pixels)))
                except ModelError as error:
                    trouble.append(error)

        plan = ExaminePlan(frames=1, thumbnail_px=0)
        try:
            examined = self._reader.examine(file, plan, score, self._stop)
        except ScanCancelled:
            return LookedAt(file, Use.NOT_WHOLE)
        if examined.status is ItemStatus.SKIPPED:
            return LookedAt(file, Use.NOT_MEDIA)
        if examined.info is not None and examined.info.kind is MediaKind.VIDEO:
            return LookedAt(file, Use.CLIP)
        if examined.status is not ItemStatus.OK:
            return LookedAt(file, Use.NOT_WHOLE)
        if trouble or not seen:
            return LookedAt(file, Use.NO_SCORE)
        (result, scene), spec = seen[0], self._scorer.spec
        if score_picture(result, spec).abstained:
            return LookedAt(file, Use.ABSTAINED)
        features = result.features[spec.fusion[0].view].copy()
        return LookedAt(file, Use.LEARNT, Look(examined.sha256, scene, features, result.terms))


@dataclass(frozen=True, slots=True)
class Lesson:
    """One picture to learn from."""

    synthetic: bool
    source: str
    look: Look


def as_pictures(lessons: Sequence[Lesson]) -> LabelledPictures:
    """Return lessons, at least one, as rows; what shows the same is a group."""
    sources = sorted({lesson.source for lesson in lessons})
    return LabelledPictures(
        features=np.stack([lesson.look.features for lesson in lessons]),
        terms=np.array([lesson.look.terms for lesson in lessons], np.float32),
        synthetic=np.array([lesson.synthetic for lesson in lessons], np.bool_),
        source=np.array([sources.index(lesson.source) for lesson in lessons], np.intp),
        sources=tuple(sources),
        group=number_scenes([""] * len(lessons), [lesson.look.scene for lesson in lessons]),
    )
