"""A control that holds or fails the release, and a target that is printed as it came out."""

from dataclasses import dataclass

from inspector.domain.figures import Interval
from inspector.pipeline.certificate import binomial_cdf


@dataclass(frozen=True, slots=True)
class Control:
    """A figure that must lie between two bounds, both included."""

    name: str
    value: float
    low: float
    high: float
    note: str = ""

    @property
    def held(self) -> bool:
        return self.low <= self.value <= self.high

    def line(self) -> str:
        word = "held" if self.held else "FAIL"
        return (
            f"{word}  {self.name:<58} {self.value:8.4f}  ({self._wanted()})  {self.note}".rstrip()
        )

    def _wanted(self) -> str:
        if self.low <= 0:
            return f"<= {self.high:g}"
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to reach; ``floor`` is the least that is worth shipping. Never fails a release.

    ``wanted`` below ``floor`` says that less is better.
    """

    name: str
    got: Interval | float | None
    wanted: float
    floor: float
    note: str = ""

    def line(self) -> str:
        wanted = f"target {self.wanted:g}, floor {self.floor:g}"
        if self.got is None:
            return f"-     {self.name:<58} not known  ({wanted})  {self.note}".rstrip()
        value = self.got.value if isinstance(self.got, Interval) else self.got
        shown = f"{value:.3f}"
        if isinstance(self.got, Interval):
            shown += f" [{self.got.low:.3f}, {self.got.high:.3f}]"
            if self.got.low <= 0.5 <= self.got.high and "AUC" in self.name:
                shown += " no better than chance"
        return f"{self._word(value)}  {self.name:<58} {shown}  ({wanted})  {self.note}".rstrip()

    def _word(self, value: float) -> str:
        sign = -1 if self.wanted < self.floor else 1
        if sign * value >= sign * self.wanted:
            return "met "
        return "near" if sign * value >= sign * self.floor else "MISS"


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure that stands beside the others and has nothing to reach."""

    name: str
    got: Interval

    def line(self) -> str:
        shown = f"{self.got.value:.3f} [{self.got.low:.3f}, {self.got.high:.3f}]"
        return f"      {self.name:<58} {shown}"


def rate_interval(errors: int, n: int) -> Interval:
    """Return a share with its 95 % interval (Clopper and Pearson, Biometrika 26, 1934)."""

    def solved(share_over: float, count: int) -> float:
        low, high = 0.0, 1.0
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (
                (middle, high) if binomial_cdf(count, n, middle) > share_over else (low, middle)
            )
        return low

    low = 0.0 if errors == 0 else solved(0.975, errors - 1)
    high = 1.0 if errors == n else solved(0.025, errors)
    return Interval(errors / n, low, high)
