"""What may go wrong while a session runs: the device is full, the device fails, or the graph."""

import re

import onnxruntime as ort


class DeviceFullError(Exception):
    """The device has no memory left for a batch; a smaller one may fit."""


class DeviceFaultError(Exception):
    """A run failed on a device; whether the device or the graph is at fault a CPU tells."""


_STATE = ort.capi.onnxruntime_pybind11_state


def _own(*names: str) -> tuple[type[Exception], ...]:
    """Return ONNX Runtime's own exceptions, which share no base class below Exception."""
    return tuple(getattr(_STATE, name) for name in names if hasattr(_STATE, name))


RUNTIME_ERRORS: tuple[type[Exception], ...] = (
    RuntimeError,
    ValueError,
    *_own(
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
        "DeviceReset",
    ),
)
"""What opening a session may raise."""

RUN_ERRORS: tuple[type[Exception], ...] = (*RUNTIME_ERRORS, MemoryError)
"""What running one may raise."""

_FULL = (
    "out of memory",  # CUDA failure 2
    "failed to allocate memory",  # the arena, at its limit or at the device's
    "alloc_failed",  # cuBLAS and cuDNN
    "not enough gpu video memory",
    "8007000e",  # DirectML: E_OUTOFMEMORY
    "bad allocation",
    "bad_alloc",
)
"""How the providers say that memory ran out: there is no error code for it."""

REASON_CHARACTERS = 160

_OWN_SOURCE = re.compile(r"^/\S*\.cc:\d+ .*?\) ")
"""File, line and signature with which ONNX Runtime opens its own errors."""


def device_error(error: Exception) -> DeviceFullError | DeviceFaultError:
    """Return what a run's failure on a device means."""
    text = str(error).lower()
    if any(words in text for words in _FULL):
        return DeviceFullError(short_reason(error))
    return DeviceFaultError(short_reason(error))


def short_reason(error: Exception) -> str:
    """Return what a failure says on one line, without the place in ONNX Runtime's own source."""
    said = " ".join(str(error).split()) or type(error).__name__
    said = said.removeprefix("[ONNXRuntimeError] : ")
    said = _OWN_SOURCE.sub("", said)
    for mark in ("CUDA failure", "CUDNN failure", "CUBLAS failure", "Failed to allocate memory"):
        if mark in said:
            said = mark + said.partition(mark)[2]
    said = said.partition(" ; GPU=")[0].partition(" ; hostname=")[0].strip().rstrip(".;:")
    return said if len(said) <= REASON_CHARACTERS else said[: REASON_CHARACTERS - 1] + "…"
