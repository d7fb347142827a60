"""The wheel carries its data, and works away from the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from inspector.adapters.samples import draw_photo, encode_jpeg

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(out), str(ROOT)]
    subprocess.run(command, check=True)
    (built,) = out.glob("*.whl")
    return built


def test_that_the_wheel_carries_resources_and_models(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert any(n.startswith("inspector/_data/resources/") for n in names)
    assert "inspector/_data/models/inspector-fast/card.toml" in names
    assert not any("models/training" in n for n in names)


def test_that_an_installed_wheel_scans(wheel, tmp_path):
    """A clean venv gets the wheel; its dependencies are those of this environment."""
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python = venv / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", str(wheel)]
    subprocess.run(install, check=True)
    here = next(p for p in sys.path if p.endswith("site-packages"))
    (site,) = (venv / "lib").glob("python*/site-packages")
    # The checkout is installed there in development mode: its own path file must not be followed.
    (site / "dependencies.pth").write_text(f"import sys; sys.path.append({here!r})\n")
    media = tmp_path / "media"
    media.mkdir()
    (media / "photo.jpg").write_bytes(encode_jpeg(draw_photo(1, 320, 240)))
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH",)}
    environment["INSPECTOR_HOME"] = str(tmp_path / "home")
    done = subprocess.run(
        [str(python), "-m", "inspector", "scan", str(media), "--jsonl", "-", "--device", "cpu"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    (row,) = map(json.loads, done.stdout.splitlines())
    assert row["status"] == "ok"
    assert row["likelihood"] is not None
    where = [str(python), "-c", "import inspector; print(inspector.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()).is_relative_to(venv)
