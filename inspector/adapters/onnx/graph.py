"""Opens one ONNX file: hash, shapes, the device really got, and what may not be in it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import onnxruntime as ort

from inspector.adapters.onnx.cuda import driver_present
from inspector.domain.detector import OutputRole, ViewOutput, ViewSpec
from inspector.domain.errors import ModelError

CPU = "CPUExecutionProvider"
GRAPH_BYTES = 2 << 30
"""Protocol buffers hold no more; larger graphs keep data outside, which is refused."""

_PROVIDERS = {
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "rocm": "ROCMExecutionProvider",
    "migraphx": "MIGraphXExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
}
_AUTO = ("cuda", "directml")
"""What "auto" tries; the others need a user's word, since they are seldom installed whole."""

_FATAL_ONLY = 4

_RANKS = {
    OutputRole.IMAGE_SCORE: (1, 2, 3, 4),
    OutputRole.PATCH_MAP: (3, 4),
    OutputRole.FEATURES: (2,),
}


def _runtime_errors() -> tuple[type[Exception], ...]:
    """Return ONNX Runtime's own exceptions, which share no base class below Exception."""
    state = ort.capi.onnxruntime_pybind11_state
    names = (
        "Fail",
        "InvalidArgument",
        "InvalidGraph",
        "InvalidProtobuf",
        "NoSuchFile",
        "NotImplemented",
        "RuntimeException",
        "EPFail",
        "NoModel",
        "EngineError",
    )
    own = tuple(getattr(state, name) for name in names if hasattr(state, name))
    return (RuntimeError, ValueError, *own)


RUNTIME_ERRORS = _runtime_errors()
"""What opening or running a session may raise."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A device by the user's word, and the provider that stands for it on this machine."""

    device: str
    provider: str
    missing: str | None = None  # one sentence where the provider is not in this build


def choose_provider(device: str) -> Wanted:
    """Return which provider to ask for; a missing one becomes the CPU, and says so.

    Raises:
        ModelError: no device has that name.
    """
    built_in = ort.get_available_providers()
    if device == "cpu":
        return Wanted(device, CPU)
    if device == "auto":
        usable = [d for d in _AUTO if _PROVIDERS[d] in built_in]
        if "cuda" in usable and not driver_present():
            usable.remove("cuda")
        return Wanted(device, _PROVIDERS[usable[0]] if usable else CPU)
    if device not in _PROVIDERS:
        known = ", ".join(["auto", "cpu", *_PROVIDERS])
        raise ModelError(f"There is no device {device}; known are {known}.")
    provider = _PROVIDERS[device]
    if provider in built_in:
        return Wanted(device, provider)
    return Wanted(device, CPU, f"This build of ONNX Runtime {ort.__version__} has no {provider}.")


def accelerator_in_sight(device: str) -> bool:
    """Return whether asking for a device could give anything but the CPU; costs next to nothing.

    Raises:
        ModelError: no device has that name.
    """
    return choose_provider(device).provider != CPU


def read_graph(folder: Path, view: ViewSpec) -> bytes:
    """Return the bytes of a view's file, whose hash the card pins.

    The very bytes that were hashed are handed to the runtime, so the file cannot change between.

    Raises:
        ModelError: the file is missing, too large, or not the one the card names.
    """
    file = folder / view.file
    try:
        if file.stat().st_size > GRAPH_BYTES:
            raise ModelError(f"The detector's file {file} is larger than an ONNX file can be.")
        data = file.read_bytes()
    except OSError as error:
        raise ModelError(f"The detector's file {file} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(data).hexdigest() != view.sha256:
        raise ModelError(f"The detector's file {file} is not the one its card names.")
    return data


def open_graph(data: bytes, view: ViewSpec, provider: str) -> ort.InferenceSession:
    """Return a session on ``provider``, or on the CPU where the runtime falls back silently.

    A graph from bytes has no folder, so data outside it cannot be read; custom operators are
    unknown to the runtime, since no library is registered.

    Raises:
        ModelError: the graph cannot be run, or its inputs or outputs are not the card's.
    """
    ort.set_default_logger_severity(_FATAL_ONLY)  # red lines of a provider that cannot start
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1  # N callers on one session beat threads within one call
    options.inter_op_num_threads = 1
    options.log_severity_level = _FATAL_ONLY  # the provider really got is checked instead
    providers = [provider] if provider == CPU else [provider, CPU]
    try:
        session = ort.InferenceSession(data, options, providers=providers)
    except RUNTIME_ERRORS as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"The detector's file {view.file} cannot be run: {reason}.") from error
    check_ports(session, view)
    return session


def check_ports(session: ort.InferenceSession, view: ViewSpec) -> None:
    """Compare a session's inputs and outputs with what a view's card says of them.

    Raises:
        ModelError: they differ.
    """
    inputs, outputs = session.get_inputs(), {o.name: o for o in session.get_outputs()}
    if len(inputs) != 1 or inputs[0].name != view.input.name:
        raise ModelError(f"{view.file} must have the one input {view.input.name}.")
    if inputs[0].type != {"float32": "tensor(float)", "uint8": "tensor(uint8)"}[view.input.dtype]:
        raise ModelError(f"{view.file} takes {inputs[0].type}, not {view.input.dtype}.")
    if len(inputs[0].shape) != 4:
        raise ModelError(f"{view.file} takes {len(inputs[0].shape)} dimensions, not 4.")
    for output in view.outputs:
        if output.name not in outputs:
            raise ModelError(f"{view.file} has no output {output.name}.")
        rank = len(outputs[output.name].shape)
        if rank and rank not in _RANKS[output.role]:
            raise ModelError(f"{view.file}: the output {output.name} has {rank} dimensions.")
        if output.role is OutputRole.FEATURES:
            _check_width(outputs[output.name].shape, output, view)


def _check_width(shape: list[object], output: ViewOutput, view: ViewSpec) -> None:
    width = shape[-1] if shape else None
    if output.weights and isinstance(width, int) and width != len(output.weights):
        raise ModelError(
            f"{view.file}: the output {output.name} has {width} features, and its card has "
            f"{len(output.weights)} weights."
        )
