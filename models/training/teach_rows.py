"""Writes what ``inspector teach`` trains a head on again: a few hundred numbers a picture."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training.sources import Picture

FILE = "training.npz"


def write_rows(
    folder: Path,
    features: NDArray[np.float32],
    logits: NDArray[np.float32],
    pictures: Sequence[Picture],
) -> tuple[str, str]:
    """Write ``folder/training.npz``; return its name and sha256.

    Args:
        features: reduced features of the whole view, [N, K].
        logits: held-out logits of what is fused, [N, 2]; the whole view's first.
    """
    sources = sorted({p.source for p in pictures})
    groups = sorted({p.group for p in pictures})
    np.savez_compressed(
        folder / FILE,
        features=features.astype(np.float16),
        pools=logits[:, 1:].astype(np.float32),
        scene=logits[:, 0].astype(np.float32),
        synthetic=np.array([p.synthetic for p in pictures], np.bool_),
        source=np.array([sources.index(p.source) for p in pictures], np.int16),
        sources=np.array(sources),
        group=np.array([groups.index(p.group) for p in pictures], np.int16),
    )
    return FILE, hashlib.sha256((folder / FILE).read_bytes()).hexdigest()
