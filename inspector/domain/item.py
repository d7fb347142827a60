"""One file with everything known of it: evidence, verdict, and what a person decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from inspector.domain.media import Fault, FoundFile, ItemStatus, MediaInfo, MediaKind
from inspector.domain.provenance import Provenance
from inspector.domain.score import Score
from inspector.domain.traces import Trace
from inspector.domain.verdict import DecidedBy, Decision, Finding, Rule, Verdict


@dataclass(frozen=True, slots=True)
class ModelId:
    """Which detector scored an item; ``sha256`` is that of its card."""

    id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PolicyId:
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Item:
    """A file's row: in the session, in the gallery, and in every list.

    Attributes:
        file: identity, size and time as they were when it was found.
        sha256: of the bytes; None where they could not be read.
        fault: set for unreadable and skipped files, and for damaged ones.
        verdict: None for skipped files.
        person: what a person decided; it beats the verdict.
    """

    file: FoundFile
    status: ItemStatus
    sha256: str | None = None
    info: MediaInfo | None = None
    fault: Fault | None = None
    provenance: Provenance = field(default_factory=Provenance)
    traces: tuple[Trace, ...] = ()
    score: Score | None = None
    verdict: Verdict | None = None
    person: Decision | None = None
    model: ModelId | None = None
    policy: PolicyId | None = None
    engine_versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return self.file.path

    @property
    def media(self) -> MediaKind | None:
        return self.info.kind if self.info is not None else None

    @property
    def finding(self) -> Finding | None:
        return self.verdict.finding if self.verdict else None

    @property
    def rule(self) -> Rule | None:
        return self.verdict.rule if self.verdict else None

    @property
    def decision(self) -> Decision | None:
        """Return the decision in force: the person's, else the rule's."""
        if self.person is not None:
            return self.person
        return self.verdict.decision if self.verdict else None

    @property
    def decided_by(self) -> DecidedBy | None:
        if self.person is not None:
            return DecidedBy.PERSON
        if self.verdict is None or self.verdict.decision is None:
            return None
        return DecidedBy.RULE

    def decided(self, decision: Decision | None) -> "Item":
        """Return the item with a person's decision, or with it taken back (None)."""
        return replace(self, person=decision)
