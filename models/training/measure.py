"""Judges pictures, degraded pictures, pastes and controls with heads that never saw them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import nn

from inspector.pipeline.regions import find_regions
from models.training.augment import Degradation, Image, read_rgb
from models.training.calibrate import Scaling, fit_map, region_thresholds
from models.training.clip_tower import STRIDE
from models.training.localise import harmed, pasted_pictures, real_pastes
from models.training.scoring import Judge, TwoViews, cell_logits
from models.training.sources import Picture
from models.training.tables import auc

Floats = NDArray[np.float32]

FRAME = Degradation(x264=23)
"""What stands for a frame of a clip."""

DEGRADATIONS: dict[str, Degradation] = {
    "none": Degradation(),
    "JPEG 85": Degradation(jpeg=85),
    "JPEG 75": Degradation(jpeg=75),
    "WebP 80": Degradation(webp=80),
    "resize 0.5": Degradation(scale=0.5),
    "resize 0.75": Degradation(scale=0.75),
    "resize 1.5": Degradation(scale=1.5, kernel=cv2.INTER_CUBIC),
    "blur 0.8": Degradation(blur_sigma=0.8),
    "x264 crf 23": FRAME,
}


def after(fate: Degradation, picture: TwoViews) -> TwoViews:
    """Return a picture whose both views met the same fate."""
    return replace(picture, whole=fate.apply(picture.whole), native=fate.apply(picture.native))


def degradation_table(
    judge: Judge, pictures: Sequence[TwoViews], review: float
) -> dict[str, dict[str, float]]:
    """Return AUC, FPR and TPR at the review logit for every degradation, on the same files."""
    synthetic = np.array([p.synthetic for p in pictures])
    table = {}
    for name, fate in DEGRADATIONS.items():
        logits = judge(after(fate, picture) for picture in pictures)
        table[name] = {
            "n": len(pictures),
            "auc": auc(logits[~synthetic], logits[synthetic]),
            "fpr_at_review": float((logits[~synthetic] >= review).mean()),
            "tpr_at_review": float((logits[synthetic] >= review).mean()),
        }
    return table


def control_table(
    judge: Judge, pictures: Sequence[TwoViews], review: float, drop: float, n_harmed: int
) -> dict[str, float]:
    """Return AUCs between treatments of the same reals (0.5 is right) and harmless FPRs."""
    reals = [p for p in pictures if not p.synthetic]
    plain = judge(reals)
    out = {
        f"reals as {name} against as they are, AUC": auc(plain, judge(after(f, p) for p in reals))
        for name, f in (
            ("JPEG 95", Degradation(jpeg=95)),
            ("WebP 95", Degradation(webp=95)),
            ("three quarters of the size", Degradation(scale=0.75)),
        )
    }
    by_harm: dict[str, list[TwoViews]] = defaultdict(list)
    for name, picture in harmed(reals, n_harmed):
        by_harm[name].append(picture)
    for name, harmless in by_harm.items():
        found = judge(harmless)
        out[f"reals after {name}, share over review"] = float((found >= review).mean())
        out[f"reals after {name}, share over drop"] = float((found >= drop).mean())
    pasted = judge(real_pastes(reals, 2 * n_harmed))
    out["real regions pasted into reals, share over review"] = float((pasted >= review).mean())
    return out


@dataclass(frozen=True, slots=True)
class MapFigures:
    """How well pasted regions are found, and what stands behind the region thresholds."""

    calibration: Scaling
    cell_auc: float
    iou: float
    real_maps: int
    real_maps_with_region: int


def measure_map(
    net: nn.Module,
    pictures: Sequence[Picture],
    real_maps: Sequence[Floats],
    rate: float,
    n: int,
    *,
    half: bool,
) -> MapFigures:
    """Calibrate the map on one half of the pasted pictures and measure it on the other."""
    pasted = list(pasted_pictures(pictures, n))
    maps = [cell_logits(net, p.image, half=half) for p in pasted]
    flat = [
        (m[np.isfinite(m)], p.shares[np.isfinite(m)]) for m, p in zip(maps, pasted, strict=True)
    ]
    fitted = fit_map(*(np.concatenate([pair[k] for pair in flat[::2]]) for k in (0, 1)))
    logits, shares = (np.concatenate([pair[k] for pair in flat[1::2]]) for k in (0, 1))
    high, low, errors = region_thresholds(
        [_likelihoods(m, fitted) for m in real_maps], STRIDE, rate
    )
    calibration = replace(fitted, high=high, low=low)
    ious = []
    for cells, item in list(zip(maps, pasted, strict=True))[1::2]:
        truth = item.shares > 0.5
        found = _likelihoods(cells, calibration) > 0.5
        if truth.any():
            ious.append(float((truth & found).sum() / max(1, (truth | found).sum())))
    return MapFigures(
        calibration,
        auc(logits[shares < 0.1], logits[shares > 0.9]),
        float(np.mean(ious)),
        len(real_maps),
        errors,
    )


def with_region(maps: Sequence[Floats], calibration: Scaling) -> NDArray[np.bool_]:
    """Return which maps hold at least one region."""
    return np.array(
        [
            bool(
                find_regions(
                    _likelihoods(m, calibration),
                    STRIDE,
                    (m.shape[1] * STRIDE, m.shape[0] * STRIDE),
                    calibration.high,
                    calibration.low,
                )
            )
            for m in maps
        ],
        bool,
    )


def _likelihoods(logits: Floats, calibration: Scaling) -> Floats:
    scaled = logits / calibration.temperature + calibration.bias
    return np.asarray(1 / (1 + np.exp(-np.clip(scaled, -60, 60))), np.float32)


def _high_energy(image: Image) -> float:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    spectrum = np.abs(np.fft.rfft2(grey - grey.mean())) ** 2
    rows = np.abs(np.fft.fftfreq(grey.shape[0]))[:, None]
    cols = np.abs(np.fft.rfftfreq(grey.shape[1]))[None]
    return float(spectrum[np.hypot(rows, cols) > 0.25].sum() / spectrum.sum())


BASELINES: dict[str, Callable[[Image], float]] = {
    "variance of the Laplacian": lambda image: float(
        cv2.Laplacian(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.CV_64F).var()
    ),
    "energy over a quarter of the band": _high_energy,
    "mean saturation": lambda image: float(cv2.cvtColor(image, cv2.COLOR_RGB2HSV)[..., 1].mean()),
}


def baseline_table(pictures: Sequence[Picture]) -> dict[str, float]:
    """Return the AUC of trivial measures, in whichever direction serves them."""
    synthetic = np.array([p.synthetic for p in pictures])
    table = {}
    for name, measure in BASELINES.items():
        values = np.array([measure(read_rgb(str(p.path))) for p in pictures])
        score = auc(values[~synthetic], values[synthetic])
        table[name] = max(score, 1 - score)
    return table
