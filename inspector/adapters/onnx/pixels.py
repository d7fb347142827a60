"""From sRGB bytes to the tensor a graph takes, without needless copies."""

import threading

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import ViewInput

KEPT_SHAPES = 4
"""Buffers kept per thread and view; tiles come in few shapes."""


class TensorMaker:
    """Turns batches into input tensors; each calling thread has buffers of its own.

    The tensor returned stands until the same thread's next call of the same shape.
    """

    def __init__(self, view: ViewInput) -> None:
        self._view = view
        self._own = threading.local()
        scale = np.float32(view.scale)
        std = np.array(view.std, np.float32)
        self._factor = scale / std
        self._shift = -np.array(view.mean, np.float32) / std
        self._plain = bool((self._factor == 1).all() and (self._shift == 0).all())
        # The card's mean and std are in the graph's own channel order.
        self._order = (0, 1, 2) if view.color == "rgb" else (2, 1, 0)

    def tensor(self, batch: NDArray[np.uint8]) -> NDArray[np.generic]:
        """Return the input for uint8 pixels (n, h, w, 3)."""
        count, height, width, _ = batch.shape
        nchw = self._view.layout == "nchw"
        shape = (count, 3, height, width) if nchw else (count, height, width, 3)
        out = self._buffer(shape)
        for number, picture in enumerate(batch):
            for channel, source in enumerate(self._order):
                plane = out[number, channel] if nchw else out[number, :, :, channel]
                self._fill(plane, picture[:, :, source], channel)
        return out

    def _fill(self, plane: NDArray[np.generic], source: NDArray[np.uint8], channel: int) -> None:
        if self._plain:
            np.copyto(plane, source, casting="unsafe")
            return
        np.multiply(source, self._factor[channel], out=plane, casting="unsafe")
        np.add(plane, self._shift[channel], out=plane, casting="unsafe")

    def _buffer(self, shape: tuple[int, ...]) -> NDArray[np.generic]:
        kept: dict[tuple[int, ...], NDArray[np.generic]] = self._own.__dict__.setdefault("kept", {})
        if shape not in kept:
            while len(kept) >= KEPT_SHAPES:
                del kept[next(iter(kept))]
            kept[shape] = np.empty(shape, np.dtype(self._view.dtype))
        return kept[shape]
