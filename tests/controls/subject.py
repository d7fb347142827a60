"""A detector under test: many pictures scored on every core."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import DetectorSpec
from inspector.domain.media import Frame
from inspector.pipeline.scoring import FrameScorer, score_picture
from inspector.ports import Detector

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """Of pictures in the order given; ``alarm`` is over review or with a region."""

    likelihoods: Floats
    alarm: NDArray[np.bool_]
    views: Floats  # (n, views)

    def over(self, threshold: float) -> float:
        """Return the share at or over a threshold."""
        return float((self.likelihoods >= threshold).mean())


class Subject:
    """Scores pictures as a scan does."""

    def __init__(self, detector: Detector) -> None:
        self.detector = detector
        self.scorer = FrameScorer(detector)

    @property
    def spec(self) -> DetectorSpec:
        return self.detector.spec

    def scores(self, pictures: Iterable[Pixels]) -> Scores:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            rows = list(pool.map(self._one, pictures))
        return Scores(
            np.array([row[0] for row in rows]),
            np.array([row[1] for row in rows], bool),
            np.array([row[2] for row in rows]),
        )

    def _one(self, pixels: Pixels) -> tuple[float, bool, list[float]]:
        result = self.scorer.score(Frame(np.ascontiguousarray(pixels)))
        score = score_picture(result, self.spec)
        over = score.likelihood >= self.spec.calibration.review
        return score.likelihood, over or bool(score.regions), [v.likelihood for v in result.views]
