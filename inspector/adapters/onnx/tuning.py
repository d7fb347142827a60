"""How many pictures run together on a device: a few sizes timed once, within a memory bound."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from inspector.adapters.onnx.faults import DeviceFaultError, DeviceFullError
from inspector.adapters.onnx.runners import Outputs, Tensor
from inspector.domain.errors import ModelError

LARGEST_BATCH = 64
WORKING_BYTES = 1 << 30
"""Device memory that a batch's intermediate results may take, by the estimate below."""

BYTES_PER_INPUT_BYTE = 32
"""Intermediate results against a float input: a ViT keeps about 13 times it, a net of native
resolution with 32 channels about 30 times."""

GOOD_ENOUGH = 0.95
"""Share of the best speed for which the smaller batch is taken: it answers sooner."""

WORTH_DOUBLING = 1.05
"""A size that is not this much faster than the half of it ends the search."""

TIME_LIMIT_S = 5.0
RUNS = 3
AGREEMENT = 1e-3
"""How far a picture's output may lie from what it is alone: sums come in another order."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Pictures a second in batches of ``rows``."""

    rows: int
    per_s: float


def largest_within(picture: Tensor) -> int:
    """Return the largest power of two of such pictures (1, ...) whose results should fit."""
    floats = int(picture[0].size) * 4  # whatever goes in, the graph computes in float32
    fitting = max(1, WORKING_BYTES // (floats * BYTES_PER_INPUT_BYTE))
    return min(LARGEST_BATCH, 1 << (fitting.bit_length() - 1))


def tuned(
    run: Callable[[Tensor], Outputs],
    pictures: Tensor,
    clock: Callable[[], float] = perf_counter,
) -> Timed:
    """Return the batch that a view should run in on a device, and its speed.

    Doubles the batch while that pays, the device has room and time is left. A graph that gives
    a picture another answer in company (a scale taken over the whole batch, a fixed first
    dimension) stays at one.

    Args:
        run: runs a batch whole and returns its outputs.
        pictures: as many different ones as the largest batch may hold.
        clock: seconds.

    Raises:
        DeviceFullError: not even one fits.
        DeviceFaultError: one alone fails.
        ModelError: one alone gives a wrong output.
    """
    started = clock()
    times = [_timed(run, pictures[:1], clock)]
    if len(pictures) > 1 and not _agrees_in_company(run, pictures[:2]):
        return times[0]
    while 2 * times[-1].rows <= len(pictures) and clock() - started < TIME_LIMIT_S:
        try:
            times.append(_timed(run, pictures[: 2 * times[-1].rows], clock))
        except (DeviceFullError, DeviceFaultError, ModelError):
            break
        if times[-1].per_s < WORTH_DOUBLING * times[-2].per_s:
            break
    best = max(timed.per_s for timed in times)
    return next(timed for timed in times if timed.per_s >= GOOD_ENOUGH * best)


def _timed(run: Callable[[Tensor], Outputs], batch: Tensor, clock: Callable[[], float]) -> Timed:
    run(batch)  # the first run of a shape allocates and chooses kernels
    started = clock()
    for _ in range(RUNS):
        run(batch)
    return Timed(len(batch), RUNS * len(batch) / max(clock() - started, 1e-9))


def _agrees_in_company(run: Callable[[Tensor], Outputs], pair: Tensor) -> bool:
    alone = [run(pair[:1]), run(pair[1:])]
    try:
        together = run(pair)
    except (DeviceFullError, DeviceFaultError, ModelError):
        return False
    return all(
        len(both) == 2 and np.allclose(both[row], one[0], AGREEMENT, AGREEMENT)
        for row in range(2)
        for both, one in zip(together, alone[row], strict=True)
    )
