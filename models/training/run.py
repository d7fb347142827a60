"""``python -m models.training.run``: from the data folder to the built-in detectors' folders."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from models.training.augment import read_rgb
from models.training.build import Held, build
from models.training.clip_tower import ClipTower
from models.training.detectors import FAST, FULL, MIN_SIDE_PX
from models.training.heads import FittedTower, fit_tower
from models.training.parts import (
    FAST_MAP_TAPS,
    FULL_MAP_TAPS,
    fast_parts,
    fast_tower,
    full_parts,
    full_tower,
)
from models.training.scoring import TwoViews
from models.training.sources import Picture, both_views, folds_of, read_pictures
from models.training.token_train import LinearCells, fit_map_head
from models.training.weights import clip_graph

MAP_HOLD_OUT = 2  # the fold the map's head never sees: it has the most pairs and much human art
N_FEW, N_FRAMES, N_PASTED = {FAST.id: 200, FULL.id: 80}, 400, {FAST.id: 300, FULL.id: 200}
"""Of each label: how many pictures measure what is slow, how many the frames of clips (fewer
certify nothing); and how many pasted ones the map. The larger tower takes its time on a CPU."""


def main() -> None:
    """Train, measure and write; a run that was stopped goes on where it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the development data folder")
    parser.add_argument("--work", type=Path, default=Path(".work/training"), help="checkpoints")
    parser.add_argument("--out", type=Path, default=Path("models"), help="detectors go below it")
    parser.add_argument("--only", choices=[FAST.id, FULL.id], help="build one of them")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    data, work = options.data, options.work
    work.mkdir(parents=True, exist_ok=True)
    pictures, val = (read_pictures(data, table) for table in ("train", "val"))
    folds = {p.group: 0 for p in val} | folds_of(pictures)
    net = ClipTower(clip_graph(work)).eval()
    if options.only != FULL.id:
        fitted = fit_tower(fast_tower(work), pictures, val, folds, work / "fast")
        held = _held(FAST.id, pictures, val, folds)
        parts = fast_parts(work, fitted, _map_head(fitted, FAST_MAP_TAPS, pictures, folds))
        build(options.out / FAST.id, parts, held, work, MIN_SIDE_PX, N_PASTED[FAST.id])
    if options.only != FAST.id:
        fitted = fit_tower(full_tower(net), pictures, val, folds, work / "full")
        held = _held(FULL.id, pictures, val, folds)
        parts = full_parts(net, fitted, _map_head(fitted, FULL_MAP_TAPS, pictures, folds))
        build(options.out / FULL.id, parts, held, work, MIN_SIDE_PX, N_PASTED[FULL.id])


def _map_head(
    fitted: FittedTower, taps: slice, pictures: Sequence[Picture], folds: dict[str, int]
) -> LinearCells:
    rows = [i for i, p in enumerate(pictures) if folds[p.group] != MAP_HOLD_OUT]
    return fit_map_head(fitted.features[rows], [pictures[i] for i in rows], taps)


def _held(
    name: str, pictures: Sequence[Picture], val: Sequence[Picture], folds: dict[str, int]
) -> Held:
    pairs = both_views(pictures)
    few = _some(pictures, pairs, folds, N_FEW[name], seed=3)
    frames = _some(pictures, pairs, folds, N_FRAMES, seed=4)
    map_pictures = [p for p in pictures if folds[p.group] == MAP_HOLD_OUT and p.view == "crops"]
    return Held(
        pictures,
        np.array(pairs, np.intp),
        val,
        np.array(both_views(val), np.intp),
        few,
        frames,
        map_pictures,
        folds,
    )


def _some(
    pictures: Sequence[Picture],
    pairs: Sequence[tuple[int, int]],
    folds: dict[str, int],
    n: int,
    seed: int,
) -> list[TwoViews]:
    """Read ``n`` pictures of each label, drawn from all folds."""
    rng, out = np.random.default_rng(seed), []
    for label in (False, True):
        rows = [pair for pair in pairs if pictures[pair[0]].synthetic is label]
        for i in rng.permutation(len(rows))[:n]:
            whole, native = (pictures[place] for place in rows[i])
            images = read_rgb(str(whole.path)), read_rgb(str(native.path))
            out.append(TwoViews(*images, label, folds[whole.group]))
    return out


if __name__ == "__main__":
    main()
