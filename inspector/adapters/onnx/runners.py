"""Runs one view's tensors on a device: plainly, or from buffers kept on it."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inspector.adapters.onnx.faults import RUN_ERRORS, device_error

Tensor = NDArray[np.generic]
Outputs = tuple[NDArray[np.generic], ...]

KEPT_BUFFERS = 12
"""Pairs of buffers a view keeps; a batch has a power of two of pictures, and few shapes come."""


class Runner(Protocol):
    """Runs tensors of one shape as one batch; called by one thread alone."""

    def run(self, tensors: Sequence[Tensor]) -> Outputs:
        """Return each output for all pictures of all tensors, in order.

        Raises:
            DeviceFullError: they do not fit on the device.
            DeviceFaultError: the run failed.
        """

    def forget(self) -> None:
        """Let go of what is kept on the device."""


class PlainRunner:
    """Hands each batch to the session, which copies it to the device itself."""

    def __init__(self, session: ort.InferenceSession, name: str, outputs: Sequence[str]) -> None:
        self._session = session
        self._name = name
        self._outputs = list(outputs)

    def run(self, tensors: Sequence[Tensor]) -> Outputs:
        whole = tensors[0] if len(tensors) == 1 else np.concatenate(tensors)
        try:
            values = self._session.run(self._outputs, {self._name: whole})
        except RUN_ERRORS as error:
            raise device_error(error) from error
        return tuple(np.asarray(value) for value in values)

    def forget(self) -> None:
        """Nothing is kept."""


class BoundRunner:
    """Keeps a staging buffer and one on the device for each shape, and binds it to the graph.

    A batch is filled up to a power of two, so that few shapes are ever allocated or tuned for;
    what the filling gives is thrown away. ``device`` is "cuda"; "cpu" runs the same way and
    needs no GPU.
    """

    def __init__(
        self, session: ort.InferenceSession, name: str, outputs: Sequence[str], device: str
    ) -> None:
        self._session = session
        self._name = name
        self._outputs = list(outputs)
        self._device = device
        self._kept: OrderedDict[tuple[int, ...], _Pair] = OrderedDict()

    def run(self, tensors: Sequence[Tensor]) -> Outputs:
        count = sum(len(tensor) for tensor in tensors)
        try:
            pair = self._pair((power_of_two(count), *tensors[0].shape[1:]), tensors[0].dtype)
            np.concatenate(tensors, out=pair.staging[:count])
            pair.on_device.update_inplace(pair.staging)
            binding = self._session.io_binding()
            binding.bind_ortvalue_input(self._name, pair.on_device)
            for output in self._outputs:
                binding.bind_output(output)  # a few numbers a picture, copied by the run
            self._session.run_with_iobinding(binding)
            values = binding.copy_outputs_to_cpu()
        except RUN_ERRORS as error:
            raise device_error(error) from error
        return tuple(np.atleast_1d(np.asarray(value))[:count] for value in values)

    def forget(self) -> None:
        self._kept.clear()

    def _pair(self, shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> "_Pair":
        if shape in self._kept:
            self._kept.move_to_end(shape)
        else:
            while len(self._kept) >= KEPT_BUFFERS:
                self._kept.popitem(last=False)
            self._kept[shape] = _Pair(shape, dtype, self._device)
        return self._kept[shape]


class _Pair:
    """Memory for one batch here and on the device."""

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[np.generic], device: str) -> None:
        self.staging = np.zeros(shape, dtype)
        self.on_device = ort.OrtValue.ortvalue_from_shape_and_type(shape, dtype.type, device)


def power_of_two(count: int) -> int:
    """Return the smallest power of two that is no smaller."""
    return 1 << (count - 1).bit_length()
