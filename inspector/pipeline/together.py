"""Pictures run together where a device gains by it, and one by one where it does not."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from inspector.ports import Detector, ViewResult


def run_each(
    detector: Detector, view: str, pictures: Sequence[NDArray[np.uint8]]
) -> Iterator[ViewResult]:
    """Yield the result of each picture, uint8 (h, w, 3), in order.

    Neighbours of one shape go to the detector in one call, at most as many as its device runs
    together: a device whose owner waits for company would else see them one after the other.

    Raises:
        ModelError: the view gave no usable score.
    """
    most = detector.device.batch
    for _, alike in groupby(pictures, key=np.shape):
        same = list(alike)
        for start in range(0, len(same), most):
            together = same[start : start + most]
            result = detector.run(view, np.stack(together))
            for row in range(len(together)):
                yield _row(result, slice(row, row + 1))


def _row(result: ViewResult, row: slice) -> ViewResult:
    parts = (result.logits, result.map_logits, result.features)
    return ViewResult(*(None if part is None else part[row] for part in parts))
