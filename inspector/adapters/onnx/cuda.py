"""Whether CUDA can be had here at all, and its libraries, loaded without a word on stdout."""

import contextlib
import ctypes
import io
import sys

import onnxruntime as ort


def driver_present() -> bool:
    """Return whether an NVIDIA driver is installed; without one, asking for CUDA only costs."""
    library = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def preload_libraries() -> None:
    """Load CUDA's libraries from Python packages, where they are installed.

    The runtime prints what it misses on stdout, which carries data only; whether the device
    was really got is read from the session afterwards.
    """
    if hasattr(ort, "preload_dlls"):
        with contextlib.redirect_stdout(io.StringIO()):
            ort.preload_dlls()
