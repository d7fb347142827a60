"""How fast a detector really is here: timed on its own device, with as many callers as a scan."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from inspector.domain.media import Frame
from inspector.pipeline.scoring import FrameScorer
from inspector.ports import Detector

SIDE_PX = 1024
ENOUGH_S = 1.0
"""A round is repeated until this much time has passed, or it has run ``ROUNDS`` times."""

ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Speed:
    """Pictures of 1024 x 1024 px scored a second (whole view and tiles), by so many callers."""

    pictures_per_s: float
    callers: int


def measure_speed(detector: Detector, callers: int, tiles: int) -> Speed:
    """Score pictures of noise, each caller one a round, after a round that does not count.

    Args:
        callers: threads that score side by side, as in a scan.
        tiles: native tiles scored a picture, as in a scan.
    """
    generator = np.random.default_rng(0)
    frame = Frame(generator.integers(0, 256, (SIDE_PX, SIDE_PX, 3), np.uint8))
    scorer = FrameScorer(detector, tiles)
    with ThreadPoolExecutor(callers) as pool:

        def one_round() -> None:
            for scored in [pool.submit(scorer.score, frame) for _ in range(callers)]:
                scored.result()

        one_round()
        started, rounds = perf_counter(), 0
        while rounds < ROUNDS and (not rounds or perf_counter() - started < ENOUGH_S):
            one_round()
            rounds += 1
        return Speed(rounds * callers / (perf_counter() - started), callers)
