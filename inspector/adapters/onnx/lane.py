"""One view on one device: how many of its pictures run together, and less when memory runs out."""

from collections.abc import Sequence

import numpy as np

from inspector.adapters.onnx.faults import DeviceFullError
from inspector.adapters.onnx.runners import Outputs, Runner, Tensor
from inspector.domain.errors import ModelError


class Lane:
    """Owns a view's runner and the size of its batches. ``run`` is called by one thread alone.

    ``rows`` pictures of ``side`` x ``side`` pixels run together; of larger ones fewer do.
    """

    def __init__(self, name: str, runner: Runner, side: int, rows: int = 1) -> None:
        self.name = name
        self.rows = rows
        self._runner = runner
        self._pixels = side * side

    def most(self, tensor: Tensor) -> int:
        """Return how many pictures of a tensor's shape run together, at least one."""
        # Whatever the layout, three channels stand for each pixel.
        pixels = max(1, int(np.prod(tensor.shape[1:])) // 3)
        return max(1, self.rows * self._pixels // max(pixels, self._pixels))

    def run(self, tensors: Sequence[Tensor]) -> Outputs:
        """Return each output for all pictures, in order; a full device halves what runs together.

        Raises:
            DeviceFullError: not even one picture fits.
            DeviceFaultError: a run failed.
            ModelError: an output is not one row a picture.
        """
        done: list[Outputs] = []
        waiting = list(tensors)
        while waiting:
            chunk, rest = _cut(waiting, self.most(waiting[0]))
            count = sum(len(tensor) for tensor in chunk)
            try:
                done.append(self._rows_of(self._runner.run(chunk), count))
            except DeviceFullError:
                self._runner.forget()
                if count == 1:
                    raise
                while self.rows > 1 and self.most(waiting[0]) > count // 2:
                    self.rows //= 2
                continue
            waiting = rest
        return tuple(np.concatenate(parts) for parts in zip(*done, strict=True))

    def _rows_of(self, outputs: Outputs, count: int) -> Outputs:
        values = tuple(np.atleast_1d(value) for value in outputs)
        if any(len(value) != count for value in values):
            raise ModelError(f"The detector's view {self.name} gives not one row for each picture.")
        return values


def _cut(tensors: list[Tensor], most: int) -> tuple[list[Tensor], list[Tensor]]:
    """Return the first tensors, of at most ``most`` pictures together, and what is left."""
    chunk: list[Tensor] = []
    room = most
    for number, tensor in enumerate(tensors):
        if len(tensor) > room:
            head = [tensor[:room]] if room else []
            return [*chunk, *head], [tensor[room:], *tensors[number + 1 :]]
        chunk.append(tensor)
        room -= len(tensor)
    return chunk, []
