"""A decode worker whose readers of evidence do harm, as asked by the name of the file.

Run as ``worker_entry(module="tests.hostile.misbehaving")``.
"""

import ctypes
import os
import socket
import threading
from collections.abc import Callable, Sequence

from inspector.adapters.media.protocol import WorkerSetup
from inspector.adapters.media.readers import NoReaders
from inspector.adapters.media.worker import run_worker
from inspector.domain.provenance import Provenance


def main(arguments: Sequence[str]) -> None:
    run_worker(WorkerSetup.decoded(arguments[1]), _Misbehaving())


class _Misbehaving(NoReaders):
    def provenance(self, path: str, media_format: str) -> Provenance:
        name = os.path.basename(path)
        for word, act in _ACTS.items():
            if word in name:
                return Provenance(message=act(path))
        return Provenance()


def _segfault(path: str) -> str:
    return str(ctypes.string_at(0))


def _exit(path: str) -> str:
    os._exit(3)


def _hang(path: str) -> str:
    threading.Event().wait()
    return "woke"


def _grow(path: str) -> str:
    hoard = [bytearray(os.urandom(1 << 20)) * 16 for _ in range(20)]
    threading.Event().wait()
    return str(len(hoard))


def _map_all(path: str) -> str:
    return str(len(bytearray(8 << 30)))


def _attempt(act: Callable[[], object]) -> str:
    try:
        act()
    except OSError as error:
        return f"refused: {error.strerror}"
    return "done"


def _connect(path: str) -> str:
    return _attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))


def _write(path: str) -> str:
    return _attempt(lambda: open(f"{path}.written", "wb").close())  # noqa: PTH123


def _overwrite(path: str) -> str:
    return _attempt(lambda: open(path, "r+b").close())  # noqa: PTH123


def _remove(path: str) -> str:
    return _attempt(lambda: os.unlink(path))  # noqa: PTH108


def _touch(path: str) -> str:
    return _attempt(lambda: os.utime(path))


def _fork(path: str) -> str:
    return _attempt(os.fork)


def _execute(path: str) -> str:
    return _attempt(lambda: os.execv("/bin/true", ["true"]))


_ACTS: dict[str, Callable[[str], str]] = {
    "segfault": _segfault,
    "exit": _exit,
    "hang": _hang,
    "grow": _grow,
    "map_all": _map_all,
    "connect": _connect,
    "overwrite": _overwrite,
    "write": _write,
    "remove": _remove,
    "touch": _touch,
    "fork": _fork,
    "execute": _execute,
}
