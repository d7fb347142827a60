"""Which pictures are held out together when a head is measured, so that none was ever seen."""

import numpy as np
from numpy.typing import NDArray

from inspector.domain.teaching import LabelledPictures

FOLDS = 5


def grouped(own: LabelledPictures) -> NDArray[np.intp]:
    """Return the group of each of a user's pictures; groups are never split apart.

    Folders are groups, those of one name in both labels the same one. A label of one folder
    alone falls into scenes. Groups that share a scene are one in the end.

    Args:
        own: the user's pictures; ``group`` is the number of each picture's scene.
    """
    unit = own.group + len(own.sources)
    for label in (False, True):
        rows = own.synthetic == label
        if np.unique(own.source[rows]).size > 1:
            unit[rows] = own.source[rows]
    return _joined(unit, own.group)


def by_folder(own: LabelledPictures) -> bool:
    """Return whether both labels came in several folders, so that whole folders are held out."""
    return all(np.unique(own.source[own.synthetic == label]).size > 1 for label in (False, True))


def spread_over_folds(pictures: LabelledPictures) -> NDArray[np.intp]:
    """Return the fold of each picture: whole groups, the largest first, both labels even.

    There are ``FOLDS`` of them, some empty where there are fewer groups.
    """
    _, group = np.unique(pictures.group, return_inverse=True)
    counts = np.stack(
        [np.bincount(group, pictures.synthetic == label) for label in (False, True)], axis=1
    )
    totals = np.zeros((FOLDS, 2))
    fold_of = np.zeros(len(counts), np.intp)
    for number in np.argsort(-counts.sum(axis=1), kind="stable"):
        count = counts[number]
        heavier = int(count[1] >= count[0])
        fold = min(range(FOLDS), key=lambda n: (totals[n, heavier], totals[n].sum(), n))
        totals[fold] += count
        fold_of[number] = fold
    return fold_of[group]


def _joined(unit: NDArray[np.intp], scene: NDArray[np.intp]) -> NDArray[np.intp]:
    """Join units that share a scene, in chains; return the first unit of each row's chain."""
    group = unit.copy()
    while True:
        before = group.copy()
        for shared in (scene, unit):
            _, number = np.unique(shared, return_inverse=True)
            lowest = np.full(number.max() + 1, np.iinfo(np.intp).max)
            np.minimum.at(lowest, number, group)
            group = lowest[number]
        if (group == before).all():
            return group
