"""Small true values of the domain for tests, each with a number so that they differ."""

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.domain.case import Evidence
from inspector.domain.detector import (
    Calibration,
    DetectorSpec,
    FusionTerm,
    OutputKind,
    OutputRole,
    Pool,
    SizePolicy,
    ViewInput,
    ViewOutput,
    ViewSpec,
)
from inspector.domain.errors import FaultCode
from inspector.domain.item import Item, ModelId, PolicyId
from inspector.domain.media import Fault, FoundFile, ItemStatus, MediaInfo, MediaKind
from inspector.domain.policy import PRESETS, Thresholds
from inspector.domain.provenance import Provenance
from inspector.domain.rules import judge
from inspector.domain.score import FrameScore, Heatmap, Score, Span
from inspector.domain.verdict import Decision, PersonDecision

LIMITS = Thresholds(review=0.5, drop=0.9)
"""Thresholds that the built items were judged with."""


def a_hash(n: int) -> str:
    return hashlib.sha256(str(n).encode()).hexdigest()


def a_file(n: int, **changes: Any) -> FoundFile:
    file = FoundFile(f"/media/set/{n:06d}.jpg", 1000 + n, 1_700_000_000_000_000_000 + n, "/media")
    return replace(file, **changes)


def a_heatmap(n: int = 0, rows: int = 6, cols: int = 8, cell_px: int = 16) -> Heatmap:
    values = (np.arange(rows * cols, dtype=np.uint32) * 5 + n) % 255
    return Heatmap(values.astype(np.uint8).reshape(rows, cols), cell_px)


def a_score(likelihood: float = 0.1, **changes: Any) -> Score:
    score = Score(likelihood, min(1.0, likelihood + 0.1), 1, heatmap=a_heatmap())
    return replace(score, **changes)


def a_picture_info(**changes: Any) -> MediaInfo:
    return replace(MediaInfo(MediaKind.IMAGE, "jpeg", 640, 480, frame_count=1), **changes)


def a_clip_info(**changes: Any) -> MediaInfo:
    info = MediaInfo(
        MediaKind.VIDEO,
        "mp4",
        1280,
        720,
        duration_s=4.0,
        frame_count=100,
        frame_rate=25.0,
        codec="h264",
    )
    return replace(info, **changes)


def an_item(n: int, **changes: Any) -> Item:
    """Return picture number ``n``, scored (n % 100 / 100) and judged by the default policy.

    A changed piece of evidence is judged anew unless ``verdict`` is given.
    """
    item = Item(
        file=a_file(n),
        status=ItemStatus.OK,
        sha256=a_hash(n),
        info=a_picture_info(),
        score=a_score(n % 100 / 100),
        model=ModelId("inspector-fast", "c" * 64),
        policy=PolicyId("cautious", PRESETS["cautious"].sha256),
        engine_versions={"inspector": "0.1"},
    )
    item = replace(item, **changes)
    if "verdict" in changes or item.status is ItemStatus.SKIPPED:
        return item
    return replace(item, verdict=judge(evidence_of(item), PRESETS["cautious"], LIMITS))


def a_clip(n: int, **changes: Any) -> Item:
    """Return clip number ``n`` with eight scored frames, a map each, and one span."""
    frames = tuple(FrameScore(i * 0.5, i / 8, a_heatmap(n + i)) for i in range(8))
    score = Score(0.6, 0.9, 8, heatmap=a_heatmap(n), spans=(Span(2.0, 4.0, 0.8),), frames=frames)
    file = a_file(n, path=f"/media/set/{n:06d}.mp4")
    return an_item(n, **{"file": file, "info": a_clip_info(), "score": score, **changes})


def an_unreadable_item(n: int, **changes: Any) -> Item:
    fault = Fault(FaultCode.CORRUPT, "The picture data is not valid.")
    given = {"status": ItemStatus.UNREADABLE, "fault": fault, "info": None, "score": None}
    return an_item(n, **{**given, **changes})


def a_skipped_item(n: int, **changes: Any) -> Item:
    fault = Fault(FaultCode.NOT_MEDIA, "It is neither a picture nor a clip.")
    given: dict[str, Any] = {
        "file": a_file(n, path=f"/media/set/{n:06d}.txt"),
        "status": ItemStatus.SKIPPED,
        "fault": fault,
        "info": None,
        "score": None,
        "model": None,
    }
    return an_item(n, **{**given, **changes})


def evidence_of(item: Item) -> Evidence:
    return Evidence(
        item.path, item.status, item.media, item.fault, item.provenance, item.traces, item.score
    )


def some_evidence(**changes: Any) -> Evidence:
    """Return evidence of a plain, unscored picture."""
    plain = Evidence(
        "/media/set/a.jpg", ItemStatus.OK, MediaKind.IMAGE, None, Provenance(), (), None
    )
    return replace(plain, **changes)


def a_decision(
    item: Item | str, decision: Decision | None, at: str = "2026-01-02T03:04:05Z"
) -> PersonDecision:
    """Return a person's decision on an item, or on a path whose bytes were not read."""
    if isinstance(item, str):
        return PersonDecision(item, None, decision, at)
    return PersonDecision(item.path, item.sha256, decision, at)


def a_thumbnail(n: int = 0, height: int = 48, width: int = 64) -> NDArray[np.uint8]:
    """Return smooth pixels, uint8 (height, width, 3), that JPEG keeps well."""
    rows, cols = np.mgrid[0:height, 0:width]
    channels = [(rows * 2 + n) % 256, (cols * 2) % 256, (rows + cols) % 256]
    return np.stack(channels, axis=-1).astype(np.uint8)


def a_detector_spec(**changes: Any) -> DetectorSpec:
    """Return a detector of one view that gives a score and a map of 16-pixel cells."""
    view = ViewSpec(
        "native",
        "model.onnx",
        "d" * 64,
        ViewInput(
            name="pixels",
            dtype="float32",
            layout="NCHW",
            color="RGB",
            scale=1 / 255,
            mean=(0.5, 0.5, 0.5),
            std=(0.5, 0.5, 0.5),
            size_policy=SizePolicy.NATIVE_TILES,
            size=64,
            resize=0,
            multiple=16,
            margin=0,
        ),
        (
            ViewOutput("score", OutputRole.IMAGE_SCORE, OutputKind.LOGIT),
            ViewOutput("map", OutputRole.PATCH_MAP, OutputKind.LOGIT, stride=16),
        ),
    )
    spec = DetectorSpec(
        id="fake",
        version="1",
        licence="Apache-2.0",
        source="tests",
        sha256="e" * 64,
        task="synthetic",
        media=("image", "video"),
        not_for="anything but tests",
        views=(view,),
        fusion=(FusionTerm("native", Pool.MEAN, 1.0),),
        fusion_bias=0.0,
        calibration=Calibration(),
        min_side_px=32,
    )
    return replace(spec, **changes)
