"""What a detector gives for one picture: the very tiles and windows of a scan."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from inspector.pipeline.fitting import fit_whole
from inspector.pipeline.tiling import padded, scan_tiles
from models.training.augment import Image, read_rgb
from models.training.calibrate import Fusion
from models.training.clip_tower import STRIDE
from models.training.features import run_net
from models.training.heads import FittedTower
from models.training.sources import Picture
from models.training.token_map import cut_windows
from models.training.views import PIXELS, SCENE

TILES = 1  # native tiles a scan scores
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TwoViews:
    """A picture shrunk to a whole view and a crop of it as it is; a scan has both at once."""

    whole: Image
    native: Image
    synthetic: bool
    fold: int


class Judge:
    """A detector whose heads never saw the group of what they judge."""

    def __init__(self, fitted: FittedTower, fusion: Fusion) -> None:
        self._fitted = fitted
        self._fusion = fusion

    def __call__(self, pictures: Iterable[TwoViews]) -> Floats:
        """Return the fused logit of each picture, [N]."""
        return self._fusion(np.array([self._logits(p) for p in pictures], np.float32))

    def _logits(self, picture: TwoViews) -> tuple[float, float]:
        tower, heads = self._fitted.tower, self._fitted.blind[picture.fold]
        shown = [fit_whole(picture.whole, SCENE), *native_windows(picture.native)]
        features = run_net(tower.net, shown, half=tower.half)
        return float(heads.whole(features[:1])[0]), float(heads.native(features[1:]).mean())


def native_windows(pixels: Image) -> list[Image]:
    """Return the windows of the native tiles that a scan would score."""
    source = padded(pixels, PIXELS.multiple)
    windows: list[Image] = []
    for tile in scan_tiles(source, PIXELS.size, TILES, PIXELS.multiple):
        cut = source[tile.y : tile.y + tile.h, tile.x : tile.x + tile.w]
        given = torch.from_numpy(cut.transpose(2, 0, 1)[None].copy())
        windows += list(cut_windows(given.float()).byte().numpy().transpose(0, 2, 3, 1))
    return windows


def cell_logits(net: nn.Module, picture: Image | Picture, *, half: bool) -> Floats:
    """Return the logits of a picture's cells, [rows, cols], NaN where a scan scores none.

    Args:
        net: pixels [1, 3, H, W] to [1, 1, H / 16, W / 16].
    """
    pixels = read_rgb(str(picture.path)) if isinstance(picture, Picture) else picture
    height, width = pixels.shape[:2]
    source = padded(pixels, PIXELS.multiple)
    cells = np.full((source.shape[0] // STRIDE, source.shape[1] // STRIDE), np.nan, np.float32)
    for tile in scan_tiles(source, PIXELS.size, TILES, PIXELS.multiple):
        part = run_net(net, [source[tile.y : tile.y + tile.h, tile.x : tile.x + tile.w]], half=half)
        row, col = tile.y // STRIDE, tile.x // STRIDE
        cells[row : row + part.shape[2], col : col + part.shape[3]] = part[0, 0]
    return cells[: -(-height // STRIDE), : -(-width // STRIDE)]
