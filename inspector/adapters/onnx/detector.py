"""A detector from its folder: sessions on the device really got, run by any number of threads."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.onnx.card import read_card
from inspector.adapters.onnx.cuda import cuda_facts, preload_libraries, why_no_cuda
from inspector.adapters.onnx.engines import (
    BOUND_DEVICES,
    CpuEngine,
    DeviceEngine,
    Engine,
    OpenView,
    natural_side,
    noise,
)
from inspector.adapters.onnx.faults import DeviceFaultError, DeviceFullError
from inspector.adapters.onnx.graph import (
    OpenGraph,
    check_ports,
    open_graph,
    read_graph,
    share_on,
)
from inspector.adapters.onnx.memory import return_free_memory
from inspector.adapters.onnx.outputs import (
    feature_rows,
    head_logits,
    image_logits,
    map_logits,
)
from inspector.adapters.onnx.pixels import TensorMaker
from inspector.adapters.onnx.providers import CPU, CUDA, TENSORRT, Wanted, choose_provider
from inspector.adapters.onnx.runners import Outputs
from inspector.domain.detector import (
    DetectorSpec,
    DeviceReport,
    OutputRole,
    ViewOutput,
    ViewSpec,
    device_name,
)
from inspector.domain.errors import ModelError
from inspector.ports import ViewResult

SELF_TEST_RUNS = 3


class OnnxDetector:
    """Owns the sessions of one detector, one per file. ``run`` may be called by many threads.

    On a CPU every caller runs the shared session itself. On any other device its one owner runs
    them in batches. A device that fails while it runs is left for the CPU for good, and
    ``device`` says so from then on.
    """

    def __init__(
        self, folder: Path, spec: DetectorSpec, wanted: Wanted, *, with_features: bool = False
    ) -> None:
        self._folder = folder
        self._spec = spec
        self._outputs = {view.name: _needed(view, with_features) for view in spec.views}
        self._with_features = with_features
        self._closed = False
        self._spare: CpuEngine | None = None
        self._changing = threading.Lock()
        self._engine, self._device = self._start(wanted)

    @property
    def spec(self) -> DetectorSpec:
        return self._spec

    @property
    def device(self) -> DeviceReport:
        return replace(self._device, batch=self._engine.rows)

    def run(self, view: str, batch: NDArray[np.uint8]) -> ViewResult:
        """Score sRGB pixels of one view, uint8 (n, height, width, 3).

        Raises:
            ModelError: the output has the wrong shape, is not finite or is out of range.
        """
        if self._closed:
            raise ModelError("The detector was closed.")
        engine = self._engine
        try:
            values = engine.run(view, batch)
        except (DeviceFaultError, DeviceFullError) as fault:
            values = self._run_after(fault, engine, view, batch)
        return self._result(view, values, batch.shape)

    def close(self) -> None:
        """Let the device and the sessions go; calls after it raise ModelError."""
        self._closed = True
        self._engine.close()

    def _start(self, wanted: Wanted) -> tuple[Engine, DeviceReport]:
        """Open the views where they are wanted, else on the CPU, and test that they run."""
        views, refused = self._open_views(wanted.providers)
        provider = _provider_in_force(views)
        failed: str | None = None
        if provider != CPU:
            try:
                return self._start_on_device(wanted, provider, views)
            except (DeviceFaultError, DeviceFullError, ModelError) as fault:
                failed = f"{device_name(provider)} failed its self-test ({_inner(fault)})."
        if wanted.providers:
            views, _ = self._open_views(())  # none of them may hold on to the device
        engine = CpuEngine(views)
        speed = self._self_test(engine)
        reason = failed or _why_not(wanted, refused)
        said = f"{reason} The CPU is used." if reason else None
        return engine, DeviceReport(wanted.device, CPU, said, tiles_per_s=speed)

    def _start_on_device(
        self, wanted: Wanted, provider: str, views: Mapping[str, OpenView]
    ) -> tuple[Engine, DeviceReport]:
        engine = DeviceEngine(views, BOUND_DEVICES.get(provider))
        try:
            self._self_test(engine)
        except (DeviceFaultError, DeviceFullError, ModelError):
            engine.close()
            raise
        said = None
        if provider != wanted.provider:
            said = f"{device_name(wanted.provider)} did not start; {device_name(provider)} is used."
        shares = [share_on(view.session, provider) for view in views.values()]
        return engine, DeviceReport(
            wanted.device,
            provider,
            said,
            tiles_per_s=engine.speeds[self._main_view.name].per_s,
            graph_share=min((share for share in shares if share is not None), default=None),
        )

    def _run_after(
        self,
        fault: DeviceFaultError | DeviceFullError,
        engine: Engine,
        view: str,
        batch: NDArray[np.uint8],
    ) -> Outputs:
        """Run on the CPU what failed on a device, and stay there unless the CPU fails as well."""
        with self._changing:
            if self._engine is engine:
                if self._spare is None:
                    self._spare = CpuEngine(self._open_views(())[0])
                values = self._spare.run(view, batch)  # fails where the graph is at fault
                name = self._device.name
                self._device = DeviceReport(
                    self._device.wanted,
                    CPU,
                    f"{name} failed during the work ({fault}), so the CPU went on.",
                )
                self._engine = self._spare
                engine.close()
                return values
        return self._engine.run(view, batch)

    def _open_views(self, providers: Sequence[str]) -> tuple[dict[str, OpenView], str | None]:
        """Return each view with its session, and what a provider that refused said.

        Views of one file share its session, and so its memory.
        """
        opened: dict[str, OpenGraph] = {}
        views: dict[str, OpenView] = {}
        for view in self._spec.views:
            if view.file in opened:
                check_ports(opened[view.file].session, view)
            else:
                data = read_graph(self._folder, view)
                opened[view.file] = open_graph(data, view, providers)
            names = tuple(output.name for output in self._outputs[view.name])
            session = opened[view.file].session
            views[view.name] = OpenView(view, session, names, TensorMaker(view.input))
        return_free_memory()
        refused = next((graph.refused for graph in opened.values() if graph.refused), None)
        return views, refused

    @property
    def _main_view(self) -> ViewSpec:
        return self._spec.map_view or self._spec.views[0]

    def _self_test(self, engine: Engine) -> float:
        """Run the view of the map, or the first, on noise; return pictures or tiles a second."""
        view = self._main_view
        pixels = noise(1, natural_side(view))
        self._result(view.name, engine.run(view.name, pixels), pixels.shape)
        started = perf_counter()
        for _ in range(SELF_TEST_RUNS):
            engine.run(view.name, pixels)
        return SELF_TEST_RUNS / (perf_counter() - started)

    def _result(self, view: str, values: Outputs, shape: tuple[int, ...]) -> ViewResult:
        return _result(self._outputs[view], values, shape, self._with_features)


def load_detector(
    folder: Path, device: str = "auto", *, with_features: bool = False
) -> OnnxDetector:
    """Read, check and open a detector's folder on a device.

    Args:
        device: "auto", "cpu", "cuda", "dml", "coreml", ... (``providers.DEVICES``); where it
            cannot be had, the CPU runs and ``OnnxDetector.device`` says why.
        with_features: give the features of views that have them beside their scores.

    Raises:
        ModelError: card or file is missing or wrong, or the graph does not give what it should.
    """
    spec = read_card(folder)
    wanted = choose_provider(device)
    if CUDA in wanted.providers:
        preload_libraries()
    return OnnxDetector(folder, spec, wanted, with_features=with_features)


def _provider_in_force(views: Mapping[str, OpenView]) -> str:
    """Return the device that runs the views: the CPU as soon as one of them fell back."""
    firsts = [str(view.session.get_providers()[0]) for view in views.values()]
    return CPU if CPU in firsts else firsts[0]


def _why_not(wanted: Wanted, refused: str | None) -> str | None:
    """Return one sentence on why the CPU runs what was wanted elsewhere."""
    if wanted.missing is not None or not wanted.providers:
        return wanted.missing
    name = device_name(wanted.provider)
    if wanted.provider in (CUDA, TENSORRT):
        said = f" ({refused})" if refused else ""
        return f"{name} did not start{said}: {why_no_cuda(cuda_facts())}"
    return f"{name} did not start{f' ({refused})' if refused else ''}."


def _inner(fault: Exception) -> str:
    return str(fault).rstrip(".")


def _needed(view: ViewSpec, with_features: bool) -> list[ViewOutput]:
    """Return the outputs that are computed: features that no head reads only where asked for."""
    features = view.features_output if with_features else view.head_output
    found = (view.image_output, view.map_output, features)
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
                if output.weights:
                    added = head_logits(output, features)
                    logits = added if logits is None else logits + added
    return ViewResult(logits, cells, features if with_features else None)
