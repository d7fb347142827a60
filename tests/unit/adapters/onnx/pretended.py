"""A device that is none: sessions that run on the CPU and say they do not, and fail on demand."""

from dataclasses import dataclass, field
from threading import Event

import onnxruntime as ort
import pytest

CPU = "CPUExecutionProvider"
DML = "DmlExecutionProvider"
CUDA = "CUDAExecutionProvider"
REAL_SESSION = ort.InferenceSession

FULL = (
    "[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Non-zero status code returned while running "
    "Conv node. Status Message: /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:376 "
    "Failed to allocate memory for requested buffer of size 939524096"
)
LOST = (
    "[ONNXRuntimeError] : 1 : FAIL : /onnxruntime_src/onnxruntime/core/providers/cuda/"
    "cuda_call.cc:129 CUDA failure 700: an illegal memory access was encountered ; GPU=0 ; "
    "hostname=x ; expr=cudaStreamSynchronize(stream);"
)


@dataclass
class PretendedDevice:
    """What the sessions of a pretended device do, and what they were asked.

    Attributes:
        room: most pictures that fit; more run out of memory.
        lost: every run fails; ``lost_after`` so many runs it is lost.
        starts: False where a session silently gets the CPU.
        refuses: what opening a session raises, if anything.
        start_s: what a run costs before its first picture, so that batches pay.
        runs: pictures in each run on the device, in order.
        cpu_runs: the same of sessions that were asked for the CPU alone.
    """

    provider: str
    room: int = 1000
    lost: bool = False
    lost_after: int = 1_000_000
    starts: bool = True
    refuses: str | None = None
    start_s: float = 0.003
    runs: list[int] = field(default_factory=list)
    cpu_runs: list[int] = field(default_factory=list)

    def take(self, count: int) -> None:
        self.runs.append(count)
        if self.lost or len(self.runs) > self.lost_after:
            raise ort.capi.onnxruntime_pybind11_state.Fail(LOST)
        if count > self.room:
            raise ort.capi.onnxruntime_pybind11_state.RuntimeException(FULL)
        Event().wait(self.start_s)


def pretend_device(patch: pytest.MonkeyPatch, provider: str = DML) -> PretendedDevice:
    """Let ONNX Runtime seem to have a device of that provider."""
    device = PretendedDevice(provider)

    class Session(REAL_SESSION):
        def __init__(self, data, options, providers, **more):
            asked = [name for name, _ in providers]
            on_device = provider in asked
            if on_device and device.refuses is not None:
                raise RuntimeError(device.refuses)
            self._pretends = on_device and device.starts
            super().__init__(data, options, providers=[CPU], **more)

        def get_providers(self):
            return [provider, CPU] if self._pretends else [CPU]

        def run(self, outputs, feed, more=None):
            self._count(len(next(iter(feed.values()))))
            return super().run(outputs, feed, more)

        def run_with_iobinding(self, binding, more=None):
            self._count(next(iter(binding._bound_inputs.values())).shape()[0])
            super().run_with_iobinding(binding, more)

        def _count(self, count):
            if self._pretends:
                device.take(count)
            else:
                device.cpu_runs.append(count)

    patch.setattr(ort, "InferenceSession", Session)
    patch.setattr(ort, "get_available_providers", lambda: [provider, CPU])
    patch.setattr("inspector.adapters.onnx.providers.driver_present", lambda: True)
    # Where the runtime keeps buffers for CUDA, plain memory stands in for the card's.
    patch.setattr("inspector.adapters.onnx.detector.BOUND_DEVICES", {CUDA: "cpu"})
    return device
