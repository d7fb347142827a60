"""Landlock by raw system calls: nothing is written, executed or connected to any more."""

import ctypes
import os

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_VERSION_FLAG = 1
_PR_SET_NO_NEW_PRIVS = 38

_EXECUTE = 1 << 0
_WRITE_FILE = 1 << 1
_REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
_REFER = 1 << 13
_TRUNCATE = 1 << 14
_IOCTL_DEVICE = 1 << 15
_BIND_AND_CONNECT = 0b11
_SCOPES = 0b11  # abstract sockets, signals


class _Attributes(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


def forbid_writing() -> None:
    """Give up every right that Landlock of this kernel handles, except reading.

    A ruleset without rules denies what it handles, everywhere. Descriptors that are open
    already keep their rights.

    Raises:
        OSError: the kernel has no Landlock, or does not let this process use it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)
    if version < 1:
        raise OSError(ctypes.get_errno(), "the kernel has no Landlock")
    rights = _EXECUTE | _WRITE_FILE | _REMOVE_AND_MAKE
    rights |= (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    rights |= _IOCTL_DEVICE if version >= 5 else 0
    attributes = _Attributes(
        rights, _BIND_AND_CONNECT if version >= 4 else 0, _SCOPES if version >= 6 else 0
    )
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(attributes), size, 0)
    if ruleset < 0:
        raise _error("the ruleset was refused")
    try:
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise _error("privileges cannot be given up")
        if libc.syscall(_RESTRICT_SELF, ruleset, 0) != 0:
            raise _error("the restriction was refused")
    finally:
        os.close(ruleset)


def _error(what: str) -> OSError:
    code = ctypes.get_errno()
    return OSError(code, f"{what} ({os.strerror(code)})")
