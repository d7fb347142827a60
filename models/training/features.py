"""Features of frozen nets, kept on disk row by row so that a stopped run goes on where it was."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from inspector.domain.detector import ViewInput
from inspector.pipeline.fitting import fit_whole
from models.training.augment import Image, draw, draw_frame, random_window, read_rgb
from models.training.harms import HARMS, fine_webp
from models.training.sources import Picture

_FRAMES, _HARMLESS = 2, 3

Prepare = Callable[[Picture, int, int], Image]


def whole_view(view: ViewInput) -> Prepare:
    """Return a function that fits a picture to a whole view exactly as a scan does."""

    def prepare(picture: Picture, index: int, variant: int) -> Image:
        return fit_whole(_varied(picture, index, variant), view)

    return prepare


def _varied(picture: Picture, index: int, variant: int) -> Image:
    """Return the picture, or another window of it: degraded (1), as a frame of a clip (2), or
    after something harmless (3).
    """
    image = read_rgb(str(picture.path))
    if not variant:
        return image
    rng = np.random.default_rng((variant, index))
    window = random_window(image, rng)
    if variant == _HARMLESS:
        harm = fine_webp if rng.random() < 0.4 else HARMS[int(rng.integers(len(HARMS)))]
        return harm(window, rng)
    fate = draw_frame(rng) if variant == _FRAMES else draw(rng)
    return fate.apply(window)


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
        images = [prepare(pictures[i], i, variant) for i in chunk]
        out = run_net(net, images, half=half)
        if rows is None:
            rows = np.lib.format.open_memmap(
                store, mode="w+", dtype=np.float16, shape=(len(pictures), out.shape[1])
            )
        rows[chunk.start : chunk.stop] = out
        if start // batch % 16 == 0 or chunk.stop == len(pictures):
            rows.flush()
            marker.write_text(str(chunk.stop))
    if rows is None:
        raise ValueError("no pictures")
    return np.asarray(rows)


def run_net(net: torch.nn.Module, images: Sequence[Image], *, half: bool) -> NDArray[np.float32]:
    """Return [len(images), D] of pictures of any sizes; those of one size go together."""
    if len({image.shape for image in images}) > 1:
        return np.concatenate([run_net(net, [image], half=half) for image in images])
    pixels = torch.from_numpy(np.stack(images).transpose(0, 3, 1, 2).copy()).float()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
        values: NDArray[np.float32] = net(pixels).float().numpy()
    return values
