"""Which time of a clip should be on screen now."""

from PySide6.QtCore import QElapsedTimer


class PlayClock:
    """Runs from a time of the clip at a rate; used in the UI thread."""

    def __init__(self) -> None:
        self._since = QElapsedTimer()
        self._start_s = 0.0
        self._since.start()

    def start(self, time_s: float) -> None:
        """Begin anew at a time of the clip."""
        self._start_s = time_s
        self._since.start()

    def now_s(self, rate: float) -> float:
        """Return the clip's time now; ``rate`` is that since the start."""
        return self._start_s + self._since.elapsed() / 1000 * rate
