"""Opens one ONNX file: hash, shapes, the provider asked for, and what may not be in it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import onnxruntime as ort

from inspector.adapters.onnx.faults import RUNTIME_ERRORS, short_reason
from inspector.adapters.onnx.providers import CPU, DML, provider_options
from inspector.domain.detector import OutputRole, ViewOutput, ViewSpec
from inspector.domain.errors import ModelError

GRAPH_BYTES = 2 << 30
"""Protocol buffers hold no more; larger graphs keep data outside, which is refused."""

_FATAL_ONLY = 4

_RANKS = {
    OutputRole.IMAGE_SCORE: (1, 2, 3, 4),
    OutputRole.PATCH_MAP: (3, 4),
    OutputRole.FEATURES: (2,),
}


@dataclass(frozen=True, slots=True)
class OpenGraph:
    """A session, and what a provider said where it refused to start; the CPU runs it then."""

    session: ort.InferenceSession
    refused: str | None = None


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


def open_graph(data: bytes, view: ViewSpec, providers: Sequence[str] = ()) -> OpenGraph:
    """Return a session on the first provider that starts; the CPU comes last.

    A graph from bytes has no folder, so data outside it cannot be read; custom operators are
    unknown to the runtime, since no library is registered.

    Raises:
        ModelError: the graph cannot be run, or its inputs or outputs are not the card's.
    """
    ort.set_default_logger_severity(_FATAL_ONLY)  # red lines of a provider that cannot start
    refused: str | None = None
    try:
        session = _session(data, providers)
    except RUNTIME_ERRORS as error:
        if not providers:
            raise ModelError(_cannot_run(view, error)) from error
        refused = short_reason(error)
        try:
            session = _session(data, ())
        except RUNTIME_ERRORS as second:
            raise ModelError(_cannot_run(view, second)) from second
    check_ports(session, view)
    return OpenGraph(session, refused)


def _session(data: bytes, providers: Sequence[str]) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1  # N callers on one session beat threads within one call
    options.inter_op_num_threads = 1
    options.log_severity_level = _FATAL_ONLY  # the provider really got is checked instead
    if DML in providers:
        options.enable_mem_pattern = False  # DirectML takes no session that has it
    if providers:
        options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
    wanted = [(provider, provider_options(provider)) for provider in (*providers, CPU)]
    # Its own fallback prints on stdout, at opening and in the midst of a run.
    session = ort.InferenceSession(data, options, providers=wanted, enable_fallback=0)
    session._model_bytes = None  # kept only for that fallback, as large as the file
    return session


def share_on(session: ort.InferenceSession, provider: str) -> float | None:
    """Return the share of a graph's nodes that a provider took, [0, 1]; None where unknown."""
    if not hasattr(session, "get_provider_graph_assignment_info"):
        return None
    try:
        parts = session.get_provider_graph_assignment_info()
    except RUNTIME_ERRORS:  # nothing was recorded
        return None
    counts = {True: 0, False: 0}
    for part in parts:
        counts[part.ep_name == provider] += len(part.get_nodes())
    total = sum(counts.values())
    return counts[True] / total if total else None


def _cannot_run(view: ViewSpec, error: Exception) -> str:
    return f"The detector's file {view.file} cannot be run: {short_reason(error)}."


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
