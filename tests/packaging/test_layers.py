"""The layers hold, also where somebody runs the tests alone."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_that_a_lower_layer_never_imports_a_higher_one():
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert command is not None
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_that_the_domain_loads_without_its_heavy_neighbours():
    code = (
        "import sys, inspector.domain.policy, inspector.domain.record\n"
        "heavy = {'av', 'PIL', 'cv2', 'onnxruntime', 'c2pa', 'PySide6', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
