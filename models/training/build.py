"""Builds one detector: fuse, calibrate, measure on the held-out fold, export, write the card."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import Calibration
from models.training.calibrate import Fusion, cross_fused, error_bound, fit_fusion, threshold
from models.training.card import CardText, ShippedView, write_card
from models.training.heads import FittedView
from models.training.measure import (
    HeldOut,
    MapFigures,
    baseline_table,
    control_table,
    degradation_table,
    measure_map,
    with_region,
)
from models.training.report import write_reports
from models.training.scoring import View, features_of, view_logits
from models.training.sources import Picture
from models.training.tables import by_source, headline, overall

Floats = NDArray[np.float32]

REVIEW_RATE, REGION_RATE, DROP_RATE = 0.035, 0.02, 0.01
"""Shares of reals that may pass each threshold, by the upper bound; the first two add up."""


@dataclass(frozen=True, slots=True)
class Held:
    """The pictures no part of the measured detector has seen, and the others that are needed."""

    pictures: Sequence[Picture]  # of the held-out fold
    index: NDArray[np.intp]  # their places among all training pictures
    val: Sequence[Picture]  # seen sources, unseen pictures
    val_index: NDArray[np.intp]  # their places among all val pictures
    few: Sequence[Picture]  # a part of the held-out pictures, for what is slow
    folds: dict[str, int]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a detector is made of.

    Attributes:
        blind: its views with heads that never saw the held-out fold; the whole view first.
        write: exports the shipped files into a folder and says which view each one serves.
        margin_of_error: compares torch and ONNX Runtime on the files written.
        n_harmed: pictures per harmless change, and an eighth of the pasted ones; fewer where a
            picture takes long.
    """

    text: CardText
    fitted: FittedView
    blind: tuple[View, View]
    write: Callable[[Path], Sequence[ShippedView]]
    margin_of_error: Callable[[Path], dict[str, float]]
    n_harmed: int


@dataclass(frozen=True, slots=True)
class _Limits:
    """Thresholds on the image logit, and how many of the reals lie over them."""

    review: float
    drop: float
    over_review: int
    over_drop: int
    n_real: int


def build(folder: Path, parts: Parts, held: Held, cache: Path, min_side_px: int) -> None:
    """Write the detector's folder: ONNX files, card.toml, CARD.md, report.json, report.md."""
    name = parts.fitted.view.name
    detector = HeldOut(parts.blind)
    synthetic = np.array([p.synthetic for p in held.pictures])
    maps = cell_maps(parts.blind[1], held.pictures, cache / f"{parts.text.id}-held.npz")
    features = detector.pool({name: parts.fitted.logits[held.index]}, maps)
    fused, fusion = cross_fused(features, held.pictures), fit_fusion(features, held.pictures)
    limits = _limits(fused[~synthetic])
    real_maps = [m for m, s in zip(maps, synthetic, strict=True) if not s]
    figures = measure_map(detector, held.pictures, real_maps, REGION_RATE, 8 * parts.n_harmed)
    either = with_region(real_maps, figures.calibration) | (fused[~synthetic] >= limits.review)
    val_maps = cell_maps(parts.blind[1], held.val, cache / f"{parts.text.id}-val.npz")
    seen = fusion(detector.pool({name: parts.fitted.seen_logits[held.val_index]}, val_maps))
    folder.mkdir(parents=True, exist_ok=True)
    shipped = parts.write(folder)
    report: dict[str, Any] = {
        "views on five folds": {name: parts.fitted.tables},
        "held-out fold, both views fused": headline(held.pictures, fused, held.folds),
        "held-out fold, each view alone": {
            f"{view}.{pool}": headline(held.pictures, features[:, i], held.folds)
            for i, (view, pool) in enumerate(features_of(detector.views))
            if pool == "mean"
        },
        "thresholds": _promises(limits, fused[synthetic], either),
        "expected calibration error": _ece(fused, synthetic),
        "map": {
            "cell AUC": figures.cell_auc,
            "IoU": figures.iou,
            "reals": figures.real_maps,
            "reals with a region": figures.real_maps_with_region,
        },
        "seen sources, unseen pictures": overall(held.val, seen),
        "degradations": degradation_table(detector, fusion, held.few, limits.review),
        "controls": control_table(
            detector, fusion, held.few, limits.review, limits.drop, parts.n_harmed
        ),
        "trivial baselines": baseline_table(held.pictures),
        "largest difference of torch and ONNX Runtime": parts.margin_of_error(folder),
        "held-out sources": by_source(held.pictures, fused, limits.review, limits.drop),
    }
    calibration = _calibration(limits, figures)
    write_card(
        folder,
        parts.text,
        shipped,
        features_of(detector.views),
        fusion,
        calibration,
        min_side_px,
        _headlines(report),
    )
    _write_report(folder, parts.text, report, fusion, calibration)


def cell_maps(view: View, pictures: Sequence[Picture], store: Path) -> list[Floats]:
    """Return the map of each picture, from ``store`` where an earlier run left them."""
    if not store.exists():
        maps = [view_logits(view, picture) for picture in pictures]
        np.savez(store, **{f"m{i:05d}": cells for i, cells in enumerate(maps)})
    with np.load(store) as kept:
        return [kept[name] for name in sorted(kept.files)]


def _limits(reals: Floats) -> _Limits:
    review, over_review = threshold(reals, REVIEW_RATE)
    drop, over_drop = threshold(reals, DROP_RATE)
    return _Limits(review, max(review, drop), over_review, over_drop, len(reals))


def _promises(limits: _Limits, fakes: Floats, either: NDArray[np.bool_]) -> dict[str, float]:
    return {
        "reals": limits.n_real,
        "over review": limits.over_review,
        "over drop": limits.over_drop,
        "over review, upper bound": error_bound(limits.over_review, limits.n_real),
        "over drop, upper bound": error_bound(limits.over_drop, limits.n_real),
        "over review or with a region": float(either.mean()),
        "synthetic over review": float((fakes >= limits.review).mean()),
        "synthetic over drop": float((fakes >= limits.drop).mean()),
    }


def _calibration(limits: _Limits, figures: MapFigures) -> Calibration:
    review, drop = _likelihood(limits.review), _likelihood(limits.drop)
    return Calibration(
        map_temperature=figures.calibration.temperature,
        map_bias=figures.calibration.bias,
        review=review,
        drop=drop,
        region_review=figures.calibration.high,
        region_low=figures.calibration.low,
        video_review=review,
        video_drop=drop,
        n_real=limits.n_real,
        n_real_over_drop=limits.over_drop,
    )


def _headlines(report: dict[str, Any]) -> dict[str, float]:
    fused = report["held-out fold, both views fused"]
    folds = next(iter(report["views on five folds"].values()))["whole"]
    keys = ("sources", "modern", "pairs", "art")
    return {
        **{f"{key}_auc_held_out": fused[key] for key in keys if key in fused},
        **{f"{key}_auc_five_folds": folds[key] for key in keys if key in folds},
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


def _likelihood(logit: float) -> float:
    """Round up, so that no real that had to stay under the threshold reaches it."""
    return float(np.ceil(1e5 / (1 + np.exp(-logit))) / 1e5)


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
