"""``inspector evaluate``: how well a detector tells two folders apart."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from inspector.bootstrap.comparing import Comparison, open_comparison
from inspector.bootstrap.reports import write_evaluation
from inspector.cli.evaluation_tables import print_figures
from inspector.cli.output import CountLine, ProgressLine, print_pretty_json, say
from inspector.cli.scoring import check_folders
from inspector.domain.errors import UsageError
from inspector.domain.figures import Figures, RegionFigures, Treatment
from inspector.domain.record import Json, Record
from inspector.pipeline.evaluation import compare
from inspector.pipeline.pasting import LEAST_SIDE, FoundRegions, region_figures

FEW = 30
"""Scored files of a label under which a warning is due."""

_COPIES = tuple(treatment for treatment in Treatment if treatment is not Treatment.NONE)


def evaluate(
    real: Annotated[Path, typer.Option(metavar="DIR", help="Real media; sub-folders are sources.")],
    synthetic: Annotated[Path, typer.Option(metavar="DIR", help="Synthetic media, likewise.")],
    model: Annotated[str | None, typer.Option(metavar="ID|DIR")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda, ...")] = None,
    degradations: Annotated[
        bool,
        typer.Option(
            "--degradations",
            help="Score each picture again as JPEG 85 and 75, WebP 80, at 0.5, 0.75 and 1.5 of "
            "its size, as a platform passes it on, and from x264; takes nine times as long.",
        ),
    ] = False,
    regions: Annotated[
        int,
        typer.Option(metavar="N", min=0, help="Paste N regions both ways and look for them."),
    ] = 0,
    json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A report as one HTML page.")
    ] = None,
) -> int:
    """Score both folders and print how well their likelihoods tell them apart."""
    check_folders([real, synthetic])
    if html is not None and not html.absolute().parent.is_dir():
        raise UsageError(f"{html} cannot be written: its folder is not there.")
    with open_comparison(
        real,
        synthetic,
        model=model,
        device=device,
        treatments=_COPIES if degradations else (),
    ) as comparison:
        for word in comparison.words:
            say(word)
        if degradations:
            say(
                f"Each picture is scored again as {len(_COPIES)} degraded copies, "
                f"so this takes about {len(_COPIES) + 1} times as long."
            )
        with ProgressLine() as line:
            for progress in comparison.run():
                line.show(progress)
        _check_labels(comparison, {False: real, True: synthetic})
        found = _regions(comparison, regions)
        figures = compare(
            comparison.files,
            model=comparison.spec.id,
            unscored=comparison.unscored,
            regions=found,
        )
    if degradations and comparison.clips:
        many = comparison.clips > 1
        words = "clips were scored as they are" if many else "clip was scored as it is"
        say(f"{comparison.clips:,} {words} only.")
    if html is not None:
        write_evaluation(figures, html)
        say(f"Report written to {html}.")
    if json:
        print_pretty_json(_for_programs(figures))
    else:
        print_figures(figures)
    return 0


def _check_labels(comparison: Comparison, folders: dict[bool, Path]) -> None:
    counts = {label: sum(f.synthetic is label for f in comparison.files) for label in folders}
    for label, folder in folders.items():
        if not counts[label]:
            raise UsageError(f"No file below {folder} could be scored.")
    few = [f"{counts[label]} {name}" for label, name in _NAMES.items() if counts[label] < FEW]
    if few:
        say(f"Only {' and '.join(few)} files: the intervals are wide, and they are the answer.")


_NAMES = {False: "real", True: "synthetic"}


def _regions(comparison: Comparison, count: int) -> RegionFigures | None:
    if not count:
        return None
    found: list[FoundRegions] = []
    with CountLine("Looking for pasted regions", count) as line:
        for region in comparison.regions(count):
            found.append(region)
            line.show(len(found))
    if not found:
        raise UsageError(
            f"No region could be pasted: no two pictures are at least {LEAST_SIDE} px on each side."
        )
    if len(found) < count:
        say(f"Only {len(found)} of {count} regions could be pasted: many pictures are too small.")
    return region_figures(found)


def _for_programs(figures: Figures) -> Record:
    """Return the figures of the files as they are, and those of their copies below."""
    plain, *copies = (_flat(asdict(treated)) for treated in figures.treated)
    assert isinstance(plain, dict)
    whole = {key: value for key, value in asdict(figures).items() if key != "treated"}
    del plain["treatment"]
    return {**whole, **plain, "degradations": copies}


def _flat(value: Json) -> Json:
    """Lift ``measures`` into what they belong to; a source without any has null figures."""
    if isinstance(value, list | tuple):
        return [_flat(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    found = {key: _flat(entry) for key, entry in value.items() if key != "measures"}
    if "measures" in value:
        measures = value["measures"]
        found |= measures if isinstance(measures, dict) else dict.fromkeys(_FIGURES)
    return found


_FIGURES = ("auc", "average_precision", "tpr_at_1", "tpr_at_5", "balanced_accuracy", "ece")
