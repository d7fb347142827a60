"""ONNX Runtime tells nobody anything: its telemetry is off before it is first imported."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[4]


def without_a_say() -> dict[str, str]:
    """Return an environment in which nobody has turned telemetry off, CI included."""
    hushed = ("ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED", "CI")
    return {name: value for name, value in os.environ.items() if name not in hushed}


def test_that_telemetry_is_off_before_the_runtime_is_loaded():
    code = (
        "import importlib.abc, os, sys\n"
        "class Watch(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'onnxruntime': print(os.environ.get('ORT_DISABLE_TELEMETRY'))\n"
        "sys.meta_path.insert(0, Watch())\n"
        "import inspector.__main__, inspector.bootstrap.desk\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env=without_a_say(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said == "1\n"


def test_that_only_this_package_loads_the_runtime():
    importing = re.compile(r"^\s*(?:import|from) onnxruntime\b", re.MULTILINE)
    found = {
        path.parent.relative_to(REPOSITORY).as_posix()
        for path in (REPOSITORY / "inspector").rglob("*.py")
        if importing.search(path.read_text("utf-8"))
    }
    assert found == {"inspector/adapters/onnx"}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_that_a_loaded_runtime_opens_no_internet_socket(tmp_path):
    code = (
        "from inspector.adapters.onnx import load_detector\n"
        "from pathlib import Path; from threading import Event\n"
        "from tests.unit.adapters.onnx.graphs import a_model_folder, brightness_graph\n"
        f"load_detector(a_model_folder(Path({str(tmp_path)!r}), brightness_graph()), 'cpu')\n"
        "Event().wait(12)\n"  # it used to come out with it after some seconds
    )
    log = tmp_path / "trace"
    traced = ["strace", "-f", "-qq", "-e", "trace=socket", "-o", str(log)]
    subprocess.run(
        [*traced, sys.executable, "-c", code], cwd=REPOSITORY, env=without_a_say(), check=True
    )
    assert "AF_INET" not in log.read_text("utf-8", "replace")
