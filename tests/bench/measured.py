"""One measured target, and how two ways are timed against each other."""

import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import clock_gettime, perf_counter, process_time


@dataclass(frozen=True)
class Measured:
    """A target with what was measured; ``at_least`` says which side of the limit is good."""

    name: str
    value: float
    limit: float
    at_least: bool
    unit: str = "x"
    note: str = ""

    @property
    def passed(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def line(self) -> str:
        sign = ">=" if self.at_least else "<="
        word = "pass" if self.passed else "FAIL"
        return (
            f"{word}  {self.name:<58} {self.value:9.3f} {self.unit:<4} "
            f"({sign} {self.limit:g} {self.unit})  {self.note}"
        )


def wall_ratio(
    a: Callable[[], object], b: Callable[[], object], rounds: int = 5
) -> tuple[float, float, float]:
    """Return the median of time(a) / time(b) taken in turn, and the median times, seconds."""
    return _ratio(a, b, rounds, perf_counter)


def cpu_ratio(
    a: Callable[[], object], b: Callable[[], object], rounds: int = 5
) -> tuple[float, float, float]:
    """The same in this process's CPU time."""
    return _ratio(a, b, rounds, process_time)


def total_cpu_ratio(
    a: Callable[[], object],
    b: Callable[[], object],
    pids: Callable[[], tuple[int, ...]],
    rounds: int = 5,
) -> tuple[float, float, float]:
    """The same in CPU time of this process and of others; in wall time off Linux."""

    def clock() -> float:
        # A process's CPU clock, as clock_getcpuclockid(3) numbers it.
        return process_time() + sum(clock_gettime((~pid << 3) | 2) for pid in pids())

    return _ratio(a, b, rounds, clock if sys.platform == "linux" else perf_counter)


def _ratio(
    a: Callable[[], object], b: Callable[[], object], rounds: int, clock: Callable[[], float]
) -> tuple[float, float, float]:
    pairs = [(_time(a, clock), _time(b, clock)) for _ in range(rounds)]
    return (
        median(x / y for x, y in pairs),
        median(x for x, _ in pairs),
        median(y for _, y in pairs),
    )


def _time(work: Callable[[], object], clock: Callable[[], float]) -> float:
    started = clock()
    work()
    return clock() - started


def peak_bytes() -> int:
    """Return the largest resident size this process ever had, bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
