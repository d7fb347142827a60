"""From items, maps and thumbnails to what a session's columns hold, and back."""

import json
import os
import re
import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import simplejpeg
import zstandard
from numpy.typing import NDArray
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from inspector.domain.errors import StoreError
from inspector.domain.item import Item, ModelId, PolicyId
from inspector.domain.media import Fault, FoundFile, ItemStatus, MediaInfo, display_path
from inspector.domain.provenance import Provenance
from inspector.domain.score import FrameScore, Heatmap, Region, Score, Span, ViewScore
from inspector.domain.traces import Trace
from inspector.domain.verdict import Verdict

OWN_MAP = -1
"""Number that stands for an item's own map among those of its frames."""

_MAX_CELLS = 1 << 26
_JPEG_QUALITY = 85
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

ItemRow = tuple[str | int | float | bytes | None, ...]
"""Values of ``ITEM_COLUMNS``, in their order."""

ITEM_COLUMNS = (
    "path",
    "root",
    "size",
    "mtime_ns",
    "sha256",
    "status",
    "fault",
    "media",
    "format",
    "duration_s",
    "likelihood",
    "abstained",
    "hot_spots",
    "state",
    "signer",
    "generator",
    "finding",
    "rule",
    "decision",
    "body",
    "checksum",
)


def row_of(item: Item) -> ItemRow:
    """Return an item as a row; a person's decision is not part of it."""
    body = _json_of(item)
    path, info, score, verdict = os.fsencode(item.path), item.info, item.score, item.verdict
    return (
        path,
        os.fsencode(item.file.root),
        item.file.size,
        item.file.mtime_ns,
        item.sha256,
        item.status.value,
        item.fault.code.value if item.fault else None,
        info.kind.value if info else None,
        _clean(info.format) if info else None,
        info.duration_s if info else None,
        score.likelihood if score else None,
        score.abstained if score else False,
        len(score.regions) + len(score.spans) if score else 0,
        item.provenance.state.value,
        _clean(item.provenance.signer),
        _clean(item.provenance.claim_generator),
        verdict.finding.value if verdict else None,
        verdict.rule.value if verdict else None,
        verdict.decision.value if verdict and verdict.decision else None,
        body,
        checksum_of(path, item.sha256, body),
    )


def checksum_of(path: bytes, sha256: str | None, body: str) -> int:
    """Return the check that finds bits flipped inside a row, where SQLite has none."""
    text = f"{sha256}\n{body}".encode("utf-8", "surrogatepass")
    return zlib.crc32(text, zlib.crc32(path))


def file_of(path: bytes, root: bytes, size: int, mtime_ns: int) -> FoundFile:
    return FoundFile(os.fsdecode(path), size, mtime_ns, os.fsdecode(root))


def item_of(file: FoundFile, sha256: str | None, body: str, maps: Mapping[int, Heatmap]) -> Item:
    """Return the item of a row, with those of its maps that were read.

    Raises:
        StoreError: the row is damaged.
    """
    try:
        read = _BODY.validate_json(body)
    except ValidationError as error:
        raise damaged_row(file.path) from error
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


def damaged_row(path: str) -> StoreError:
    return StoreError(
        f"The session's row of {display_path(path)} is damaged: open a backup of the session."
    )


def heatmap_blob(heatmap: Heatmap, compressor: zstandard.ZstdCompressor) -> bytes:
    """Return a map's cells as differences along each row, compressed."""
    cells = np.ascontiguousarray(heatmap.values, np.uint8)
    differences = np.diff(cells, axis=1, prepend=np.uint8(0))
    return compressor.compress(differences.tobytes())


def heatmap_of(rows: int, cols: int, cell_px: int, blob: bytes) -> Heatmap:
    """Return a stored map.

    Raises:
        StoreError: the bytes are not those of a map of this shape.
    """
    try:
        if not 0 <= rows * cols <= _MAX_CELLS or zstandard.frame_content_size(blob) != rows * cols:
            raise StoreError("A stored heatmap is damaged: scan its file again.")
        raw = _unpacker().decompress(blob) if rows * cols else b""
    except zstandard.ZstdError as error:
        raise StoreError("A stored heatmap is damaged: scan its file again.") from error
    differences = np.frombuffer(raw, np.uint8).reshape(rows, cols)
    return Heatmap(np.cumsum(differences, axis=1, dtype=np.uint8), cell_px)


_own = threading.local()


def _unpacker() -> zstandard.ZstdDecompressor:
    """Return this thread's decompressor; making one costs more than using it."""
    if not hasattr(_own, "unpacker"):
        _own.unpacker = zstandard.ZstdDecompressor()
    unpacker: zstandard.ZstdDecompressor = _own.unpacker
    return unpacker


def jpeg_of(thumbnail: NDArray[np.uint8]) -> bytes:
    """Return a thumbnail, uint8 (h, w, 3), as JPEG."""
    pixels = np.ascontiguousarray(thumbnail)
    encoded: bytes = simplejpeg.encode_jpeg(pixels, _JPEG_QUALITY, "RGB", "420")
    return encoded


def thumbnail_of(jpeg: bytes) -> NDArray[np.uint8] | None:
    """Return a stored thumbnail; None where its bytes are damaged, as it can be made again."""
    try:
        pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(jpeg, "RGB")
    except ValueError:
        return None
    return pixels


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
    )


def numbered_maps(score: Score | None) -> list[tuple[int, float | None, Heatmap]]:
    """Return every map of a score as (frame number, pts in seconds, map)."""
    if score is None:
        return []
    maps: list[tuple[int, float | None, Heatmap]] = []
    if score.heatmap is not None:
        maps.append((OWN_MAP, None, score.heatmap))
    maps += [
        (number, frame.pts_s, frame.heatmap)
        for number, frame in enumerate(score.frames)
        if frame.heatmap is not None
    ]
    return maps
