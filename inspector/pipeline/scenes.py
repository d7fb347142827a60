"""Which files show the same scene, so that copies do not pass for evidence of their own."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

SAME_BITS = 5
"""Most differing bits, of 64, between two codings or sizes of one picture."""

_ROWS_AT_ONCE = 256


def scene_hash(pixels: NDArray[np.uint8]) -> int:
    """Return 64 bits that survive another size and coding: which neighbour is lighter.

    Args:
        pixels: uint8 (h, w, 3), sRGB.

    Source:
        Difference hash (Krawetz, "Kind of Like That", 2013).
    """
    small = cv2.resize(pixels, (9, 8), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.int16)
    bits = np.packbits(grey[:, 1:] > grey[:, :-1])
    return int.from_bytes(bits.tobytes(), "big")


def number_scenes(sources: Sequence[str], hashes: Sequence[int]) -> NDArray[np.intp]:
    """Return each file's scene: files of one source whose hashes are near, joined in chains.

    Args:
        sources: name of each file's source and label.
        hashes: of each file, as ``scene_hash`` gives them.
    """
    parent = np.arange(len(hashes))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = int(parent[index])
        return index

    for a, b in near_pairs(sources, hashes):
        parent[root(b)] = root(a)
    return np.array([root(i) for i in range(len(hashes))], np.intp)


def near_pairs(sources: Sequence[str], hashes: Sequence[int]) -> list[tuple[int, int]]:
    """Return pairs of files of one source whose hashes differ in at most ``SAME_BITS``."""
    names, bits = np.array(sources), np.array(hashes, np.uint64)
    pairs: list[tuple[int, int]] = []
    for name in np.unique(names):
        rows = np.flatnonzero(names == name)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            apart = np.bitwise_count(bits[some][:, None] ^ bits[rows][None])
            for i, j in zip(*np.nonzero(apart <= SAME_BITS), strict=True):
                if some[i] < rows[j]:
                    pairs.append((int(some[i]), int(rows[j])))
    return pairs
