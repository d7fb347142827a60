"""Every file of the session as columns: what the gallery paints, sorts, counts and filters."""

import os
from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from inspector.domain.item import Item
from inspector.domain.media import FoundFile, ItemStatus, MediaKind
from inspector.domain.provenance import AiDeclared, Permission, ProvenanceState
from inspector.domain.traces import Says, Trace
from inspector.domain.verdict import Decision, Finding, Rule
from inspector.gui.models.columns import NONE, Choices, Column, Names
from inspector.gui.models.kin import Kin


class Claim(StrEnum):
    """What credential or traces say of a file, or the credential shows; several may hold."""

    AI = "ai"
    AI_PART = "ai_part"
    CAPTURED = "captured"
    TRAINING = "training"
    BROKEN = "broken"


class Contradiction(StrEnum):
    """Where the detector says otherwise than the file, by the detector's own threshold."""

    CAMERA = "camera"
    AI = "ai"


class Stated(StrEnum):
    """What credential or traces say a file is, which the detector may contradict."""

    AI = "ai"
    AI_PART = "ai_part"
    CAMERA = "camera"


FINDINGS = Choices(Finding)
RULES = Choices(Rule)
DECISIONS = Choices(Decision)
STATES = Choices(ProvenanceState)
MEDIA = Choices(MediaKind)
STATUSES = Choices(ItemStatus)
STATED = Choices(Stated)
CLAIMS = Choices(Claim)
CONTRADICTIONS = Choices(Contradiction)

MAX_KINDS = 64
"""Kinds of traces that are told apart; a bit each."""

MAX_FAMILIES = 500
"""Families of files that are told apart; the rest share this number."""

_BYTE_COLUMNS = (
    "finding",
    "rule",
    "by_rule",
    "person",
    "state",
    "media",
    "status",
    "regions",
    "stated",
)
_CAPTURES = frozenset({"digitalCapture", "computationalCapture"})


class LibraryRows:
    """Owns the columns; lives in the UI thread.

    A row's id is its place in order of arrival and never changes, so that selection, thumbnails
    and undo hold ids across every sort and filter. ``status`` is ``NONE`` for a file that waits
    to be scanned.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.signers = Names()
        self.generators = Names()
        self.trace_kinds = Names()
        self.kin = Kin()
        self.formats = Names()
        self.size: Column[np.int64] = Column(np.int64)
        self.mtime_s: Column[np.int64] = Column(np.int64)
        self.likelihood: Column[np.float32] = Column(np.float32)
        self.duration_s: Column[np.float32] = Column(np.float32)
        self.signer: Column[np.int32] = Column(np.int32)
        self.generator: Column[np.int32] = Column(np.int32)
        self.format: Column[np.int16] = Column(np.int16)
        self.traces: Column[np.uint64] = Column(np.uint64)
        self.claims: Column[np.uint8] = Column(np.uint8)
        self.review_limit: Column[np.float32] = Column(np.float32)
        self.family: Column[np.int16] = Column(np.int16)
        self.finding: Column[np.uint8] = Column(np.uint8)
        self.rule: Column[np.uint8] = Column(np.uint8)
        self.by_rule: Column[np.uint8] = Column(np.uint8)
        self.person: Column[np.uint8] = Column(np.uint8)
        self.state: Column[np.uint8] = Column(np.uint8)
        self.media: Column[np.uint8] = Column(np.uint8)
        self.status: Column[np.uint8] = Column(np.uint8)
        self.regions: Column[np.uint8] = Column(np.uint8)
        self.stated: Column[np.uint8] = Column(np.uint8)
        self.abstained: Column[np.bool_] = Column(np.bool_)
        self.judged = 0
        self._ids: dict[str, int] = {}
        self._folded: list[str] = []
        self._by_name: list[int] = []

    def __len__(self) -> int:
        return len(self.paths)

    def id_of(self, path: str) -> int | None:
        return self._ids.get(path)

    def name(self, row: int) -> str:
        return os.path.basename(self.paths[row])

    def folded_names(self) -> list[str]:
        """Return the file names without their case, by row, for searching and sorting."""
        missing = self.paths[len(self._folded) :]
        self._folded.extend([os.path.basename(path).casefold() for path in missing])
        return self._folded

    def name_order(self) -> NDArray[np.int32]:
        """Return every row by name without case; rows added since are merged in, not sorted."""
        names = self.folded_names()
        self._by_name.extend(range(len(self._by_name), len(names)))
        self._by_name.sort(key=names.__getitem__)
        return np.array(self._by_name, np.int32)

    def bytes_per_row(self) -> int:
        """Return what a row costs besides its path."""
        return sum(column.values.itemsize for column in vars(self).values() if _is_column(column))

    def append(self, files: Sequence[FoundFile]) -> int:
        """Add the files that are new, waiting to be scanned; return how many were."""
        known = self._ids
        fresh = {file.path: file for file in files if file.path not in known}
        if not fresh:
            return 0
        start, count = len(self.paths), len(fresh)
        known.update(zip(fresh, range(start, start + count), strict=True))
        self.paths.extend(fresh)
        self._grow(start + count)
        self.size.values[start:] = [file.size for file in fresh.values()]
        self.mtime_s.values[start:] = [file.mtime_ns // 1_000_000_000 for file in fresh.values()]
        return count

    def _grow(self, count: int) -> None:
        start = len(self.size.values)
        for name in _BYTE_COLUMNS:
            column: Column[np.uint8] = getattr(self, name)
            column.resize(count)
            column.values[start:] = NONE
        for floats in (self.likelihood, self.duration_s, self.review_limit):
            floats.resize(count)
            floats.values[start:] = np.nan
        self.signer.resize(count)
        self.signer.values[start:] = 0
        self.generator.resize(count)
        self.generator.values[start:] = 0
        for bits in (self.format, self.family, self.traces, self.claims):
            bits.resize(count)
            bits.values[start:] = 0
        self.abstained.resize(count)
        self.abstained.values[start:] = False
        self.size.resize(count)
        self.mtime_s.resize(count)

    def judge(self, item: Item, review_limit: float | None = None) -> int:
        """Fill in the row of a judged file, which is appended if it is new; return its id.

        A person's decision taken here stays where the item, judged meanwhile, knows of none.

        Args:
            item: the file.
            review_limit: likelihood from which its detector asks for a look; None where it has
                no thresholds.
        """
        row = self._ids.get(item.path)
        if row is None:
            row = len(self.paths)
            self.append([item.file])
        if self.status.values[row] == NONE:
            self.judged += 1
        info, score, verdict = item.info, item.score, item.verdict
        self.size.values[row] = item.file.size
        self.status.values[row] = STATUSES.code(item.status)
        self.finding.values[row] = FINDINGS.code(verdict.finding if verdict else None)
        self.rule.values[row] = RULES.code(verdict.rule if verdict else None)
        self.by_rule.values[row] = DECISIONS.code(verdict.decision if verdict else None)
        self.state.values[row] = STATES.code(item.provenance.state)
        self.signer.values[row] = self.signers.code(item.provenance.signer)
        self.generator.values[row] = self.generators.code(item.provenance.claim_generator)
        self.traces.values[row] = self._trace_bits(item.traces)
        self.claims.values[row] = _claim_bits(item)
        self.stated.values[row] = STATED.code(_stated(item))
        for kin, family in self.kin.set_ids(row, item.provenance.ingredient_ids):
            self.family.values[kin] = min(family, MAX_FAMILIES)
        if item.person is not None:
            self.person.values[row] = DECISIONS.code(item.person)
        if info is not None:
            self.media.values[row] = MEDIA.code(info.kind)
            self.format.values[row] = self.formats.code(info.format)
            self.duration_s.values[row] = np.nan if info.duration_s is None else info.duration_s
        if score is not None:
            self.likelihood.values[row] = score.likelihood
            self.review_limit.values[row] = np.nan if review_limit is None else review_limit
            self.abstained.values[row] = score.abstained
            self.regions.values[row] = min(len(score.regions) + len(score.spans), NONE - 1)
        return row

    def families(self) -> Sequence[str]:
        """Return the name of the file of each family that came first, by number; "" where there
        is no such family, or it shares its number with others.
        """
        numbers = range(min(self.kin.families, MAX_FAMILIES) + 1)
        eldest = (self.kin.eldest(n) if n < MAX_FAMILIES else None for n in numbers)
        return ["" if row is None else self.name(row) for row in eldest]

    def _trace_bits(self, traces: Sequence[Trace]) -> int:
        codes = {min(self.trace_kinds.code(trace.kind), MAX_KINDS) for trace in traces}
        return sum(1 << (code - 1) for code in codes)

    def decide(self, rows: NDArray[np.int32], codes: NDArray[np.uint8]) -> None:
        """Set the person's decision of rows, as codes of ``DECISIONS`` or ``NONE``."""
        self.person.values[rows] = codes

    def decisions(self) -> NDArray[np.uint8]:
        """Return the decision in force of every row: the person's, else the rule's."""
        person = self.person.values
        return np.where(person == NONE, self.by_rule.values, person)

    def decision(self, row: int) -> Decision | None:
        person = int(self.person.values[row])
        return DECISIONS.member(int(self.by_rule.values[row]) if person == NONE else person)

    def disagreements(self, part: slice = slice(None)) -> NDArray[np.float32]:
        """Return how far the detector contradicts what a file states, [0, 1]; NaN if nothing is.

        A likelihood counts against a camera, and what it lacks to 1 against a generator.
        """
        likelihood, stated = self.likelihood.values[part], self.stated.values[part]
        against_camera = np.where(stated == STATED.code(Stated.CAMERA), likelihood, np.nan)
        found = np.where(stated == STATED.code(Stated.AI), 1 - likelihood, against_camera)
        return found.astype(np.float32)

    def contradictions(self, part: slice = slice(None)) -> NDArray[np.uint8]:
        """Return where the detector contradicts what a file states, as codes of
        ``CONTRADICTIONS``; ``NONE`` where it does not, abstains or has no thresholds.
        """
        likelihood, limit = self.likelihood.values[part], self.review_limit.values[part]
        stated = self.stated.values[part]
        over, under = likelihood >= limit, (likelihood < limit) & ~self.abstained.values[part]
        found = np.full(len(stated), NONE, np.uint8)
        camera = CONTRADICTIONS.code(Contradiction.CAMERA)
        found[(stated == STATED.code(Stated.CAMERA)) & over] = camera
        found[(stated == STATED.code(Stated.AI)) & under] = CONTRADICTIONS.code(Contradiction.AI)
        return found

    def can_decide(self, rows: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return which rows can be decided: those that were scanned and are media."""
        status = self.status.values[rows]
        can: NDArray[np.bool_] = (status != NONE) & (status != STATUSES.code(ItemStatus.SKIPPED))
        return can


def _claim_bits(item: Item) -> int:
    provenance = item.provenance
    says = {trace.says for trace in item.traces}
    limited = any(permission is not Permission.ALLOWED for _, permission in provenance.training)
    holding = {
        Claim.AI: provenance.ai_declared is AiDeclared.WHOLE or Says.AI in says,
        Claim.AI_PART: provenance.ai_declared is AiDeclared.PART or Says.AI_PART in says,
        Claim.CAPTURED: not _CAPTURES.isdisjoint(provenance.digital_source_types),
        Claim.TRAINING: limited or Says.OPT_OUT in says,
        Claim.BROKEN: provenance.broken,
    }
    return sum(1 << CLAIMS.code(claim) for claim, holds in holding.items() if holds)


def _stated(item: Item) -> Stated | None:
    says = {trace.says for trace in item.traces}
    declared = item.provenance.ai_declared
    if declared is AiDeclared.WHOLE or Says.AI in says:
        return Stated.AI
    if declared is AiDeclared.PART or Says.AI_PART in says:
        return Stated.AI_PART
    return Stated.CAMERA if item.provenance.capture_trusted else None


def _is_column(value: object) -> bool:
    return isinstance(value, Column)
