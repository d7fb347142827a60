"""Features of frozen nets, kept on disk row by row so that a stopped run goes on where it was."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.training.augment import Image, centre, draw, random_window, read_rgb, short_side
from models.training.sources import Picture

Prepare = Callable[[Picture, int, int], Image]


def square_view(side: int) -> Prepare:
    """Return a function that makes a square input from a picture.

    Variant 0 is the picture as it is (short side to ``side``, centre); every higher variant
    is another window of it, degraded, drawn from (variant, index).
    """

    def prepare(picture: Picture, index: int, variant: int) -> Image:
        image = read_rgb(str(picture.path))
        if variant:
            rng = np.random.default_rng((variant, index))
            image = draw(rng).apply(random_window(image, rng))
        return centre(short_side(image, side), side)

    return prepare


def extract(
    net: torch.nn.Module,
    pictures: Sequence[Picture],
    prepare: Prepare,
    variant: int,
    store: Path,
    *,
    batch: int = 8,
    half: bool = True,
) -> NDArray[np.float16]:
    """Return [len(pictures), D] features, computing only the rows that ``store`` lacks.

    ``half`` runs the net under bfloat16 autocast (a third of the time on AVX512-bf16).
    """
    marker = store.with_suffix(".done")
    done = int(marker.read_text()) if marker.exists() else 0
    rows = np.lib.format.open_memmap(store, mode="r+") if done else None
    for start in range(done, len(pictures), batch):
        chunk = range(start, min(start + batch, len(pictures)))
        images = np.stack([prepare(pictures[i], i, variant) for i in chunk])
        pixels = torch.from_numpy(images.transpose(0, 3, 1, 2).copy()).float()
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
            out = net(pixels).float().numpy()
        if rows is None:
            rows = np.lib.format.open_memmap(
                store, mode="w+", dtype=np.float16, shape=(len(pictures), out.shape[1])
            )
        rows[chunk.start:chunk.stop] = out
        if start // batch % 16 == 0 or chunk.stop == len(pictures):
            rows.flush()
            marker.write_text(str(chunk.stop))
    if rows is None:
        raise ValueError("no pictures")
    return np.asarray(rows)
