"""Linux: resource limits, then seccomp, then Landlock; all without privileges."""

import ctypes
import os
import resource
import signal
from collections.abc import Callable, Mapping

from inspector.adapters.media.isolation import IN_FORCE
from inspector.adapters.media.isolation.landlock import forbid_writing

_PR_SET_PDEATHSIG = 1
_CLONE_THREAD = 0x10000

_FORBIDDEN = {
    "network": (
        *("socket", "socketpair", "connect", "bind", "listen", "accept", "accept4"),
        *("sendto", "sendmsg", "sendmmsg"),
    ),
    "programs": (
        *("execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv"),
        *("process_vm_writev", "kill", "pidfd_open", "pidfd_send_signal", "setns", "unshare"),
    ),
    "files": (
        *("creat", "unlink", "unlinkat", "rename", "renameat", "renameat2", "mkdir", "mkdirat"),
        *("rmdir", "link", "linkat", "symlink", "symlinkat", "truncate", "mknod", "mknodat"),
        *("chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat"),
        *("utime", "utimes", "utimensat", "futimesat", "setxattr", "lsetxattr", "fsetxattr"),
        *("removexattr", "lremovexattr", "fremovexattr", "mount", "umount2", "pivot_root"),
    ),
    "kernel": (
        *("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "keyctl", "add_key"),
        *("request_key", "kexec_load", "init_module", "finit_module", "delete_module"),
    ),
}
"""System calls that decoding never needs, refused by seccomp."""


def limit(address_space_bytes: int, parent: int) -> Mapping[str, str]:
    """Apply every layer; seccomp goes before Landlock, since the other order fails."""
    layers: dict[str, Callable[[], None]] = {
        "parent death": lambda: _die_with(parent),
        "memory": lambda: _limit_memory(address_space_bytes),
        "seccomp": _forbid_calls,
        "landlock": forbid_writing,
    }
    report: dict[str, str] = {}
    for name, apply in layers.items():
        try:
            apply()
        except (OSError, ImportError, AttributeError, ValueError, RuntimeError) as error:
            report[name] = f"missing: {error}"
        else:
            report[name] = IN_FORCE
    return report


def _die_with(parent: int) -> None:
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(0)


def _limit_memory(address_space_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (address_space_bytes, address_space_bytes))


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _forbid_calls() -> None:
    """Load the filter; it also sets ``no_new_privs``, which Landlock needs."""
    import pyseccomp

    refused = pyseccomp.ERRNO(13)
    unknown = pyseccomp.ERRNO(38)  # ENOSYS: libraries then use the older call
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for calls in _FORBIDDEN.values():
        for call in calls:
            _add(rules, pyseccomp, refused, call)
    for call, argument in (("open", 1), ("openat", 2)):
        for flag in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC):
            _add(
                rules,
                pyseccomp,
                refused,
                call,
                pyseccomp.Arg(argument, pyseccomp.MASKED_EQ, flag, flag),
            )
    for call in ("openat2", "clone3"):
        _add(rules, pyseccomp, unknown, call)
    no_thread = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, 0)
    _add(rules, pyseccomp, refused, "clone", no_thread)
    rules.load()


def _add(rules: object, pyseccomp: object, action: object, call: str, *arguments: object) -> None:
    """Add a rule; calls that this machine's libseccomp does not know are left out."""
    try:
        rules.add_rule(action, call, *arguments)  # type: ignore[attr-defined]
    except (OSError, ValueError, RuntimeError):
        if call in ("socket", "openat", "execve"):
            raise
