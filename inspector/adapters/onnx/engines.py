"""Where a detector's views run: on the CPU by every caller, or on a device by its one owner."""

import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inspector.adapters.onnx.batching import Batcher
from inspector.adapters.onnx.faults import RUN_ERRORS, DeviceFullError, short_reason
from inspector.adapters.onnx.lane import Lane
from inspector.adapters.onnx.pixels import TensorMaker
from inspector.adapters.onnx.providers import CUDA
from inspector.adapters.onnx.runners import BoundRunner, Outputs, PlainRunner, Runner, Tensor
from inspector.adapters.onnx.tuning import Timed, largest_within, tuned
from inspector.domain.detector import SizePolicy, ViewSpec
from inspector.domain.errors import ModelError

BOUND_DEVICES = {CUDA: "cuda"}
"""Providers on whose device Python may keep buffers, and the device's name."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class OpenView:
    """One view with its session, what is asked of it, and what makes its input."""

    spec: ViewSpec
    session: ort.InferenceSession
    outputs: tuple[str, ...]
    maker: TensorMaker

    @property
    def fixed_rows(self) -> int | None:
        """How many pictures the graph takes at once, where it takes no other number."""
        rows = self.session.get_inputs()[0].shape[0]
        return rows if isinstance(rows, int) else None


class Engine(Protocol):
    """Runs views; called by many threads."""

    @property
    def rows(self) -> int:
        """How many pictures run together."""

    def run(self, view: str, pixels: Pixels) -> Outputs:
        """Return a view's outputs for pictures, uint8 (n, h, w, 3).

        Raises:
            ModelError: the graph failed.
            DeviceFullError: the device has no room even for one picture.
            DeviceFaultError: the device, or the graph on it, failed.
        """

    def close(self) -> None: ...


class CpuEngine:
    """Every caller runs the shared session itself, one thread a call."""

    rows = 1

    def __init__(self, views: Mapping[str, OpenView]) -> None:
        self._views = views

    def run(self, view: str, pixels: Pixels) -> Outputs:
        opened = self._views[view]
        feed = {opened.spec.input.name: opened.maker.tensor(pixels)}
        try:
            values = opened.session.run(list(opened.outputs), feed)
        except RUN_ERRORS as error:
            raise ModelError(
                f"The detector's view {view} failed: {short_reason(error)}."
            ) from error
        return tuple(np.asarray(value) for value in values)

    def close(self) -> None:
        """Nothing runs but in its callers."""


class DeviceEngine:
    """Callers make tensors; the device's one owner runs them, in batches tuned at the start."""

    def __init__(self, views: Mapping[str, OpenView], bound: str | None) -> None:
        """Time every view on noise.

        Args:
            bound: the device on which inputs are kept, "cuda"; None for a plain run.

        Raises:
            DeviceFullError: not even one picture fits on the device.
            DeviceFaultError: the first runs failed.
            ModelError: an output is not one row a picture.
        """
        self._views = views
        self._owner = _OWNER.borrow()
        self._lanes: dict[str, Lane] = {}
        self._open = True
        with ExitStack() as undo:
            undo.callback(self.close)
            self.speeds = {name: self._tune(name, view, bound) for name, view in views.items()}
            undo.pop_all()

    @property
    def rows(self) -> int:
        return max(lane.rows for lane in self._lanes.values())

    def run(self, view: str, pixels: Pixels) -> Outputs:
        return self._owner.run(self._lanes[view], self._views[view].maker.tensor(pixels))

    def close(self) -> None:
        if self._open:
            self._open = False
            _OWNER.give_back()

    def _tune(self, name: str, view: OpenView, bound: str | None) -> Timed:
        side = natural_side(view.spec)
        lane = Lane(name, _runner(view, bound), side)
        self._lanes[name] = lane

        def run(tensor: Tensor) -> Outputs:
            lane.rows = len(tensor)
            outputs = self._owner.run(lane, tensor)
            if lane.rows < len(tensor):
                raise DeviceFullError(f"{len(tensor)} pictures do not fit together.")
            return outputs

        maker = TensorMaker(view.spec.input)  # its large buffer goes with it
        most = view.fixed_rows or largest_within(maker.tensor(noise(1, side)))
        timed = tuned(run, maker.tensor(noise(most, side)))
        lane.rows = timed.rows
        return timed


def natural_side(view: ViewSpec) -> int:
    """Return the side of a square picture that a view takes, in pixels."""
    given = view.input
    side = given.resize if given.size_policy is SizePolicy.RESIZE_SHORT else given.size
    return -(-side // given.multiple) * given.multiple


def noise(count: int, side: int) -> Pixels:
    """Return pictures of noise of unlike brightness, uint8 (count, side, side, 3)."""
    generator = np.random.default_rng(0)
    shape = (count, side, side, 3)
    level = generator.integers(64, 256, (count, 1, 1, 1), np.uint16)
    return np.asarray(generator.integers(0, 256, shape, np.uint8) * level // 255, np.uint8)


def _runner(view: OpenView, bound: str | None) -> Runner:
    if bound is None:
        return PlainRunner(view.session, view.spec.input.name, view.outputs)
    return BoundRunner(view.session, view.spec.input.name, view.outputs, bound)


class _SharedOwner:
    """The one owner of the device; detectors loaded beside each other borrow it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._batcher: Batcher | None = None
        self._borrowers = 0

    def borrow(self) -> Batcher:
        with self._lock:
            if self._batcher is None:
                self._batcher = Batcher()
            self._borrowers += 1
            return self._batcher

    def give_back(self) -> None:
        """The last to give it back waits for its end."""
        with self._lock:
            self._borrowers -= 1
            if self._borrowers == 0 and self._batcher is not None:
                self._batcher.close()
                self._batcher = None


_OWNER = _SharedOwner()
