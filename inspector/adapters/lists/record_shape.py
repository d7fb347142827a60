"""The item contract as a checked shape, and the way from its JSON back to an ``Item``."""

import os
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import TypeAdapter

from inspector.domain.errors import FaultCode
from inspector.domain.item import Item, ModelId, PolicyId
from inspector.domain.media import Fault, FoundFile, ItemStatus, MediaInfo, MediaKind
from inspector.domain.provenance import (
    AiDeclared,
    Location,
    Permission,
    Provenance,
    ProvenanceState,
    TrainingUse,
    TrustTier,
)
from inspector.domain.score import NOT_SCORED, FrameScore, Heatmap, Region, Score, Span
from inspector.domain.traces import Trace
from inspector.domain.verdict import DecidedBy, Decision, Finding, Rule, Verdict

_LARGEST_MAP = 1 << 26


@dataclass(frozen=True, slots=True)
class _ErrorShape:
    code: FaultCode
    message: str


@dataclass(frozen=True, slots=True)
class _MapShape:
    rows: int
    cols: int
    cell_px: int


@dataclass(frozen=True, slots=True)
class _FrameShape:
    pts_s: float
    likelihood: float


@dataclass(frozen=True, slots=True)
class _ProvenanceShape:
    state: ProvenanceState
    trust_tier: TrustTier | None
    location: Location | None
    hash_ok: bool | None
    signature_ok: bool | None
    certificate_expired: bool | None
    manifests: int
    depth: int
    active_label: str | None
    claim_generator: str | None
    signer: str | None
    signed_at: str | None
    digital_source_types: tuple[str, ...]
    ai_declared: AiDeclared
    ai_declared_by: str | None
    ingredient_problems: tuple[str, ...]
    training: dict[TrainingUse, Permission]
    remote_url: str | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordShape:
    """One line of items.jsonl: every key is there, further ones are passed over."""

    schema: Literal["inspector.item/1"]
    path: str
    path_hex: str | None
    sha256: str | None
    bytes: int
    media: MediaKind | None
    format: str | None
    width: int | None
    height: int | None
    duration_s: float | None
    frames_scored: int
    status: ItemStatus
    error: _ErrorShape | None
    likelihood: float | None
    likelihood_max: float | None
    abstained: bool
    abstain_reason: str | None
    heatmap: _MapShape | None
    regions: tuple[Region, ...]
    spans: tuple[Span, ...]
    frames: tuple[_FrameShape, ...]
    provenance: _ProvenanceShape
    traces: tuple[Trace, ...]
    finding: Finding | None
    rule: Rule | None
    decision: Decision | None
    decided_by: DecidedBy | None
    reason: str | None
    model: ModelId | None
    policy: PolicyId | None
    engine_versions: dict[str, str]

    @property
    def whole_path(self) -> str:
        """The path with bytes outside UTF-8 as they were.

        Raises:
            ValueError: ``path_hex`` is no hexadecimal text.
        """
        return self.path if self.path_hex is None else os.fsdecode(bytes_of(self.path_hex))


RECORD = TypeAdapter(RecordShape)


def bytes_of(hexadecimal: str) -> bytes:
    return bytes.fromhex(hexadecimal)


def item_of(record: RecordShape) -> Item:
    """Return the item a record tells of; what the contract leaves out is unknown.

    A heatmap has its shape and no likelihoods; of a file that a person decided, the rule's own
    decision is not known.

    Raises:
        ValueError: values of the record contradict each other.
    """
    path = record.whole_path
    by_person = record.decided_by is DecidedBy.PERSON
    return Item(
        file=FoundFile(path, record.bytes, 0, os.path.dirname(path)),
        status=record.status,
        sha256=record.sha256,
        info=_info(record),
        fault=Fault(record.error.code, record.error.message) if record.error else None,
        provenance=_provenance(record.provenance),
        traces=record.traces,
        score=_score(record),
        verdict=_verdict(record, None if by_person else record.decision),
        person=record.decision if by_person else None,
        model=record.model,
        policy=record.policy,
        engine_versions=record.engine_versions,
    )


def _info(record: RecordShape) -> MediaInfo | None:
    if record.media is None or record.format is None:
        return None
    if record.width is None or record.height is None:
        raise ValueError("a media file without width or height")
    return MediaInfo(
        record.media, record.format, record.width, record.height, duration_s=record.duration_s
    )


def _score(record: RecordShape) -> Score | None:
    if record.likelihood is None or record.likelihood_max is None:
        return None
    return Score(
        likelihood=record.likelihood,
        likelihood_max=record.likelihood_max,
        frames_scored=record.frames_scored,
        abstain_reason=record.abstain_reason,
        heatmap=_heatmap(record.heatmap),
        regions=record.regions,
        spans=record.spans,
        frames=tuple(FrameScore(frame.pts_s, frame.likelihood) for frame in record.frames),
    )


def _heatmap(shape: _MapShape | None) -> Heatmap | None:
    if shape is None:
        return None
    if not (shape.rows >= 0 and shape.cols >= 0 and shape.rows * shape.cols <= _LARGEST_MAP):
        raise ValueError("a heatmap of an impossible size")
    # One cell seen many times over: the shape takes no memory.
    cell = np.array(NOT_SCORED, np.uint8)
    return Heatmap(np.broadcast_to(cell, (shape.rows, shape.cols)), shape.cell_px)


def _verdict(record: RecordShape, decision: Decision | None) -> Verdict | None:
    if record.finding is None or record.rule is None:
        return None
    return Verdict(record.finding, record.rule, decision, record.reason or "")


def _provenance(shape: _ProvenanceShape) -> Provenance:
    return Provenance(
        state=shape.state,
        trust_tier=shape.trust_tier,
        location=shape.location,
        hash_ok=shape.hash_ok,
        signature_ok=shape.signature_ok,
        certificate_expired=shape.certificate_expired,
        manifests=shape.manifests,
        depth=shape.depth,
        active_label=shape.active_label,
        claim_generator=shape.claim_generator,
        signer=shape.signer,
        signed_at=shape.signed_at,
        digital_source_types=shape.digital_source_types,
        ai_declared=shape.ai_declared,
        ai_declared_by=shape.ai_declared_by,
        ingredient_problems=shape.ingredient_problems,
        training=tuple(shape.training.items()),
        remote_url=shape.remote_url,
        codes=shape.codes,
    )
