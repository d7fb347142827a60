"""What a detector's views give for one file: the very tiles, pools and order of a scan."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from inspector.domain.detector import Pool, SizePolicy, ViewInput
from inspector.pipeline.fitting import fit_whole
from inspector.pipeline.tiling import padded, scan_tiles
from models.training.augment import Image, read_rgb
from models.training.sources import Picture
from models.training.token_map import STRIDE

TILES = 4  # native tiles a scan scores on a CPU
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class View:
    """A view under its card's name: how it is fed, the net, and whether it draws the map."""

    name: str
    input: ViewInput
    net: nn.Module
    draws_map: bool
    half: bool = False  # bfloat16 will do


def features_of(views: Sequence[View]) -> list[tuple[str, Pool]]:
    """Return what is fused, in order: one mean of a whole view, every pool of a map."""
    return [(v.name, pool) for v in views for pool in (Pool if v.draws_map else (Pool.MEAN,))]


def view_logits(view: View, picture: Image | Picture) -> Floats:
    """Return a view's logits on a file's pixels: [1], or the map with NaN where not scored."""
    pixels = read_rgb(str(picture.path)) if isinstance(picture, Picture) else picture
    if view.input.size_policy is not SizePolicy.NATIVE_TILES:
        return _run(view, fit_whole(pixels, view.input))
    height, width = pixels.shape[:2]
    source = padded(pixels, view.input.multiple)
    cells = np.full((source.shape[0] // STRIDE, source.shape[1] // STRIDE), np.nan, np.float32)
    for tile in scan_tiles(source, view.input.size, TILES, view.input.multiple):
        part = _run(view, source[tile.y : tile.y + tile.h, tile.x : tile.x + tile.w])[0, 0]
        row, col = tile.y // STRIDE, tile.x // STRIDE
        cells[row : row + part.shape[0], col : col + part.shape[1]] = part
    return cells[: -(-height // STRIDE), : -(-width // STRIDE)]


def _run(view: View, pixels: Image) -> Floats:
    batch = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])).float()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=view.half):
        values: Floats = view.net(batch).float().numpy()
    return values
