"""Checks an imported detector in a limited child process before anything trusts it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inspector.adapters.onnx import load_detector
from inspector.domain.detector import SizePolicy
from inspector.domain.errors import InspectorError, ModelError
from inspector.domain.media import Frame
from inspector.pipeline.scoring import FrameScorer

TIME_LIMIT_S = 120
ADDRESS_SPACE_BYTES = 8 << 30
SIZES = ((512, 384), (640, 640), (1200, 300))
"""Width and height of the noise pictures that are scored, pixels."""


def check_model(folder: Path) -> Sequence[str]:
    """Return what was found in order; the detector is only ever run in the child.

    Raises:
        ModelError: it is refused; one sentence says why.
    """
    command = [sys.executable, "-m", "inspector.bootstrap.model_check", str(folder.resolve())]
    try:
        child = subprocess.run(
            command, capture_output=True, timeout=TIME_LIMIT_S, check=False, text=True
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"Refused: it did not finish within {TIME_LIMIT_S} s.") from error
    lines = child.stdout.splitlines()
    if child.returncode == 0 and lines:
        return [str(finding) for finding in json.loads(lines[-1])]
    if child.returncode == 1 and lines:
        raise ModelError(f"Refused: {json.loads(lines[-1])}")
    raise ModelError("Refused: it brought its process down or outgrew its memory.")


def _examine(folder: Path) -> list[str]:
    detector = load_detector(folder, "cpu")
    findings = [f"card and hashes of {detector.spec.id} {detector.spec.version}"]
    generator = np.random.default_rng(0)
    scorer = FrameScorer(detector)
    for width, height in SIZES:
        frame = Frame(generator.integers(0, 256, (height, width, 3), np.uint8))
        result = scorer.score(frame)
        findings.append(f"{width} x {height} px of noise: likelihood {result.likelihood:.3f}")
        view = detector.spec.map_view
        if view is not None and view.input.size_policy is SizePolicy.NATIVE_TILES:
            heatmap = scorer.whole_map(frame.pixels)
            assert heatmap is not None
            findings.append(f"{width} x {height} px: map of {heatmap.rows} x {heatmap.cols} cells")
    return findings


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # no such limits on Windows; the time limit still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (TIME_LIMIT_S, TIME_LIMIT_S))


def main() -> int:
    """Run the child: findings or the refusal as one JSON line."""
    _limit_memory()
    try:
        findings = _examine(Path(sys.argv[1]))
    except InspectorError as error:
        sys.stdout.write(json.dumps(str(error)) + "\n")
        return 1
    sys.stdout.write(json.dumps(findings) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
