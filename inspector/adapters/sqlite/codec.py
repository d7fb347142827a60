"""From items to what a session's columns hold, and back."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from inspector.adapters.sqlite.pictures import OWN_MAP
from inspector.adapters.sqlite.rows import Row, integer, real
from inspector.domain.errors import StoreError
from inspector.domain.item import Item, ModelId, PolicyId
from inspector.domain.media import Fault, FoundFile, ItemStatus, MediaInfo, display_path
from inspector.domain.provenance import Provenance
from inspector.domain.score import CopyScore, FrameScore, Heatmap, Region, Score, Span, ViewScore
from inspector.domain.traces import Trace
from inspector.domain.verdict import Decision, Verdict

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Frame:
    pts_s: float
    likelihood: float


@dataclass(frozen=True, slots=True)
class _Score:
    """``Score`` without its maps, which stand in a table of their own."""

    likelihood: float
    likelihood_max: float
    frames_scored: int
    abstain_reason: str | None = None
    regions: tuple[Region, ...] = ()
    spans: tuple[Span, ...] = ()
    frames: tuple[_Frame, ...] = ()
    views: tuple[ViewScore, ...] = ()
    copies: tuple[CopyScore, ...] = ()


@dataclass(frozen=True, slots=True)
class _Body:
    """What no column holds; its JSON leaves out whatever is at its default."""

    __pydantic_config__ = ConfigDict(ser_json_inf_nan="constants")

    status: ItemStatus
    info: MediaInfo | None = None
    fault: Fault | None = None
    provenance: Provenance = field(default_factory=Provenance)
    traces: tuple[Trace, ...] = ()
    score: _Score | None = None
    verdict: Verdict | None = None
    model: ModelId | None = None
    policy: PolicyId | None = None
    engine_versions: Mapping[str, str] = field(default_factory=dict)


_BODY = TypeAdapter(_Body)


def row_of(item: Item) -> Row:
    """Return the values of ``ITEM_COLUMNS``; a person's decision is not part of them."""
    info, score, verdict = item.info, item.score, item.verdict
    return (
        os.fsencode(item.path),
        os.fsencode(item.file.root),
        integer(item.file.size),
        integer(item.file.mtime_ns),
        item.sha256,
        item.status.value,
        item.fault.code.value if item.fault else None,
        info.kind.value if info else None,
        _clean(info.format) if info else None,
        real(info.duration_s) if info else None,
        real(score.likelihood) if score else None,
        int(score.abstained) if score else 0,
        len(score.regions) + len(score.spans) if score else 0,
        item.provenance.state.value,
        _clean(item.provenance.signer),
        _clean(item.provenance.claim_generator),
        verdict.finding.value if verdict else None,
        verdict.rule.value if verdict else None,
        verdict.decision.value if verdict and verdict.decision else None,
        _json_of(item),
    )


def item_of(values: Row, maps: Mapping[int, Heatmap]) -> Item:
    """Return the item of a row that was checked, with those of its maps that were read.

    Raises:
        StoreError: the row is no item's.
    """
    match values[:5]:
        case (bytes(path), bytes(root), int(size), int(mtime_ns), (str() | None) as sha256):
            file = FoundFile(os.fsdecode(path), size, mtime_ns, os.fsdecode(root))
        case _:
            raise damaged_row(values)
    try:
        read = _BODY.validate_json(str(values[-1]))
    except ValidationError as error:
        raise damaged_row(values) from error
    return Item(
        file=file,
        status=read.status,
        sha256=sha256,
        info=read.info,
        fault=read.fault,
        provenance=read.provenance,
        traces=read.traces,
        score=_with_maps(read.score, maps) if read.score else None,
        verdict=read.verdict,
        model=read.model,
        policy=read.policy,
        engine_versions=read.engine_versions,
    )


def decision_of(text: str | None) -> Decision | None:
    """Return a stored decision.

    Raises:
        StoreError: it is none.
    """
    try:
        return None if text is None else Decision(text)
    except ValueError as error:
        raise StoreError(
            "A decision in the session is damaged: open a backup of the session."
        ) from error


def damaged_row(values: Row) -> StoreError:
    path = values[0]
    name = display_path(os.fsdecode(path)) if isinstance(path, bytes) else "a file"
    return StoreError(f"The session's row of {name} is damaged: open a backup of the session.")


def _json_of(item: Item) -> str:
    body = _Body(
        status=item.status,
        info=item.info,
        fault=item.fault,
        provenance=item.provenance,
        traces=item.traces,
        score=_without_maps(item.score) if item.score else None,
        verdict=item.verdict,
        model=item.model,
        policy=item.policy,
        engine_versions=item.engine_versions,
    )
    try:
        return _BODY.dump_json(body, exclude_defaults=True).decode("utf-8")
    except PydanticSerializationError:
        # A sentence quotes a name that is not UTF-8; the name itself stands whole in its column.
        plain = _BODY.dump_python(body, mode="json", exclude_defaults=True)
        return _LONE_SURROGATE.sub("\ufffd", json.dumps(plain, ensure_ascii=False))


def _clean(text: str | None) -> str | None:
    return None if text is None else _LONE_SURROGATE.sub("\ufffd", text)


def _without_maps(score: Score) -> _Score:
    return _Score(
        score.likelihood,
        score.likelihood_max,
        score.frames_scored,
        score.abstain_reason,
        score.regions,
        score.spans,
        tuple(_Frame(frame.pts_s, frame.likelihood) for frame in score.frames),
        score.views,
        score.copies,
    )


def _with_maps(score: _Score, maps: Mapping[int, Heatmap]) -> Score:
    frames = tuple(
        FrameScore(frame.pts_s, frame.likelihood, maps.get(number))
        for number, frame in enumerate(score.frames)
    )
    return Score(
        score.likelihood,
        score.likelihood_max,
        score.frames_scored,
        score.abstain_reason,
        maps.get(OWN_MAP),
        score.regions,
        score.spans,
        frames,
        score.views,
        score.copies,
    )
