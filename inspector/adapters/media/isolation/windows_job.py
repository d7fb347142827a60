"""Windows: a job object that limits a worker's memory and ends it with its parent.

Written from Microsoft's documentation ("Job Objects", ``JOBOBJECT_EXTENDED_LIMIT_INFORMATION``,
``GetProcessMemoryInfo``) and tested with a stand-in for ``kernel32``; it has never run.
"""

import ctypes
from ctypes import wintypes
from typing import Any

_EXTENDED_LIMITS = 9
_ACTIVE_PROCESS = 0x8
_PROCESS_MEMORY = 0x100
_DIE_ON_UNHANDLED = 0x400
_KILL_ON_CLOSE = 0x2000
_QUERY_LIMITED, _READ_MEMORY = 0x1000, 0x10


class _Basic(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """``JOBOBJECT_EXTENDED_LIMIT_INFORMATION``."""

    _fields_ = (
        ("Basic", _Basic),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class MemoryCounters(ctypes.Structure):
    """``PROCESS_MEMORY_COUNTERS_EX``."""

    _fields_ = (
        ("cb", ctypes.c_uint32),
        ("PageFaultCount", ctypes.c_uint32),
        ("PeakWorkingSetSize", ctypes.c_size_t),
        ("WorkingSetSize", ctypes.c_size_t),
        ("QuotaPeakPagedPoolUsage", ctypes.c_size_t),
        ("QuotaPagedPoolUsage", ctypes.c_size_t),
        ("QuotaPeakNonPagedPoolUsage", ctypes.c_size_t),
        ("QuotaNonPagedPoolUsage", ctypes.c_size_t),
        ("PagefileUsage", ctypes.c_size_t),
        ("PeakPagefileUsage", ctypes.c_size_t),
        ("PrivateUsage", ctypes.c_size_t),
    )


def kernel32() -> Any:
    """Return the system's library with the types of what is called here (Windows)."""
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]
    kernel.CreateJobObjectW.restype = wintypes.HANDLE
    kernel.OpenProcess.restype = wintypes.HANDLE
    return kernel


def put_in_job(kernel: Any, process: int, address_space_bytes: int) -> int | None:
    """Limit a process; return the job's handle, whose closing ends the process.

    Args:
        kernel: ``kernel32``.
        process: handle of the process.
        address_space_bytes: most memory that it may commit.

    Returns:
        None where Windows refused, and then nothing is limited.
    """
    job = kernel.CreateJobObjectW(None, None)
    if not job:
        return None
    limits = ExtendedLimits()
    limits.Basic.LimitFlags = _ACTIVE_PROCESS | _PROCESS_MEMORY | _DIE_ON_UNHANDLED | _KILL_ON_CLOSE
    limits.Basic.ActiveProcessLimit = 1
    limits.ProcessMemoryLimit = address_space_bytes
    size = ctypes.sizeof(limits)
    handle = wintypes.HANDLE(job)
    limited = kernel.SetInformationJobObject(
        handle, _EXTENDED_LIMITS, ctypes.byref(limits), wintypes.DWORD(size)
    )
    if limited and kernel.AssignProcessToJobObject(handle, wintypes.HANDLE(process)):
        return int(job)
    kernel.CloseHandle(handle)
    return None


def private_bytes(kernel: Any, pid: int) -> int | None:
    """Return the memory that is a process's own; None where Windows does not tell."""
    process = kernel.OpenProcess(_QUERY_LIMITED | _READ_MEMORY, False, pid)
    if not process:
        return None
    counters = MemoryCounters(cb=ctypes.sizeof(MemoryCounters))
    handle = wintypes.HANDLE(process)
    try:
        told = kernel.K32GetProcessMemoryInfo(handle, ctypes.byref(counters), counters.cb)
    finally:
        kernel.CloseHandle(handle)
    return int(counters.PrivateUsage) if told else None
