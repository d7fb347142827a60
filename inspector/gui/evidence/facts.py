"""What a lane says, as values: the words are chosen apart from the widgets that show them."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """A small drawn sign beside words; never alone, never told by colour."""

    AI = "ai"
    AI_PART = "ai_part"
    SYNTHETIC = "synthetic"
    SUSPECT = "suspect"
    NO_EVIDENCE = "no_evidence"
    CAMERA_VERIFIED = "camera_verified"
    TAMPERED = "tampered"
    REFUSES = "refuses"
    UNREADABLE = "unreadable"
    CAMERA = "camera"
    MATCHES = "matches"
    DIFFERS = "differs"
    NOTICE = "notice"
    RAISED = "raised"
    NOTHING = "nothing"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Fact:
    """One named value; ``value`` is plain text that may come from a hostile file."""

    name: str
    value: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of evidence.

    Attributes:
        title: which kind.
        headline: what it says, in one line.
        facts: everything behind it, in reading order.
        note: what must not be concluded from it; empty where there is nothing to warn of.
    """

    title: str
    headline: str
    mark: Mark
    facts: tuple[Fact, ...] = ()
    note: str = ""

    @property
    def summary(self) -> str:
        """Return the lane as plain text, for screen readers and the clipboard."""
        lines = [f"{self.title}: {self.headline}"]
        if self.note:
            lines.append(self.note)
        lines += [f"{fact.name}: {fact.value}" for fact in self.facts]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What came of all evidence: the finding, the rule's sentence, and who decided.

    Attributes:
        decision: "Drop", "Keep", "Review", or that nothing is decided.
        decided_by: who decided and, where a person overruled it, what the rule had said.
    """

    finding: str
    mark: Mark
    reason: str
    decision: str
    decided_by: str

    @property
    def summary(self) -> str:
        return "\n".join(
            line for line in (self.finding, self.reason, self.decision, self.decided_by) if line
        )
