"""Which CUDA there is and which is needed, and its libraries, loaded without a word on stdout."""

import contextlib
import ctypes
import io
import sys
from dataclasses import dataclass
from functools import cache

import onnxruntime as ort

WINDOWS = sys.platform == "win32"

CUDNN_MAJOR = 9
"""The cuDNN that every build since ONNX Runtime 1.19 was made for."""

_KNOWN_MAJORS = (14, 13, 12, 11)
"""CUDA releases looked for, to say what was found where the needed one was not."""


@dataclass(frozen=True, slots=True)
class CudaFacts:
    """What stands on this machine; versions are such as "13.0", None where there is none.

    Attributes:
        needed: the CUDA that this build of ONNX Runtime was made for; None for a build without.
        driver: the highest CUDA that the NVIDIA driver takes.
        runtime: the CUDA runtime that was found, of the needed release where there are several.
        cudnn: the cuDNN that was found.
        missing: libraries that the provider is linked to and that cannot be loaded.
    """

    needed: str | None
    driver: str | None
    runtime: str | None
    cudnn: str | None
    missing: tuple[str, ...]


def driver_present() -> bool:
    """Return whether an NVIDIA driver is installed; without one, asking for CUDA only costs."""
    return _library("nvcuda.dll" if WINDOWS else "libcuda.so.1") is not None


@cache
def preload_libraries() -> None:
    """Load CUDA's libraries from Python packages, where they are installed.

    The runtime prints what it misses on stdout, which carries data only; ``cuda_facts`` looks
    for itself, and whether the device was really got is read from the session afterwards.
    """
    if hasattr(ort, "preload_dlls"):
        with contextlib.redirect_stdout(io.StringIO()):
            ort.preload_dlls()


def cuda_facts() -> CudaFacts:
    """Look for the driver and the libraries; what is found stays loaded."""
    preload_libraries()
    needed = str(getattr(ort, "cuda_version", "") or "") or None
    major = int(needed.partition(".")[0]) if needed else _KNOWN_MAJORS[0]
    names = _runtime_names(major) if needed else ()
    return CudaFacts(
        needed=needed,
        driver=_cuda_version("nvcuda.dll" if WINDOWS else "libcuda.so.1", "cuDriverGetVersion"),
        runtime=_found_runtime(major),
        cudnn=_found_cudnn(),
        missing=tuple(name for name in names if _library(name) is None),
    )


def why_no_cuda(facts: CudaFacts) -> str:
    """Return one sentence on why no session runs on CUDA: what is needed, and what was found."""
    here = f"ONNX Runtime {ort.__version__}"
    if facts.needed is None:
        return f"This build of {here} is made without CUDA."
    if facts.driver is None:
        return f"There is no NVIDIA driver, and {here} needs one for CUDA {facts.needed}."
    if _major(facts.driver) < _major(facts.needed):
        return (
            f"{here} needs CUDA {facts.needed}, and the NVIDIA driver takes CUDA {facts.driver} "
            "at most: install a newer driver, or a build of ONNX Runtime for that CUDA."
        )
    needs = f"{here} needs CUDA {facts.needed} and cuDNN {CUDNN_MAJOR}"
    runtime = f"CUDA {facts.runtime}" if facts.runtime else "no CUDA"
    cudnn = f"cuDNN {facts.cudnn}" if facts.cudnn else "no cuDNN"
    if facts.missing or facts.cudnn is None:
        lacking = f" (missing: {', '.join(facts.missing)})" if facts.missing else ""
        return f"{needs}; found were {runtime} and {cudnn}{lacking}: install inspector[cuda]."
    return f"{needs}, which are here ({runtime}, {cudnn}), and yet its session did not start."


def cuda_words(facts: CudaFacts) -> dict[str, str]:
    """Return what is needed and what was found, for people."""
    return {
        "CUDA needed": facts.needed or "none: this build is made without",
        "NVIDIA driver": f"takes CUDA {facts.driver} at most" if facts.driver else "none",
        "CUDA found": facts.runtime or "none",
        "cuDNN found": facts.cudnn or "none",
    }


def _runtime_names(major: int) -> tuple[str, ...]:
    """Return the libraries that the CUDA provider of a build for CUDA ``major`` is linked to."""
    if WINDOWS:
        return (f"cudart64_{major}.dll", f"cublas64_{major}.dll", f"cublasLt64_{major}.dll")
    versioned = (f"lib{name}.so.{major}" for name in ("cudart", "cublas", "cublasLt"))
    return (*versioned, "libcurand.so.10")


def _found_runtime(major: int) -> str | None:
    for candidate in (major, *_KNOWN_MAJORS):
        name = _runtime_names(candidate)[0]
        if not WINDOWS and candidate < 12:
            name += ".0"
        if (version := _cuda_version(name, "cudaRuntimeGetVersion")) is not None:
            return version
    return None


def _found_cudnn() -> str | None:
    for major in (CUDNN_MAJOR, CUDNN_MAJOR - 1):
        library = _library(f"cudnn64_{major}.dll" if WINDOWS else f"libcudnn.so.{major}")
        if library is not None:
            library.cudnnGetVersion.restype = ctypes.c_size_t
            return _cudnn_words(library.cudnnGetVersion())
    return None


def _cudnn_words(number: int) -> str:
    """Return "9.10.2" for 91002 and "8.9.7" for 8907, the two ways in which cuDNN counts."""
    base = 10_000 if number >= 10_000 else 1000
    return f"{number // base}.{number % base // 100}.{number % 100}"


def _cuda_version(library: str, function: str) -> str | None:
    loaded = _library(library)
    number = ctypes.c_int()
    if loaded is None or getattr(loaded, function)(ctypes.byref(number)) != 0:
        return None
    return f"{number.value // 1000}.{number.value % 1000 // 10}"


def _library(name: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def _major(version: str) -> int:
    return int(version.partition(".")[0])
