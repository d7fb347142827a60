"""The parts of the two built-in detectors: nets, heads, views, and the file they become."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.training.build import Parts
from models.training.card import ShippedView
from models.training.clip_tower import SIDE, TAPS, WIDTH, ClipTower
from models.training.detectors import FAST, FULL
from models.training.export import ScoredTaps, disagreement, export
from models.training.heads import FittedView, WholeView
from models.training.int8_graph import GraphNet, Int8Tower, scene_and_map
from models.training.probe import LinearHead
from models.training.scoring import View
from models.training.sources import Picture
from models.training.token_map import SceneAndMap
from models.training.token_train import Cells, fit_map_head
from models.training.views import MAP, PIXELS, SCENE, SCORE
from models.training.weights import clip_graph

FILE = "tower.onnx"
FAST_TAPS = (4, 5, 6, 7)
FAST_MAP_TAPS = 3  # the last of them; those that the cells of the map were taken from, too
HEAD_C = 2e-3  # inverse regularisation of the scene's heads, chosen on the five folds


def fast_view(work: Path) -> WholeView:
    """CLIP's tower up to block 7 in int8 arithmetic: a CPU's shortest way to its evidence."""
    return WholeView("scene", SCENE, Int8Tower(clip_graph(work), FAST_TAPS), HEAD_C, half=False)


def fast_parts(
    work: Path,
    fitted: FittedView,
    cells: Cells,
    pictures: Sequence[Picture],
    seen: NDArray[np.intp],
) -> Parts:
    """One int8 graph for both views; what is measured is the very graph, with a blind head."""
    means = mean_tokens(fitted.features, FAST_MAP_TAPS)[seen]
    head = fit_map_head(means, [pictures[i] for i in seen], cells.of_first(FAST_MAP_TAPS))

    def graph(scene: LinearHead) -> onnx.ModelProto:
        return scene_and_map(clip_graph(work), FAST_TAPS, scene, head)

    def write(folder: Path) -> Sequence[ShippedView]:
        onnx.save(graph(fitted.head), str(folder / FILE))
        return _shipped()

    def margin(folder: Path) -> dict[str, float]:
        shipped = ScoredTaps(fitted.view.net, fitted.head).eval()
        logit = _OneOutput(GraphNet(onnx.load(str(folder / FILE))), 0)
        window = torch.from_numpy(_noise(SIDE).transpose(0, 3, 1, 2).copy()).float()
        return {"one window": float((shipped(window) - logit(window)).abs().max())}

    blind = GraphNet(graph(fitted.blind_head))
    return Parts(FAST, fitted, _views(blind, half=False), write, margin, 25)


def full_view(tower: ClipTower) -> WholeView:
    """CLIP's tower up to block 9 in float arithmetic, which a GPU runs best."""
    return WholeView("scene", SCENE, tower, HEAD_C, half=True)


def full_parts(
    tower: ClipTower,
    fitted: FittedView,
    cells: Cells,
    pictures: Sequence[Picture],
    seen: NDArray[np.intp],
) -> Parts:
    """One float graph for both views."""
    means = mean_tokens(fitted.features, len(TAPS))[seen]
    head = fit_map_head(means, [pictures[i] for i in seen], cells)
    shipped = SceneAndMap(tower, fitted.head, head).eval()

    def write(folder: Path) -> Sequence[ShippedView]:
        export(shipped, folder / FILE, ("logit", "patch_logits"), side=SIDE)
        return _shipped()

    def margin(folder: Path) -> dict[str, float]:
        return {
            "one window": disagreement(shipped, folder / FILE, _noise(SIDE)),
            "four windows": disagreement(shipped, folder / FILE, _noise(SIDE + 64)),
        }

    blind = SceneAndMap(tower, fitted.blind_head, head).eval()
    return Parts(FULL, fitted, _views(blind, half=True), write, margin, 10)


def mean_tokens(features: NDArray[np.float16], n_last: int) -> NDArray[np.float16]:
    """Return the mean patch tokens of the last taps from features of class and mean tokens."""
    taps = features.reshape(len(features), -1, 2, WIDTH)[:, -n_last:, 1]
    return taps.reshape(len(features), -1)


def _views(net: nn.Module, *, half: bool) -> tuple[View, View]:
    return (
        View("scene", SCENE, _OneOutput(net, 0), False, half),
        View("pixels", PIXELS, _OneOutput(net, 1), True, half),
    )


def _shipped() -> tuple[ShippedView, ShippedView]:
    return (
        ShippedView("scene", FILE, SCENE, (SCORE,)),
        ShippedView("pixels", FILE, PIXELS, (MAP,)),
    )


class _OneOutput(nn.Module):
    """One output of a net that gives a score and a map."""

    def __init__(self, net: nn.Module, index: int) -> None:
        super().__init__()
        self.net, self.index = net, index

    def forward(self, pixels: Tensor) -> Tensor:
        output: Tensor = self.net(pixels)[self.index]
        return output


def _noise(side: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (1, side, side, 3), np.uint8)
