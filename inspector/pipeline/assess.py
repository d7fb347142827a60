"""One file's route: examine, score, judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Event

import numpy as np
from numpy.typing import NDArray

from inspector.domain.case import Evidence
from inspector.domain.detector import Calibration
from inspector.domain.errors import FaultCode
from inspector.domain.item import Item, ModelId, PolicyId
from inspector.domain.media import Fault, FoundFile, ItemStatus, MediaKind
from inspector.domain.policy import Policy, Thresholds
from inspector.domain.rules import awaits_copies, judge
from inspector.domain.score import Score
from inspector.domain.verdict import DETECTOR_RULES, Decision, Rule
from inspector.pipeline.frame_scores import FrameScores
from inspector.pipeline.scoring import FrameScorer
from inspector.ports import Examination, ExaminePlan, MediaReader


@dataclass(frozen=True, slots=True)
class Assessor:
    """Turns found files into items; holds no state of its own, so threads may share it.

    Attributes:
        scorer: None where nothing is scored.
        plan: what the workers read of each file.
        engine_versions: recorded with every item.
        stability: every file is scored again from changed copies; without it only those are
            that the detector would drop.
        others: calibrations of the other detectors there are, by the sha256 of their cards, so
            that an item scored by one of them is judged by its own thresholds.
        keeps_others: an item of an earlier scan that another detector scored is left as it is.
    """

    reader: MediaReader
    scorer: FrameScorer | None
    policy: Policy
    plan: ExaminePlan
    engine_versions: Mapping[str, str] = field(default_factory=dict)
    stability: bool = False
    others: Mapping[str, Calibration] = field(default_factory=dict)
    keeps_others: bool = True

    def assess(self, file: FoundFile, cancel: Event) -> tuple[Item, NDArray[np.uint8] | None]:
        """Return the judged item and its thumbnail.

        Raises:
            ScanCancelled: ``cancel`` was set before the file was done.
        """
        item, thumbnail = self._assess(file, cancel, self._copies_from())
        if self.awaits_copies(item):
            # A clip is known to be dropped only once its last frame was scored.
            item, thumbnail = self._assess(file, cancel, 0.0)
        return item, thumbnail

    @property
    def model(self) -> ModelId | None:
        if self.scorer is None:
            return None
        return ModelId(self.scorer.spec.id, self.scorer.spec.sha256)

    def judged(self, item: Item) -> Item:
        """Return the item with the policy's verdict, by the thresholds of what scored it.

        Skipped files get none; an item of a detector that is not here keeps the one it has.
        """
        if item.status is ItemStatus.SKIPPED:
            return replace(item, verdict=None)
        if item.verdict is not None and self._is_strange(item.model):
            return item
        policy, limits = self._in_force(item)
        verdict = judge(_evidence(item), policy, limits)
        return replace(item, verdict=verdict, policy=PolicyId(self.policy.name, self.policy.sha256))

    def awaits_copies(self, item: Item) -> bool:
        """Return whether the detector would drop it, had it been scored from copies as well."""
        if item.status is ItemStatus.SKIPPED or self._is_strange(item.model):
            return False
        return awaits_copies(_evidence(item), *self._in_force(item))

    def still_stands(self, earlier: Item, file: FoundFile) -> bool:
        """Return whether an item of an earlier scan need not be read again."""
        if (earlier.file.size, earlier.file.mtime_ns) != (file.size, file.mtime_ns):
            return False
        if self.scorer is None or self.model is None:
            return True
        score = earlier.score
        if score is None:
            # Unreadable and skipped files have no score whatever the detector.
            return not (earlier.status is ItemStatus.OK and earlier.media is not None)
        if earlier.model != self.model:
            chosen = earlier.model is not None and earlier.model.id != self.model.id
            return chosen and self.keeps_others
        return not self.awaits_copies(earlier) and not (self.stability and not score.copies)

    def _assess(
        self, file: FoundFile, cancel: Event, copies_from: float
    ) -> tuple[Item, NDArray[np.uint8] | None]:
        frames = FrameScores(self.scorer, copies_from)
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
            engine_versions=self.engine_versions,
        )
        return self.judged(item), examined.thumbnail

    def _score(
        self, examined: Examination, frames: FrameScores
    ) -> tuple[Score | None, Fault | None]:
        unusable = examined.status in (ItemStatus.UNREADABLE, ItemStatus.SKIPPED)
        if self.scorer is None or examined.info is None or unusable:
            return None, None
        if frames.trouble is not None:
            message = f"The detector gave no score: {frames.trouble}"
            return None, Fault(FaultCode.NO_SCORE, message)
        limits = self._limits(examined.info.kind)
        assert limits is not None
        return frames.score(examined.info.kind, limits.review), None

    def _is_strange(self, model: ModelId | None) -> bool:
        return model is not None and model != self.model and model.sha256 not in self.others

    def _in_force(self, item: Item) -> tuple[Policy, Thresholds | None]:
        """Return policy and thresholds for an item: what was calibrated holds for its model."""
        model = item.model
        if model is None or model == self.model or model.sha256 not in self.others:
            return self.policy, self._limits(item.media)
        limits = Thresholds.of(self.others[model.sha256], item.media)
        policy = self.policy if self.scorer is None else replace(self.policy, thresholds={})
        return policy, limits

    def _limits(self, media: MediaKind | None) -> Thresholds | None:
        if self.scorer is None:
            return None
        certified = self.policy.thresholds.get(media) if media is not None else None
        return certified or Thresholds.of(self.scorer.spec.calibration, media)

    def _copies_from(self) -> float:
        """Return the likelihood of a frame from which its copies are scored along with it."""
        if self.stability:
            return 0.0
        limits = self._limits(MediaKind.IMAGE)
        drops = [rule for rule in DETECTOR_RULES if self.policy.decisions[rule] is Decision.DROP]
        off = Rule.DETECTOR_UNSTABLE in self.policy.off or not self.policy.decides
        if limits is None or not limits.certified or not drops or off:
            return _NEVER
        return limits.drop if drops == [Rule.DETECTOR_SYNTHETIC] else limits.review


_NEVER = float("inf")


def _evidence(item: Item) -> Evidence:
    return Evidence(
        item.path,
        item.status,
        item.media,
        item.fault,
        item.provenance,
        item.traces,
        item.score,
    )
