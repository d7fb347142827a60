"""Controls of the pictures: that nothing but their content could tell the labels apart."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector.pipeline.baselines import out_of_fold
from inspector.pipeline.scenes import near_pairs, scene_hash
from models.training.sources import Picture, folds_of
from tests.controls.of_detector import auc
from tests.controls.outcome import Control

Floats = NDArray[np.float64]

SAME = 0.9
"""Correlation of the detail of two grey thumbnails from which two pictures are one; two skies
are alike without it."""

COMPONENTS = 32
"""Principal components of a 32 x 32 thumbnail that the probe sees."""


def read(path: Path) -> NDArray[np.uint8]:
    """Read one of our own, trusted pictures."""
    with Image.open(path) as picture:
        return np.array(picture.convert("RGB"), np.uint8)


def splits(train: Sequence[Picture], val: Sequence[Picture]) -> Iterator[Control]:
    """Yield counts of what crosses a split: sources and near-duplicates across folds and tables.

    Crops are cut from the whole views, so whole views are given.
    """
    both = [*train, *val]
    folds = folds_of(both)
    of_source: dict[str, set[int]] = defaultdict(set)
    for picture in both:
        of_source[picture.source].add(folds[picture.group])
    crossing = [source for source, found in of_source.items() if len(found) > 1]
    yield Control("sources in more than one fold", len(crossing), 0, 0)
    names = {p.path.resolve() for p in train} & {p.path.resolve() for p in val}
    yield Control("files in both tables", len(names), 0, 0)
    pairs = _duplicates(both)
    folded = [(a, b) for a, b in pairs if folds[both[a].group] != folds[both[b].group]]
    tabled = [(a, b) for a, b in pairs if (a < len(train)) != (b < len(train))]
    for what, found in (("folds", folded), ("train and val", tabled)):
        shown = "; ".join(f"{_name(both[a])} = {_name(both[b])}" for a, b in found[:3])
        yield Control(f"near-duplicates across {what}", len(found), 0, 0, shown)


def _name(picture: Picture) -> str:
    return f"{picture.source}/{picture.path.name}"


def _duplicates(pictures: Sequence[Picture]) -> list[tuple[int, int]]:
    with ThreadPoolExecutor() as pool:
        read_all = list(pool.map(lambda p: _hash_and_grey(p.path), pictures))
    pairs = near_pairs([p.view for p in pictures], [found[0] for found in read_all])
    return [(a, b) for a, b in pairs if _alike(read_all[a][1], read_all[b][1])]


def _hash_and_grey(path: Path) -> tuple[int, NDArray[np.float32]]:
    pixels = read(path)
    small = cv2.resize(pixels, (32, 32), interpolation=cv2.INTER_AREA)
    return scene_hash(pixels), cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)


def _alike(a: NDArray[np.float32], b: NDArray[np.float32]) -> bool:
    first, second = (cv2.Laplacian(x, cv2.CV_32F).ravel() for x in (a, b))
    if min(first.std(), second.std()) < 2:  # next to nothing but light and dark
        return False
    return float(np.corrcoef(first, second)[0, 1]) > SAME


def probes(pictures: Sequence[Picture]) -> Iterator[Control]:
    """Yield how far metadata alone, and thumbnails alone, tell the labels apart.

    Each is a logistic fit judged on repositories that it was not fitted on.
    """
    labels = np.array([p.synthetic for p in pictures])
    groups = np.unique([p.group for p in pictures], return_inverse=True)[1]
    for name, features in (
        ("metadata alone", np.array([_metadata(p.path) for p in pictures])),
        ("thumbnails of 32 x 32 alone", _components([p.path for p in pictures])),
    ):
        found = out_of_fold(features, labels, groups)
        value = auc(found[~labels], found[labels])
        yield Control(f"{name}, AUC", max(value, 1 - value), 0, 0.60, f"of {len(pictures)}")


def _metadata(path: Path) -> list[float]:
    """Return what a file says without its content: format, size, shape, coding."""
    with Image.open(path) as picture:
        width, height = picture.size
        table = getattr(picture, "quantization", {}).get(0, [0])
        sampling = picture.info.get("progressive", 0)
        coding = float(picture.format == "JPEG"), float(picture.format == "PNG")
    length = path.stat().st_size
    return [
        *coding,
        float(np.log(width * height)),
        float(np.log(max(width, height) / min(width, height))),
        float(width == height),
        float(np.log(length / (width * height))),
        float(sum(table)),
        float(bool(sampling)),
    ]


def _components(paths: Sequence[Path]) -> Floats:
    with ThreadPoolExecutor() as pool:
        rows = list(pool.map(_thumbnail, paths))
    values = np.array(rows) - np.mean(rows, axis=0)
    left, strength, _ = np.linalg.svd(values, full_matrices=False)
    count = min(COMPONENTS, len(paths) // 4)
    return np.asarray(left[:, :count] * strength[:count])


def _thumbnail(path: Path) -> Floats:
    small = cv2.resize(read(path), (32, 32), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float64).ravel()
