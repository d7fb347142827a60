"""Checks an imported detector in a limited child process before anything trusts it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.media.isolation import limit_this_process
from inspector.adapters.media.isolation.memory import cap_memory, resident_bytes
from inspector.adapters.onnx import load_detector, read_card, read_training
from inspector.adapters.samples import draw_photo, draw_synthetic
from inspector.domain.detector import DetectorSpec
from inspector.domain.errors import InspectorError, ModelError
from inspector.domain.media import Frame
from inspector.pipeline.scoring import FrameScorer
from inspector.pipeline.stitching import patch_view
from inspector.pipeline.whole_map import window_side
from inspector.settings import data_folder

CHECK_FLAG = "--check-model"
"""First argument that makes a frozen build's executable the child; see ``main``."""

TIME_LIMIT_S = 120.0
ADDRESS_SPACE_BYTES = 8 << 30
RESIDENT_BYTES = 3 << 30
SIZES = ((512, 384), (640, 640), (1200, 300))
"""Width and height of the noise pictures that are scored, pixels."""

DIRECTION = (
    "score direction: not checked, since no photographs of known origin are shipped; "
    "inspector evaluate --real DIR --synthetic DIR measures it on yours"
)

_LOOK_EVERY_S = 0.05
_BOOT = "import sys; sys.path[:] = {path!r}; from {module} import main; main(sys.argv[1:])"


def check_model(folder: Path, *, time_limit_s: float = TIME_LIMIT_S) -> Sequence[str]:
    """Return what was found in order; the detector is only ever run in the child.

    The child starts in an empty folder, can write nothing, open no socket and start no program;
    so a graph that asks for data outside itself finds none.

    Raises:
        ModelError: it is refused; one sentence says why.
    """
    with tempfile.TemporaryDirectory(prefix="inspector-check-") as empty:
        child = subprocess.Popen(
            [*_entry(), str(folder.resolve()), str(os.getpid()), str(time_limit_s)],
            cwd=empty,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        cap_memory(child, ADDRESS_SPACE_BYTES)
        try:
            _watch(child, time_limit_s)
        finally:
            child.kill()
            said, _ = child.communicate()
    lines = said.decode("utf-8", "replace").splitlines()
    if child.returncode == 0 and lines:
        return [str(finding) for finding in json.loads(lines[-1])]
    if child.returncode == 1 and lines:
        raise ModelError(f"Refused: {json.loads(lines[-1])}")
    raise ModelError("Refused: it brought its process down.")


def check_once(folder: Path, marks: Path) -> None:
    """Check an imported detector unless one of the same card passed here before.

    Shipped detectors are not checked. A card pins its files by hash, so its own hash stands for
    all; ``marks`` is a folder with a file for each card that passed.

    Raises:
        ModelError: it is refused.
    """
    if folder.resolve().parent == data_folder("models").resolve():
        return
    mark = marks / read_card(folder).sha256
    if mark.exists():
        return
    findings = check_model(folder)
    with suppress(OSError):  # then it is checked again the next time
        marks.mkdir(parents=True, exist_ok=True)
        mark.write_text("\n".join(findings) + "\n", encoding="utf-8")


def _entry() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, CHECK_FLAG)
    return (sys.executable, "-I", "-c", _BOOT.format(path=sys.path, module=__name__))


def _watch(child: "subprocess.Popen[bytes]", time_limit_s: float) -> None:
    """Wait for the child's end, its time limit, or its memory limit."""
    end = time.monotonic() + time_limit_s
    while time.monotonic() < end:
        with suppress(subprocess.TimeoutExpired):
            child.wait(_LOOK_EVERY_S)
            return
        if (resident_bytes(child.pid) or 0) > RESIDENT_BYTES:
            raise ModelError(f"Refused: it took more than {RESIDENT_BYTES >> 30} GB of memory.")
    raise ModelError(f"Refused: it did not finish within {time_limit_s:g} s.")


def _examine(folder: Path) -> Iterator[str]:
    detector = load_detector(folder, "cpu")
    yield f"card and hashes of {detector.spec.id} {detector.spec.version}"
    generator = np.random.default_rng(0)
    scorer = FrameScorer(detector)
    likelihoods = []
    for width, height in SIZES:
        pixels = generator.integers(0, 256, (height, width, 3), np.uint8)
        first, second = (scorer.score(Frame(pixels)).likelihood for _ in range(2))
        if abs(first - second) > 1e-4:
            raise ModelError("it gives one picture two scores.")
        likelihoods.append(first)
        yield f"{width} x {height} px of noise: likelihood {first:.3f}, twice the same"
        yield from _map_of(scorer, pixels)
    drawn = (draw_photo(1, 480, 320), draw_synthetic(1, 480, 320))
    likelihoods += [scorer.score(Frame(picture)).likelihood for picture in drawn]
    if len(set(likelihoods)) == 1:
        raise ModelError("it gives every picture the same score.")
    yield f"{len(likelihoods)} pictures: scores are finite, in range and differ"
    yield from _training_of(folder, detector.spec)
    if patch_view(detector.spec) is None:
        yield f"no map of its own: heatmaps by sliding tiles of {window_side(detector.spec)} px"
    yield DIRECTION


def _map_of(scorer: FrameScorer, pixels: NDArray[np.uint8]) -> Iterator[str]:
    heatmap = scorer.whole_map(pixels)
    if heatmap is None:
        return
    height, width = pixels.shape[:2]
    cell = heatmap.cell_px
    if (heatmap.rows, heatmap.cols) != (-(-height // cell), -(-width // cell)):
        raise ModelError(
            f"its map of {width} x {height} px has {heatmap.rows} x {heatmap.cols} cells."
        )
    yield f"{width} x {height} px: map of {heatmap.rows} x {heatmap.cols} cells"


def _training_of(folder: Path, spec: DetectorSpec) -> Iterator[str]:
    if spec.training is None:
        return
    pictures = read_training(folder, spec)
    asked = FrameScorer(load_detector(folder, "cpu", with_features=True))
    found = asked.score(Frame(draw_photo(1, 480, 320))).features[spec.fusion[0].view]
    if found.size != pictures.features.shape[1]:
        raise ModelError("its training file does not fit its net.")
    yield (
        f"can be taught: {pictures.synthetic.size:,} training pictures, {found.size} features each"
    )


def _limit(parent: int, time_limit_s: float) -> None:
    limit_this_process(ADDRESS_SPACE_BYTES, parent)
    with suppress(ImportError, ValueError, OSError):  # the parent's clock holds all the same
        import resource

        seconds = int(time_limit_s) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def main(arguments: Sequence[str]) -> None:
    """Be the child: say the findings, or the refusal, as one JSON line."""
    folder, parent, time_limit_s = arguments
    _limit(int(parent), float(time_limit_s))
    try:
        said: object = list(_examine(Path(folder)))
        code = 0
    except InspectorError as error:
        said, code = str(error), 1
    except MemoryError:
        said, code = "it asks for more memory than there is.", 1
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    os._exit(code)
