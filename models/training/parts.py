"""The parts of the two built-in detectors: towers, heads, and the file they become."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

from models.training.build import Parts
from models.training.card import CardText, ShippedView
from models.training.clip_tower import SIDE, ClipTower
from models.training.detectors import FAST, FULL
from models.training.export import disagreement, export
from models.training.heads import FittedTower, Tower
from models.training.int8_graph import GraphNet, Int8Tower, with_heads
from models.training.readout import LinearMap, Readout, reduce
from models.training.token_map import OUTPUTS, CellNet, TowerWithHeads, cut_windows
from models.training.views import FEATURES, MAP, NATIVE_SCORE, PIXELS, SCENE, SCORE
from models.training.weights import clip_graph

FILE = "tower.onnx"
FAST_TAPS = (5, 6)
FAST_MAP_TAPS, FULL_MAP_TAPS = slice(0, 2), slice(0, 3)  # later blocks see the whole
FAST_C, FULL_C = 4e-3, 4e-3  # inverse regularisation of the heads, chosen on the five folds


def fast_tower(work: Path) -> Tower:
    """CLIP's tower up to block 6 in int8 arithmetic: a CPU's shortest way to its evidence."""
    return Tower(Int8Tower(clip_graph(work), FAST_TAPS), FAST_C, half=False)


def full_tower(net: ClipTower) -> Tower:
    """CLIP's tower up to block 8 in float arithmetic, which a GPU runs best."""
    return Tower(net, FULL_C, half=True)


def fast_parts(work: Path, fitted: FittedTower, cells: nn.Module) -> Parts:
    """One int8 graph for both views; the map that is measured is the very graph's."""

    def graph(readout: Readout) -> onnx.ModelProto:
        return with_heads(clip_graph(work), FAST_TAPS, readout, cells, FAST_MAP_TAPS)

    def write(folder: Path, readout: Readout) -> None:
        onnx.save(graph(readout), str(folder / FILE))

    def margin(folder: Path, readout: Readout) -> dict[str, float]:
        shipped = GraphNet(onnx.load(str(folder / FILE)))
        pixels = torch.from_numpy(_noise(SIDE).transpose(0, 3, 1, 2).copy()).float()
        rows = readout(fitted.tower.net(cut_windows(pixels)))
        return {"one window": float((rows[:, 0] - shipped(pixels)[0]).abs().max())}

    reduction = reduce(fitted.features, fitted.heads, fitted.harmless)
    map_net = CellNet(GraphNet(graph(Readout(fitted.heads, reduction))))
    return _parts(FAST, fitted, reduction, map_net, write, margin)


def full_parts(net: ClipTower, fitted: FittedTower, cells: nn.Module) -> Parts:
    """One float graph for both views."""

    def joined(readout: Readout) -> TowerWithHeads:
        return TowerWithHeads(net, readout, cells, FULL_MAP_TAPS).eval()

    def write(folder: Path, readout: Readout) -> None:
        export(joined(readout), folder / FILE, OUTPUTS, side=SIDE)

    def margin(folder: Path, readout: Readout) -> dict[str, float]:
        shipped, file = joined(readout), folder / FILE
        return {
            "one window": disagreement(shipped, file, _noise(SIDE)),
            "four windows": disagreement(shipped, file, _noise(SIDE + 64)),
        }

    reduction = reduce(fitted.features, fitted.heads, fitted.harmless)
    map_net = CellNet(joined(Readout(fitted.heads, reduction)))
    return _parts(FULL, fitted, reduction, map_net, write, margin)


def _parts(
    text: CardText,
    fitted: FittedTower,
    reduction: LinearMap,
    map_net: nn.Module,
    write: Callable[[Path, Readout], None],
    margin: Callable[[Path, Readout], dict[str, float]],
) -> Parts:
    readout = Readout(fitted.heads, reduction)

    def write_all(folder: Path) -> Sequence[ShippedView]:
        write(folder, readout)
        return (
            ShippedView("scene", FILE, SCENE, (SCORE, FEATURES)),
            ShippedView("pixels", FILE, PIXELS, (NATIVE_SCORE, MAP)),
        )

    return Parts(
        text, fitted, reduction, map_net, write_all, lambda folder: margin(folder, readout)
    )


def _noise(side: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (1, side, side, 3), np.uint8)
