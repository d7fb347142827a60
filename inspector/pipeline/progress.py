"""Files per second and time left, from when files were done."""

from collections import deque
from collections.abc import Callable
from time import monotonic

from inspector.domain.events import Progress

WINDOW_S = 8.0
"""Seconds over which the rate is taken."""


class ProgressMeter:
    """Counts files found and done; one thread at a time."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._times: deque[float] = deque()
        self.done = 0
        self.found = 0
        self.discovered = False

    def add_done(self, *, scored: bool = True) -> None:
        """Count a finished file; resumed ones do not make the rate look better."""
        self.done += 1
        if scored:
            self._times.append(self._clock())

    def snapshot(self) -> Progress:
        """Return the figures as they stand."""
        now = self._clock()
        while self._times and self._times[0] < now - WINDOW_S:
            self._times.popleft()
        span = min(WINDOW_S, max(now - self._started, 1e-3))
        rate = len(self._times) / span
        left = (self.found - self.done) / rate if self.discovered and rate > 0 else None
        return Progress(self.done, self.found, self.discovered, rate, left)
