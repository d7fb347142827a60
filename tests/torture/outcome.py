"""What a scenario found: how many things were tried, how many held, and which did not."""

from dataclasses import dataclass

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of the table.

    Attributes:
        unit: what was counted, e.g. "kills".
        broken: what did not hold, in words.
    """

    scenario: str
    tried: int
    held: int
    unit: str
    note: str
    broken: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.broken and self.held == self.tried and self.tried > 0


class Checks:
    """Counts trials; a trial is one thing tried, with any number of conditions on it."""

    def __init__(self, scenario: str, unit: str) -> None:
        self._scenario = scenario
        self._unit = unit
        self._tried = 0
        self._held = 0
        self._broken: list[str] = []

    def trial(self, *faults: str) -> None:
        """Count one trial; every given text is something that did not hold in it."""
        self._tried += 1
        self._held += not faults
        self._broken += faults

    def require(self, holds: bool, what: str) -> None:
        """Note a condition on the scenario as a whole."""
        if not holds:
            self._broken.append(what)

    def outcome(self, note: str) -> Outcome:
        broken = tuple(self._broken)
        if broken:
            more = f" (+{len(broken) - _SHOWN})" if len(broken) > _SHOWN else ""
            note = f"BROKEN: {'; '.join(broken[:_SHOWN])}{more}. {note}"
        return Outcome(self._scenario, self._tried, self._held, self._unit, note, broken)
