"""One file's route: examine, score, judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Event

import numpy as np
from numpy.typing import NDArray

from inspector.domain.errors import FaultCode, ModelError
from inspector.domain.item import Item, ModelId, PolicyId
from inspector.domain.media import Fault, FoundFile, Frame, ItemStatus, MediaKind
from inspector.domain.policy import Policy, Thresholds
from inspector.domain.rules import Evidence, judge
from inspector.domain.score import Score
from inspector.pipeline.scoring import FrameResult, FrameScorer, score_file
from inspector.ports import Examination, ExaminePlan, MediaReader


@dataclass(frozen=True, slots=True)
class Assessor:
    """Turns found files into items; holds no state of its own, so threads may share it.

    Attributes:
        scorer: None where nothing is scored.
        plan: what the workers read of each file.
        engine_versions: recorded with every item.
    """

    reader: MediaReader
    scorer: FrameScorer | None
    policy: Policy
    plan: ExaminePlan
    engine_versions: Mapping[str, str] = field(default_factory=dict)

    def assess(self, file: FoundFile, cancel: Event) -> tuple[Item, NDArray[np.uint8] | None]:
        """Return the judged item and its thumbnail.

        Raises:
            ScanCancelled: ``cancel`` was set before the file was done.
        """
        frames = _FrameScores(self.scorer)
        examined = self.reader.examine(file, self.plan, frames.add, cancel)
        score, fault = self._score(examined, frames)
        status = examined.status
        if fault is not None and status is ItemStatus.OK:
            status = ItemStatus.DAMAGED
        item = Item(
            file=file,
            status=status,
            sha256=examined.sha256,
            info=examined.info if status is not ItemStatus.SKIPPED else None,
            fault=fault or examined.fault,
            provenance=examined.provenance,
            traces=examined.traces,
            score=score,
            model=self.model if score is not None else None,
            policy=PolicyId(self.policy.name, self.policy.sha256),
            engine_versions=self.engine_versions,
        )
        return self.judged(item), examined.thumbnail

    @property
    def model(self) -> ModelId | None:
        if self.scorer is None:
            return None
        return ModelId(self.scorer.spec.id, self.scorer.spec.sha256)

    def judged(self, item: Item) -> Item:
        """Return the item with the policy's verdict; skipped files get none."""
        if item.status is ItemStatus.SKIPPED:
            return replace(item, verdict=None)
        evidence = Evidence(
            item.path,
            item.status,
            item.media,
            item.fault,
            item.provenance,
            item.traces,
            item.score,
        )
        verdict = judge(evidence, self.policy, self._limits(item.media))
        policy = PolicyId(self.policy.name, self.policy.sha256)
        return replace(item, verdict=verdict, policy=policy)

    def _limits(self, media: MediaKind | None) -> Thresholds | None:
        if self.scorer is None:
            return None
        return Thresholds.of(self.scorer.spec.calibration, media)

    def _score(
        self, examined: Examination, frames: "_FrameScores"
    ) -> tuple[Score | None, Fault | None]:
        unusable = examined.status in (ItemStatus.UNREADABLE, ItemStatus.SKIPPED)
        if self.scorer is None or examined.info is None or unusable:
            return None, None
        if frames.trouble is not None:
            message = f"The detector gave no score: {frames.trouble}"
            return None, Fault(FaultCode.NO_SCORE, message)
        limits = self._limits(examined.info.kind)
        assert limits is not None
        kind, spec = examined.info.kind, self.scorer.spec
        return score_file(frames.results, kind, spec, limits.review), None


class _FrameScores:
    """Scores frames as they come; keeps the first trouble instead of a wrong score."""

    def __init__(self, scorer: FrameScorer | None) -> None:
        self._scorer = scorer
        self.results: list[FrameResult] = []
        self.trouble: str | None = None

    def add(self, frame: Frame) -> None:
        if self._scorer is None or self.trouble is not None:
            return
        if frame.index == 0:
            # A worker that died is tried once more, from the first frame on.
            self.results.clear()
        try:
            self.results.append(self._scorer.score(frame))
        except ModelError as error:
            self.trouble = str(error)
