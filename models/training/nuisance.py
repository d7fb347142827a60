"""What harmless treatment does to the features of pictures; see ``calm``."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import nn

from inspector.domain.detector import ViewInput
from inspector.pipeline.fitting import fit_whole
from models.training.augment import Image, centre, read_rgb
from models.training.features import extract
from models.training.harms import TREATMENTS
from models.training.sources import Picture, both_views

N_REALS = 240
"""Real pictures whose treated copies are looked at."""

SEEN = ((0, True), (1, True), (0, False))
"""What is treated: (whole view or native crop, shrunk to a whole view or not). The last is a small
picture, of which a scan takes a native window too."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Features of real pictures before and after each treatment.

    Attributes:
        pictures: N of them in each of ``SEEN``, one part after the other.
        plain: as they are, [len(SEEN) * N, D].
        treated: after each of ``TREATMENTS``, likewise.
    """

    pictures: Sequence[Picture]
    plain: NDArray[np.float16]
    treated: Sequence[NDArray[np.float16]]

    def of(self, groups: Set[str]) -> NDArray[np.float32]:
        """Return the mean change by each treatment in each part, over these groups, [K, D]."""
        means = []
        for part in np.split(np.arange(len(self.pictures)), len(SEEN)):
            rows = [i for i in part.tolist() if self.pictures[i].group in groups]
            before = self.plain[rows].astype(np.float32)
            means += [(after[rows] - before).mean(axis=0) for after in self.treated]
        return np.array(means, np.float32)


def changes_of(
    net: nn.Module, pictures: Sequence[Picture], view: ViewInput, cache: Path, *, half: bool
) -> Changes:
    """Extract the features of some real pictures of as many sources as there are."""
    chosen = [pair[kind] for kind, _ in SEEN for pair in _spread(pictures)]

    def prepare(picture: Picture, index: int, variant: int) -> Image:
        image = read_rgb(str(picture.path))
        if variant:
            image = TREATMENTS[variant - 1](image, np.random.default_rng((variant, index, 1)))
        shrunk = SEEN[index * len(SEEN) // len(chosen)][1]
        return fit_whole(image, view) if shrunk else _window(image, view.size)

    def rows(variant: int) -> NDArray[np.float16]:
        store = cache / f"treated-{variant}.npy"
        return extract(net, chosen, prepare, variant, store, half=half)

    return Changes(chosen, rows(0), [rows(n + 1) for n in range(len(TREATMENTS))])


def _window(image: Image, side: int) -> Image:
    """Return the middle of a picture at its own size, its border repeated where it is too small."""
    lack = [max(0, side - n) for n in image.shape[:2]]
    whole = cv2.copyMakeBorder(image, 0, lack[0], 0, lack[1], cv2.BORDER_REPLICATE)
    return centre(np.asarray(whole, np.uint8), side)


def _spread(pictures: Sequence[Picture]) -> list[tuple[Picture, Picture]]:
    """Take reals that have both views, (whole, crop), one of every source in turn."""
    by_source: dict[str, list[tuple[Picture, Picture]]] = defaultdict(list)
    for whole, crop in both_views(pictures):
        if not pictures[whole].synthetic:
            by_source[pictures[whole].source].append((pictures[whole], pictures[crop]))
    own = list(by_source.values())
    turns = [rows[n] for n in range(max(map(len, own))) for rows in own if n < len(rows)]
    return turns[:N_REALS]
