"""A whole use of the app, command line and desk, opens no internet socket and asks no proxy."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

from tests.torture.materials import REPOSITORY, tiny_detector
from tests.torture.outcome import Checks, Outcome
from tests.torture.untouched import commands, sample, settings_for

INTERNET = re.compile(r"\bAF_INET6?\b|\bAF_NETLINK\b|\bAF_PACKET\b")

HUSHED = ("ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED", "CI")
"""Variables that would keep a library quiet here, and not where a user runs it."""

_CONTROL = "import socket; socket.socket(socket.AF_INET).close()"


class Proxy:
    """Listens where every proxy variable points, and counts who comes."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def variables(self) -> dict[str, str]:
        url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        names = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy")
        return {name: url for lower in names for name in (lower, lower.upper())}

    def close(self) -> None:
        self._socket.close()

    def _run(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            caller.close()


def run(scratch: Path, *, quick: bool) -> Outcome:
    """Run each command, and the desk, under strace where there is one."""
    checks = Checks("6 no network", "commands")
    media = sample(scratch / "media")
    model = tiny_detector(scratch / "model")
    work = scratch / "work"
    work.mkdir()
    home = scratch / "home"
    settings_for(home, model)
    proxy = Proxy()
    environment = {
        **{name: value for name, value in os.environ.items() if name not in HUSHED},
        **proxy.variables,
        "no_proxy": "",
        "INSPECTOR_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
    }
    app = [sys.executable, "-m", "inspector"]
    every: list[list[str | Path]] = [
        [*app, *words] for words in (["demo", work / "demo"], *commands(media, work, model))
    ]
    every.append([sys.executable, "-m", "tests.torture.desk_run", media, work / "desk lists"])
    tracer = shutil.which("strace")
    if tracer:
        control = [tracer, "-f", "-e", "trace=socket", sys.executable, "-c", _CONTROL]
        seen = subprocess.run(control, capture_output=True, text=True, check=False).stderr
        checks.require(bool(INTERNET.search(seen)), "strace does not see a socket that is made")
    sockets = 0
    for number, words in enumerate([*every[:2], every[-1]] if quick else every):
        log = scratch / f"{number}.trace"
        traced = [tracer, "-f", "-qq", "-e", "trace=socket,connect", "-o", log] if tracer else []
        done = subprocess.run(
            [str(word) for word in (*traced, *words)],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        calls = [line for line in _lines(log) if "socket(" in line or "connect(" in line]
        internet = [line for line in calls if INTERNET.search(line)]
        sockets += len(calls)
        faults = [f"{words[2:4]} made {internet[0][:120]}"] if internet else []
        if done.returncode not in (0, 1):
            faults.append(f"{words[2:4]} ended with {done.returncode}: {done.stderr[-300:]}")
        checks.trial(*faults)
    checks.require(proxy.calls == 0, f"the proxy was asked {proxy.calls} times")
    proxy.close()
    how = f"strace saw {sockets} socket and connect calls in all" if tracer else "no strace here"
    return checks.outcome(f"{how}; a proxy that counts was asked {proxy.calls} times")


def _lines(log: Path) -> list[str]:
    return log.read_text("utf-8", "replace").splitlines() if log.exists() else []
