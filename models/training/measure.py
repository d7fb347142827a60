"""Runs a held-out detector over pictures, degraded pictures, pastes and controls."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.pipeline.pooling import pool_logits
from inspector.pipeline.regions import find_regions
from models.training.augment import Degradation, Image, read_rgb
from models.training.calibrate import Fusion, MapCalibration, fit_map, region_thresholds
from models.training.localise import harmed, pasted_pictures, real_pastes
from models.training.scoring import View, features_of, view_logits
from models.training.sources import Picture
from models.training.tables import auc
from models.training.token_map import STRIDE

Floats = NDArray[np.float32]

DEGRADATIONS: dict[str, Degradation] = {
    "none": Degradation(),
    "JPEG 85": Degradation(jpeg=85),
    "JPEG 75": Degradation(jpeg=75),
    "WebP 80": Degradation(webp=80),
    "resize 0.5": Degradation(scale=0.5),
    "resize 0.75": Degradation(scale=0.75),
    "resize 1.5": Degradation(scale=1.5, kernel=cv2.INTER_CUBIC),
    "blur 0.8": Degradation(blur_sigma=0.8),
}


class HeldOut:
    """A detector whose parts never saw the held-out groups: its views, the map's last."""

    def __init__(self, views: Sequence[View]) -> None:
        self.views = views

    def score(self, pictures: Sequence[Image] | Sequence[Picture]) -> Floats:
        """Return the pooled features of pictures, [N, F]; every view runs."""
        logits = [[view_logits(view, p) for p in pictures] for view in self.views]
        return np.array([self._pools(row) for row in zip(*logits, strict=True)], np.float32)

    def pool(self, known: Mapping[str, Floats], maps: Sequence[Floats]) -> Floats:
        """Return pooled features from logits and maps that were computed before, [N, F]."""
        whole = [known[view.name] for view in self.views if not view.draws_map]
        rows = zip(*(logits[:, None] for logits in whole), maps, strict=True)
        return np.array([self._pools(row) for row in rows], np.float32)

    def _pools(self, logits: Sequence[Floats]) -> list[float]:
        known = {v.name: x[np.isfinite(x)] for v, x in zip(self.views, logits, strict=True)}
        return [pool_logits(known[name], pool) for name, pool in features_of(self.views)]


def degradation_table(
    detector: HeldOut, fusion: Fusion, pictures: Sequence[Picture], review: float
) -> dict[str, dict[str, float]]:
    """Return AUC, FPR and TPR at the review logit for every degradation, on the same files."""
    synthetic = np.array([p.synthetic for p in pictures])
    images = [read_rgb(str(p.path)) for p in pictures]
    table = {}
    for name, fate in DEGRADATIONS.items():
        logits = fusion(detector.score([fate.apply(image) for image in images]))
        table[name] = {
            "n": len(pictures),
            "auc": auc(logits[~synthetic], logits[synthetic]),
            "fpr_at_review": float((logits[~synthetic] >= review).mean()),
            "tpr_at_review": float((logits[synthetic] >= review).mean()),
        }
    return table


def control_table(
    detector: HeldOut,
    fusion: Fusion,
    pictures: Sequence[Picture],
    review: float,
    drop: float,
    n_harmed: int,
) -> dict[str, float]:
    """Return AUCs between treatments of the same reals (0.5 is right) and harmless FPRs."""
    reals = [read_rgb(str(p.path)) for p in pictures if not p.synthetic]

    def logits(images: Sequence[Image]) -> Floats:
        return fusion(detector.score(images))

    plain = logits(reals)
    out = {
        f"reals as {name} against as they are, AUC": auc(plain, logits([f.apply(i) for i in reals]))
        for name, f in (
            ("JPEG 95", Degradation(jpeg=95)),
            ("WebP 95", Degradation(webp=95)),
            ("three quarters of the size", Degradation(scale=0.75)),
        )
    }
    by_harm: dict[str, list[Image]] = defaultdict(list)
    for name, image in harmed(pictures, n_harmed):
        by_harm[name].append(image)
    for name, images in by_harm.items():
        found = logits(images)
        out[f"reals after {name}, share over review"] = float((found >= review).mean())
        out[f"reals after {name}, share over drop"] = float((found >= drop).mean())
    pasted = logits(list(real_pastes(pictures, 2 * n_harmed)))
    out["real regions pasted into reals, share over review"] = float((pasted >= review).mean())
    return out


@dataclass(frozen=True, slots=True)
class MapFigures:
    """How well pasted regions are found, and what stands behind the region thresholds."""

    calibration: MapCalibration
    cell_auc: float
    iou: float
    real_maps: int
    real_maps_with_region: int


def measure_map(
    detector: HeldOut,
    pictures: Sequence[Picture],
    real_maps: Sequence[Floats],
    rate: float,
    n: int,
) -> MapFigures:
    """Calibrate the map on one half of the pasted pictures and measure it on the other."""
    view = next(v for v in detector.views if v.draws_map)
    pasted = list(pasted_pictures(pictures, n))
    maps = [view_logits(view, p.image) for p in pasted]
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


def with_region(maps: Sequence[Floats], calibration: MapCalibration) -> NDArray[np.bool_]:
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


def _likelihoods(logits: Floats, calibration: MapCalibration) -> Floats:
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
