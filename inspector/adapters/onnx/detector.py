"""A detector from its folder: sessions on the device really got, run by any number of threads."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inspector.adapters.onnx.batching import Batcher, Outputs
from inspector.adapters.onnx.card import read_card
from inspector.adapters.onnx.cuda import preload_libraries
from inspector.adapters.onnx.graph import (
    CPU,
    RUNTIME_ERRORS,
    Wanted,
    check_ports,
    choose_provider,
    open_graph,
    read_graph,
)
from inspector.adapters.onnx.outputs import (
    feature_rows,
    head_logits,
    image_logits,
    map_logits,
)
from inspector.adapters.onnx.pixels import TensorMaker
from inspector.domain.detector import (
    DetectorSpec,
    DeviceReport,
    OutputRole,
    SizePolicy,
    ViewOutput,
    ViewSpec,
)
from inspector.domain.errors import ModelError
from inspector.ports import ViewResult

GPU_BATCH = 32
SELF_TEST_RUNS = 3


class OnnxDetector:
    """Owns one session per file. ``run`` may be called by many threads.

    On a CPU every caller runs the shared session itself, one thread a call. On any other device
    one batching thread owns the sessions.
    """

    def __init__(
        self,
        spec: DetectorSpec,
        graphs: Mapping[str, bytes],
        wanted: Wanted,
        *,
        with_features: bool = False,
    ) -> None:
        self._spec = spec
        self._views = {view.name: view for view in spec.views}
        self._sessions = _open_sessions(spec, graphs, wanted.provider)
        self._makers = {view.name: TensorMaker(view.input) for view in spec.views}
        self._outputs = {view.name: _needed(view, with_features) for view in spec.views}
        self._with_features = with_features
        provider = _provider_in_force(self._sessions.values())
        self._batcher = None if provider == CPU else Batcher(self._run_session, GPU_BATCH)
        self._closed = False
        speed = self._self_test()
        self._device = DeviceReport(
            wanted.device, provider, _fallback(wanted, provider), tiles_per_s=speed
        )

    @property
    def spec(self) -> DetectorSpec:
        return self._spec

    @property
    def device(self) -> DeviceReport:
        return self._device

    def run(self, view: str, batch: NDArray[np.uint8]) -> ViewResult:
        """Score sRGB pixels of one view, uint8 (n, height, width, 3).

        Raises:
            ModelError: the output has the wrong shape, is not finite or is out of range.
        """
        if self._closed:
            raise ModelError("The detector was closed.")
        if self._batcher is None:
            values = self._run_session(view, batch)
        else:
            values = self._batcher.run(view, batch)
        return _result(self._outputs[view], values, batch.shape, self._with_features)

    def close(self) -> None:
        """End the batching thread and let the sessions go; calls after it raise ModelError."""
        self._closed = True
        if self._batcher is not None:
            self._batcher.close()

    def _run_session(self, view: str, batch: NDArray[np.uint8]) -> Outputs:
        tensor = self._makers[view].tensor(batch)
        feed = {self._views[view].input.name: tensor}
        try:
            values = self._sessions[view].run([o.name for o in self._outputs[view]], feed)
        except RUNTIME_ERRORS as error:
            reason = str(error).splitlines()[0]
            raise ModelError(f"The detector's view {view} failed: {reason}.") from error
        return tuple(np.asarray(value) for value in values)

    def _self_test(self) -> float:
        """Run the view of the map, or the first, on noise; return pictures or tiles a second."""
        view = self._spec.map_view or self._spec.views[0]
        side = _test_side(view)
        shape = (1, side, side, 3)
        noise = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
        self.run(view.name, noise)
        started = perf_counter()
        for _ in range(SELF_TEST_RUNS):
            self.run(view.name, noise)
        return SELF_TEST_RUNS / (perf_counter() - started)


def load_detector(
    folder: Path, device: str = "auto", *, with_features: bool = False
) -> OnnxDetector:
    """Read, check and open a detector's folder on a device.

    Args:
        device: "auto", "cpu", "cuda", "directml", "coreml", "openvino", "rocm", ...; where it
            cannot be had, the CPU runs and ``OnnxDetector.device`` says why.
        with_features: give the features of views that have them beside their scores.

    Raises:
        ModelError: card or file is missing or wrong, or the graph does not give what it should.
    """
    spec = read_card(folder)
    wanted = choose_provider(device)
    if wanted.provider != CPU:
        preload_libraries()
    graphs = {view.file: read_graph(folder, view) for view in spec.views}
    return OnnxDetector(spec, graphs, wanted, with_features=with_features)


def _open_sessions(
    spec: DetectorSpec, graphs: Mapping[str, bytes], provider: str
) -> dict[str, ort.InferenceSession]:
    """Return a session for each view; views of one file share it, and so its memory."""
    opened: dict[str, ort.InferenceSession] = {}
    for view in spec.views:
        if view.file in opened:
            check_ports(opened[view.file], view)
        else:
            opened[view.file] = open_graph(graphs[view.file], view, provider)
    return {view.name: opened[view.file] for view in spec.views}


def _provider_in_force(sessions: Iterable[ort.InferenceSession]) -> str:
    """Return the device that runs the views: the CPU as soon as one of them fell back."""
    firsts = [session.get_providers()[0] for session in sessions]
    return CPU if CPU in firsts else str(firsts[0])


def _fallback(wanted: Wanted, provider: str) -> str | None:
    if wanted.missing is not None:
        return f"{wanted.missing} The CPU is used."
    if provider == wanted.provider:
        return None
    return (
        f"{wanted.provider} could not start, so the CPU is used; ONNX Runtime {ort.__version__} "
        "needs the CUDA and cuDNN libraries of the version it was built for."
    )


def _test_side(view: ViewSpec) -> int:
    given = view.input
    side = given.resize if given.size_policy is SizePolicy.RESIZE_SHORT else given.size
    return -(-side // given.multiple) * given.multiple


def _needed(view: ViewSpec, with_features: bool) -> list[ViewOutput]:
    """Return the outputs that are computed: features that no head reads only where asked for."""
    found = (view.image_output, view.map_output, view.features_output if with_features else None)
    return list(dict.fromkeys(output for output in found if output is not None))


def _result(
    outputs: Sequence[ViewOutput], values: Outputs, shape: tuple[int, ...], with_features: bool
) -> ViewResult:
    count, height, width = shape[:3]
    logits, cells, features = None, None, None
    for output, value in zip(outputs, values, strict=True):
        match output.role:
            case OutputRole.IMAGE_SCORE:
                logits = image_logits(output, value, count)
            case OutputRole.PATCH_MAP:
                cells = map_logits(output, value, count, height, width)
            case OutputRole.FEATURES:
                features = feature_rows(output, value, count)
                logits = head_logits(output, features) if output.weights else logits
    return ViewResult(logits, cells, features if with_features else None)
