"""The limits of macOS and Windows, read against their documentation and run with stand-ins."""

import ctypes
import sys
from types import SimpleNamespace

import pytest

from inspector.adapters.media.isolation import elsewhere, memory, windows_job
from inspector.bootstrap import worker

GIB = 1 << 30


class Kernel:
    """Stands in for ``kernel32``; notes what it was told, and refuses what it is asked to."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.limits = windows_job.ExtendedLimits()
        self.closed: list[int] = []
        self.assigned: list[tuple[int, int]] = []
        self.private = 0

    def CreateJobObjectW(self, attributes, name):
        return 0 if "create" in self.refused else 77

    def SetInformationJobObject(self, job, kind, limits, size):
        assert kind == 9
        assert size.value == ctypes.sizeof(windows_job.ExtendedLimits)
        ctypes.memmove(ctypes.byref(self.limits), limits, size.value)
        return "set" not in self.refused

    def AssignProcessToJobObject(self, job, process):
        self.assigned.append((job.value, process.value))
        return "assign" not in self.refused

    def CloseHandle(self, handle):
        self.closed.append(handle.value)
        return 1

    def OpenProcess(self, rights, inherit, pid):
        return 0 if "open" in self.refused else 55

    def K32GetProcessMemoryInfo(self, process, counters, size):
        counters._obj.PrivateUsage = self.private
        return "memory" not in self.refused


def test_that_a_job_limits_memory_and_processes_and_ends_with_its_parent():
    kernel = Kernel()
    assert windows_job.put_in_job(kernel, 5, 4 * GIB) == 77
    assert kernel.assigned == [(77, 5)]
    assert kernel.limits.Basic.LimitFlags == 0x8 | 0x100 | 0x400 | 0x2000
    assert kernel.limits.Basic.ActiveProcessLimit == 1
    assert kernel.limits.ProcessMemoryLimit == 4 * GIB
    assert kernel.closed == []


@pytest.mark.parametrize(("step", "closed"), [("create", []), ("set", [77]), ("assign", [77])])
def test_that_a_job_that_windows_refuses_leaves_no_handle(step, closed):
    kernel = Kernel(step)
    assert windows_job.put_in_job(kernel, 5, GIB) is None
    assert kernel.closed == closed


def test_that_the_structures_are_as_long_as_windows_wants_them():
    assert ctypes.sizeof(ctypes.c_size_t) == 8
    assert ctypes.sizeof(windows_job.ExtendedLimits) == 144
    assert ctypes.sizeof(windows_job.MemoryCounters) == 80


def test_that_private_memory_is_asked_of_windows_and_the_handle_given_back():
    kernel = Kernel()
    kernel.private = 123_456_789
    assert windows_job.private_bytes(kernel, 4711) == 123_456_789
    assert kernel.closed == [55]
    assert windows_job.private_bytes(Kernel("open"), 4711) is None
    assert windows_job.private_bytes(Kernel("memory"), 4711) is None


def test_that_the_parents_watch_works_the_same_on_every_system(monkeypatch):
    kernel = Kernel()
    kernel.private = 2 * GIB
    monkeypatch.setattr(memory, "_kernel32", lambda: kernel)
    monkeypatch.setattr(memory.sys, "platform", "win32")
    assert memory.resident_bytes(4711) == 2 * GIB

    def usage(pid, flavour, buffer):
        assert flavour == 0
        buffer._obj.phys_footprint = 3 * GIB
        return 0

    monkeypatch.setattr(memory, "_libproc", lambda: SimpleNamespace(proc_pid_rusage=usage))
    monkeypatch.setattr(memory.sys, "platform", "darwin")
    assert memory.resident_bytes(4711) == 3 * GIB
    gone = SimpleNamespace(proc_pid_rusage=lambda *given: -1)
    monkeypatch.setattr(memory, "_libproc", lambda: gone)
    assert memory.resident_bytes(4711) is None


def test_that_the_darwin_structure_is_that_of_its_header():
    assert ctypes.sizeof(memory._DarwinUsage) == 16 + 10 * 8
    assert memory._DarwinUsage.phys_footprint.offset == 16 + 7 * 8


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_that_what_is_missing_elsewhere_is_said(monkeypatch, system):
    monkeypatch.setattr(elsewhere.sys, "platform", system)
    monkeypatch.setattr(elsewhere, "_limit_memory", lambda size: elsewhere.WATCHED)
    monkeypatch.setattr(elsewhere.threading, "Thread", lambda **given: SimpleNamespace(start=int))
    report = elsewhere.limit(4 * GIB, 1)
    assert report["network"].startswith("missing: ")
    assert report["files"].startswith("missing: ")
    assert report["memory"] == "in force by the parent's watch"
    assert report["parent death"].startswith("in force")


def test_that_a_virtual_environments_launcher_is_passed_by_on_windows(monkeypatch):
    monkeypatch.setattr(sys, "_base_executable", "C:\\Python\\python.exe", raising=False)
    assert worker.worker_entry()[0] == sys.executable
    monkeypatch.setattr(sys, "platform", "win32")
    assert worker.worker_entry()[0] == "C:\\Python\\python.exe"
