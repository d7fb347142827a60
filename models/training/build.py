"""Builds one detector: fuse, calibrate, measure on the held-out fold, export, write the card."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from inspector.domain.detector import Calibration
from models.training.calibrate import (
    Fusion,
    Limits,
    Scaling,
    calibrate_frames,
    cross_fused,
    error_bound,
    fit_fusion,
    likelihood,
    limits_of,
)
from models.training.card import CardText, ShippedView, write_card
from models.training.heads import FittedTower
from models.training.measure import (
    FRAME,
    MapFigures,
    after,
    baseline_table,
    control_table,
    degradation_table,
    measure_map,
    with_region,
)
from models.training.readout import LinearMap
from models.training.report import write_reports
from models.training.scoring import Judge, TwoViews, cell_logits
from models.training.sources import Picture
from models.training.tables import by_source, headline, overall
from models.training.teach_rows import write_rows
from models.training.views import FUSED

Floats = NDArray[np.float32]
Places = NDArray[np.intp]

REGION_RATE = 0.02
"""Share of reals that may show a region, by the upper bound; it adds to those over review."""


@dataclass(frozen=True, slots=True)
class Held:
    """Pictures that measure a detector.

    Attributes:
        pairs: places of whole view and crop of each picture that has both, [N, 2].
        val_pairs: the same among the val pictures: seen sources, unseen pictures.
        few: some of the pairs, read, for what is slow.
        frames: some more of them, for what becomes of frames of clips.
        map_pictures: of the one fold that the map's head never saw.
    """

    pictures: Sequence[Picture]
    pairs: Places
    val: Sequence[Picture]
    val_pairs: Places
    few: Sequence[TwoViews]
    frames: Sequence[TwoViews]
    map_pictures: Sequence[Picture]
    folds: dict[str, int]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a detector is made of.

    Attributes:
        map_net: draws the map, with a head that never saw the fold it is measured on.
        write: exports the shipped files into a folder and says which view each one serves.
        margin_of_error: compares torch and ONNX Runtime on the files written.
    """

    text: CardText
    fitted: FittedTower
    reduction: LinearMap
    map_net: nn.Module
    write: Callable[[Path], Sequence[ShippedView]]
    margin_of_error: Callable[[Path], dict[str, float]]


def build(
    folder: Path, parts: Parts, held: Held, cache: Path, min_side_px: int, n_pasted: int
) -> None:
    """Write the detector's folder: ONNX file, training rows, card.toml, CARD.md, reports.

    Args:
        n_pasted: pictures with pasted regions that measure the map.
    """
    fitted = parts.fitted
    pictures = [held.pictures[i] for i in held.pairs[:, 0]]
    synthetic = np.array([p.synthetic for p in pictures])
    views = fitted.logits[held.pairs]
    fusion = fit_fusion(views, pictures)
    fused = cross_fused(views, pictures)
    limits = limits_of(fused[~synthetic])
    judge = Judge(fitted, fusion)
    frame_limits, frame_calibration = calibrate_frames(
        judge(after(FRAME, picture) for picture in held.frames),
        np.array([p.synthetic for p in held.frames]),
    )
    figures, real_maps = _map_figures(parts, held, cache, n_pasted)
    folder.mkdir(parents=True, exist_ok=True)
    shipped = parts.write(folder)
    rows = write_rows(folder, parts.reduction(fitted.features[held.pairs[:, 0]]), views, pictures)
    val = [held.val[i] for i in held.val_pairs[:, 0]]
    report: dict[str, Any] = {
        "each view alone, five folds": fitted.tables,
        "both views fused, five folds": headline(pictures, fused, held.folds),
        "thresholds": _promises(limits, fused[synthetic]),
        "thresholds of clips, on single frames": _promises(frame_limits),
        "expected calibration error": _ece(fused, synthetic),
        "map": {
            "cell AUC": figures.cell_auc,
            "IoU": figures.iou,
            "reals": figures.real_maps,
            "reals with a region": figures.real_maps_with_region,
            "share of reals with a region": float(
                with_region(real_maps, figures.calibration).mean()
            ),
        },
        "seen sources, unseen pictures": overall(val, fusion(fitted.seen_logits[held.val_pairs])),
        "degradations": degradation_table(judge, held.few, limits.review),
        "controls": control_table(judge, held.few, limits.review, limits.drop, len(held.few) // 4),
        "trivial baselines": baseline_table(pictures),
        "largest difference of torch and ONNX Runtime": parts.margin_of_error(folder),
        "sources": by_source(pictures, fused, limits.review, limits.drop),
    }
    calibration = _calibration(limits, frame_limits, frame_calibration, figures)
    write_card(
        folder,
        parts.text,
        shipped,
        FUSED,
        fusion,
        calibration,
        min_side_px,
        _headlines(report),
        rows,
    )
    _write_report(folder, parts.text, report, fusion, calibration)


def _map_figures(
    parts: Parts, held: Held, cache: Path, n_pasted: int
) -> tuple[MapFigures, Sequence[Floats]]:
    half = parts.fitted.tower.half
    reals = [p for p in held.map_pictures if not p.synthetic]
    real_maps = cell_maps(parts.map_net, reals, cache / f"{parts.text.id}-reals.npz", half=half)
    figures = measure_map(
        parts.map_net, held.map_pictures, real_maps, REGION_RATE, n_pasted, half=half
    )
    return figures, real_maps


def cell_maps(
    net: nn.Module, pictures: Sequence[Picture], store: Path, *, half: bool
) -> list[Floats]:
    """Return the map of each picture, from ``store`` where an earlier run left them."""
    if not store.exists():
        maps = [cell_logits(net, picture, half=half) for picture in pictures]
        np.savez(store, **{f"m{i:05d}": cells for i, cells in enumerate(maps)})
    with np.load(store) as kept:
        return [kept[name] for name in sorted(kept.files)]


def _promises(limits: Limits, fakes: Floats | None = None) -> dict[str, float]:
    told: dict[str, float] = {
        "reals": limits.n_real,
        "over review": limits.over_review,
        "over drop": limits.over_drop,
        "over review, upper bound": error_bound(limits.over_review, limits.n_real),
        "over drop, upper bound": error_bound(limits.over_drop, limits.n_real),
    }
    if fakes is not None:
        told["synthetic over review"] = float((fakes >= limits.review).mean())
        told["synthetic over drop"] = float((fakes >= limits.drop).mean())
    return told


def _calibration(
    limits: Limits, frame_limits: Limits, frame: Scaling, figures: MapFigures
) -> Calibration:
    def of_frame(logit: float) -> float:
        return likelihood(logit / frame.temperature + frame.bias)

    return Calibration(
        map_temperature=figures.calibration.temperature,
        map_bias=figures.calibration.bias,
        review=likelihood(limits.review),
        drop=likelihood(limits.drop),
        region_review=figures.calibration.high,
        region_low=figures.calibration.low,
        video_review=of_frame(frame_limits.review),
        video_drop=of_frame(frame_limits.drop),
        video_temperature=frame.temperature,
        video_bias=frame.bias,
        n_real=limits.n_real,
        n_real_over_drop=limits.over_drop,
    )


def _headlines(report: dict[str, Any]) -> dict[str, float]:
    fused = report["both views fused, five folds"]
    keys = ("sources", "modern", "pairs", "art")
    return {
        **{f"{key}_auc_five_folds": fused[key] for key in keys if key in fused},
        "tpr_at_5_five_folds": fused["tpr_at_5"],
        "ece": report["expected calibration error"],
        "map_cell_auc": report["map"]["cell AUC"],
    }


def _write_report(
    folder: Path, text: CardText, report: dict[str, Any], fusion: Fusion, calibration: Calibration
) -> None:
    report["fusion"] = {"weights": fusion.weights.tolist(), "bias": fusion.bias}
    report["calibration"] = asdict(calibration)
    (folder / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    write_reports(folder, text, report)


def _ece(logits: Floats, synthetic: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over ten bins, both classes weighing the same."""
    likelihoods = 1 / (1 + np.exp(-logits))
    weights = np.where(synthetic, 0.5 / synthetic.sum(), 0.5 / (~synthetic).sum())
    bins = np.minimum((likelihoods * 10).astype(int), 9)
    total = 0.0
    for number in range(10):
        inside = bins == number
        if inside.any():
            total += abs(float((weights * (likelihoods - synthetic))[inside].sum()))
    return total
