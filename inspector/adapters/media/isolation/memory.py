"""The parent's watch over a worker's memory, by platform."""

import ctypes
import subprocess
import sys
from ctypes import util
from functools import lru_cache
from typing import Any

from inspector.adapters.media.isolation import windows_job


def resident_bytes(pid: int) -> int | None:
    """Return the resident memory of a process that is its own; None where that is unknown.

    Shared memory does not count: a worker's frames in flight have a budget of their own.
    """
    if sys.platform == "linux":
        found = _linux_resident(pid)
    elif sys.platform == "darwin":
        found = _darwin_resident(pid)
    else:
        found = windows_job.private_bytes(_kernel32(), pid)
    return found


def _linux_resident(pid: int) -> int | None:
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123 - ten times a second
            fields = file.read().split()
    except OSError:
        return None
    return (int(fields[1]) - int(fields[2])) * _PAGE if len(fields) > 2 else None


def cap_memory(process: "subprocess.Popen[bytes]", address_space_bytes: int) -> int | None:
    """On Windows, put the process into a job that limits it and dies with this process.

    Returns:
        a handle for ``let_go``; None elsewhere, and where Windows refused.
    """
    if sys.platform == "win32":
        return windows_job.put_in_job(_kernel32(), int(process._handle), address_space_bytes)
    return None


def let_go(job: int | None) -> None:
    """Close the handle of a job whose process has ended."""
    if job is not None:
        _kernel32().CloseHandle(ctypes.c_void_p(job))


@lru_cache(maxsize=1)
def _kernel32() -> Any:
    return windows_job.kernel32()


def _page_size() -> int:
    if sys.platform == "win32":
        return 4096
    import resource

    return resource.getpagesize()


_PAGE = _page_size()


class _DarwinUsage(ctypes.Structure):
    """``rusage_info_v0`` of libproc."""

    _fields_ = (
        ("uuid", ctypes.c_uint8 * 16),
        ("times", ctypes.c_uint64 * 4),
        ("pageins", ctypes.c_uint64),
        ("wired_size", ctypes.c_uint64),
        ("resident_size", ctypes.c_uint64),
        ("phys_footprint", ctypes.c_uint64),
        ("start_and_exit", ctypes.c_uint64 * 2),
    )


@lru_cache(maxsize=1)
def _libproc() -> Any:
    return ctypes.CDLL(util.find_library("proc") or "/usr/lib/libproc.dylib")


def _darwin_resident(pid: int) -> int | None:
    usage = _DarwinUsage()
    library = _libproc()
    if library.proc_pid_rusage(pid, 0, ctypes.byref(usage)) != 0:
        return None
    return int(usage.phys_footprint)
