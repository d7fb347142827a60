"""From many logits to one likelihood: pools, fusion, calibration."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import Calibration, DetectorSpec, Pool
from inspector.domain.errors import EmptyMediaError
from inspector.domain.media import MediaKind

TOP_SHARE = 0.1
"""Share of a view's logits that ``Pool.TOP10`` averages."""


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return 1 / (1 + exp(-logits)) without overflow, float32, same shape."""
    clipped = np.clip(logits, -60.0, 60.0)
    result: NDArray[np.float32] = (1.0 / (1.0 + np.exp(-clipped))).astype(np.float32)
    return result


def pool_logits(logits: NDArray[np.float32], pool: Pool) -> float:
    """Return one feature of a view's logits, any shape, at least one of them.

    Raises:
        EmptyMediaError: there is no logit.
    """
    flat = logits.ravel()
    if flat.size == 0:
        raise EmptyMediaError("No part of the picture was scored.")
    match pool:
        case Pool.MEAN | Pool.SCORE:
            return float(flat.mean())
        case Pool.TOP10:
            count = max(1, round(flat.size * TOP_SHARE))
            return float(np.partition(flat, flat.size - count)[-count:].mean())
        case Pool.POSITIVE:
            return float((flat > 0).mean())
        case Pool.SPREAD:
            return float(flat.std())


def pool_terms(
    spec: DetectorSpec,
    logits: Mapping[str, NDArray[np.float32]],
    scores: Mapping[str, NDArray[np.float32]],
) -> tuple[float, ...]:
    """Return the pooled logits that the card fuses, in its order.

    Args:
        logits: of each view: one a cell where it draws a map, else one a run.
        scores: of each view that draws a map and scores its tiles besides, one a tile.

    Raises:
        EmptyMediaError: a view gave no logit.
    """
    return tuple(
        pool_logits((scores if term.pool is Pool.SCORE else logits)[term.view], term.pool)
        for term in spec.fusion
    )


def fuse(spec: DetectorSpec, terms: Sequence[float]) -> float:
    """Return the image logit: the card's logistic over its pooled terms."""
    total = spec.fusion_bias
    for term, value in zip(spec.fusion, terms, strict=True):
        total += term.weight * value
    return total


def likelihood_of(
    logit: float, calibration: Calibration, media: MediaKind = MediaKind.IMAGE
) -> float:
    """Return the calibrated likelihood, [0, 1], of the logit of a picture, or of a clip's frame."""
    temperature, bias = calibration.temperature, calibration.bias
    if media is MediaKind.VIDEO:
        temperature = calibration.video_temperature or temperature
        bias = bias if calibration.video_bias is None else calibration.video_bias
    scaled = np.float32(logit / temperature + bias)
    return float(sigmoid(np.array([scaled], np.float32))[0])


def map_likelihoods(logits: NDArray[np.float32], calibration: Calibration) -> NDArray[np.float32]:
    """Return calibrated likelihoods of patch logits, same shape; NaN stays NaN."""
    scaled = logits / np.float32(calibration.map_temperature) + np.float32(calibration.map_bias)
    return sigmoid(scaled)


def pool_top_fraction(likelihoods: NDArray[np.float32], fraction: float = 0.5) -> float:
    """Return the mean of the highest frame likelihoods.

    A clip is worth a look when *some* of it is synthetic, so a plain mean dilutes a
    short insert and a plain maximum trusts one noisy frame.

    Args:
        likelihoods: shape (n_frames,), each in [0, 1], calibrated, any order.
        fraction: share of frames pooled, in (0, 1]; at least one frame is used.

    Raises:
        EmptyMediaError: no frame was scored.
        ValueError: ``fraction`` or a likelihood is out of range or not finite.

    Source:
        k-max pooling as in W-TALC (Paul et al., ECCV 2018, arXiv 1807.10418).
    """
    if likelihoods.size == 0:
        raise EmptyMediaError("No frame was scored.")
    if not 0.0 < fraction <= 1.0:
        raise ValueError(f"fraction must lie in (0, 1], not {fraction}")
    if not np.isfinite(likelihoods).all() or likelihoods.min() < 0 or likelihoods.max() > 1:
        raise ValueError("a likelihood is out of range or not finite")
    count = max(1, round(likelihoods.size * fraction))
    return float(np.sort(likelihoods)[-count:].mean())
