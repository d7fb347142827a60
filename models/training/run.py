"""``python -m models.training.run``: from the data folder to the built-in detectors' folders."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.training.augment import read_rgb
from models.training.batches import Twins
from models.training.build import Held, build
from models.training.clip_tower import ClipTower
from models.training.detectors import FAST, FULL, MIN_SIDE_PX
from models.training.heads import fit_view
from models.training.parts import fast_parts, fast_view, full_parts, full_view
from models.training.simulators import reconstruct, taef2
from models.training.sources import Picture, folds_of, read_pictures
from models.training.token_train import shown_cells
from models.training.weights import clip_graph

HOLD_OUT = 2  # the fold with the most pairs and much human art
N_TWINS, TWIN_PX = 1400, 192
MEASURED_FAST, MEASURED_FULL = (360, 620, 70), (120, 620, 20)
"""How many whole views and crops of the held-out fold measure each, and how many of each label
the slow tables: the towers take their time on a CPU."""


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
    rows = np.flatnonzero([folds[p.group] != HOLD_OUT for p in pictures])
    seen = [pictures[i] for i in rows]
    tower = ClipTower(clip_graph(work)).eval()
    cells = shown_cells(tower, seen, _twins(data, work, seen), work)
    if options.only != FULL.id:
        fitted = fit_view(fast_view(work), pictures, val, folds, HOLD_OUT, work / "fast")
        parts = fast_parts(work, fitted, cells, pictures, rows)
        held = _held(pictures, val, folds, *MEASURED_FAST)
        build(options.out / FAST.id, parts, held, work, MIN_SIDE_PX)
    if options.only != FAST.id:
        fitted = fit_view(full_view(tower), pictures, val, folds, HOLD_OUT, work / "full")
        parts = full_parts(tower, fitted, cells, pictures, rows)
        held = _held(pictures, val, folds, *MEASURED_FULL)
        build(options.out / FULL.id, parts, held, work, MIN_SIDE_PX)


def _held(
    pictures: Sequence[Picture],
    val: Sequence[Picture],
    folds: dict[str, int],
    n_whole: int,
    n_crops: int,
    n_few: int,
) -> Held:
    """Choose what measures a detector, both labels alike; few are of the kind that is cheap."""
    rng = np.random.default_rng(3)
    held = [folds[p.group] == HOLD_OUT for p in pictures]
    index = _some(pictures, np.flatnonzero(held), n_whole, n_crops, rng)
    val_index = _some(val, np.arange(len(val)), 2 * n_few, 4 * n_few, rng)
    chosen = [pictures[i] for i in index]
    few: list[Picture] = []
    for label in (False, True):
        rows = [p for p in chosen if p.synthetic is label and p.view == "crops"]
        few += [rows[i] for i in rng.permutation(len(rows))[:n_few]]
    return Held(chosen, index, [val[i] for i in val_index], val_index, few, folds)


def _some(
    pictures: Sequence[Picture],
    index: NDArray[np.intp],
    n_whole: int,
    n_crops: int,
    rng: np.random.Generator,
) -> NDArray[np.intp]:
    out: list[int] = []
    for view, most in (("whole", n_whole), ("crops", n_crops)):
        for label in (False, True):
            rows = [
                i
                for i in index.tolist()
                if pictures[i].view == view and pictures[i].synthetic is label
            ]
            out += [rows[i] for i in rng.permutation(len(rows))[: most // 2].tolist()]
    return np.array(sorted(out), np.intp)


def _twins(data: Path, work: Path, seen: Sequence[Picture]) -> Twins:
    """Decode twins of random windows of reals, or read those of an earlier run."""
    file = work / "twins.npz"
    if not file.exists():
        net, rng = taef2(data / "simulators"), np.random.default_rng(7)
        reals = [p for p in seen if not p.synthetic]
        real, twin = [], []
        for i in rng.permutation(len(reals))[:N_TWINS]:
            image = read_rgb(str(reals[i].path))
            top, left = (int(rng.integers(n - TWIN_PX + 1)) for n in image.shape[:2])
            real.append(image[top : top + TWIN_PX, left : left + TWIN_PX])
            twin.append(reconstruct(net, real[-1:])[0])
        np.savez(file, real=np.stack(real), twin=np.stack(twin))
    stored = np.load(file)
    return Twins(stored["real"], stored["twin"])


if __name__ == "__main__":
    main()
