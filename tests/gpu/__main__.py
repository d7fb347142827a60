"""Prints what a device really gives, with its card: ``python -m tests.gpu [--device cuda]``."""

import argparse
import shutil
import subprocess
import sys

from inspector.adapters.onnx import device_facts
from inspector.bootstrap.detectors import FAST, FULL, open_detector
from inspector.bootstrap.health import detector_facts
from inspector.bootstrap.scanning import job_count
from inspector.bootstrap.self_test import measure_speed
from inspector.bootstrap.versions import engine_versions
from inspector.settings import Places
from tests.bench.scan import measure_scan

TILES = 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--files", type=int, default=96, help="pictures in the timed scan")
    given = parser.parse_args()
    say(f"card: {card()}")
    say(f"onnxruntime {engine_versions()['onnxruntime']}")
    for name, value in device_facts().items():
        say(f"{name}: {value}")
    passed = [measure(model, given.device, given.files) for model in (FAST, FULL)]
    return 0 if all(passed) else 1


def card() -> str:
    """Return the GPU's own word on itself, or that there is none."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return "no nvidia-smi, so no NVIDIA card is known"
    query = [tool, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    asked = subprocess.run(query, capture_output=True, text=True, check=False)
    return "; ".join(asked.stdout.strip().splitlines()) or asked.stderr.strip()


def measure(model: str, device: str, files: int) -> bool:
    """Print one detector's figures; False where the device was not got or a target is missed."""
    detector = open_detector(model, device, Places())
    got = detector.device.fallback_reason is None
    speed = measure_speed(detector, job_count(0), TILES)
    for name, value in detector_facts(detector).items():
        say(f"{model}  {name}: {value}")
    say(f"{model}  pictures per second: {speed.pictures_per_s:.2f} by {speed.callers} callers")
    detector.close()
    results = measure_scan(model, device, files)
    for measured in results:
        say(measured.line())
    return got and all(measured.passed for measured in results)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
