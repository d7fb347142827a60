"""``inspector evaluate``: how well a detector tells two folders apart."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from inspector.bootstrap.reports import write_evaluation
from inspector.cli.output import OUT, print_pretty_json, say
from inspector.cli.scoring import score_folders
from inspector.domain.figures import Figures, Interval
from inspector.pipeline.evaluation import compare


def evaluate(
    real: Annotated[Path, typer.Option(metavar="DIR", help="Real media; sub-folders are sources.")],
    synthetic: Annotated[Path, typer.Option(metavar="DIR", help="Synthetic media, likewise.")],
    model: Annotated[str | None, typer.Option(metavar="ID|DIR")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda, ...")] = None,
    json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A report as one HTML page.")
    ] = None,
) -> int:
    """Score both folders and print how well their likelihoods tell them apart."""
    scored = score_folders([real, synthetic], model, device)
    figures = compare(
        scored.by_source(real),
        scored.by_source(synthetic),
        review=scored.calibration.review,
        drop=scored.calibration.drop,
        unscored=scored.unscored,
    )
    if html is not None:
        write_evaluation(figures, scored.model, html)
        say(f"Report written to {html}.")
    if json:
        print_pretty_json(asdict(figures))
    else:
        _print_figures(figures)
    return 0


def _print_figures(figures: Figures) -> None:
    rows = [
        ("real files", f"{figures.n_real:,}"),
        ("synthetic files", f"{figures.n_synthetic:,}"),
        ("without a score", f"{figures.unscored:,}"),
        ("AUC", _interval(figures.auc)),
        ("average precision", f"{figures.average_precision:.3f}"),
        ("found at 1 % false", f"{figures.tpr_at_1:.3f}"),
        ("found at 5 % false", f"{figures.tpr_at_5:.3f}"),
        (f"balanced accuracy at {figures.review:.2f}", f"{figures.balanced_accuracy:.3f}"),
        ("real over review", f"{figures.false_review:.3f}"),
        ("real over drop", f"{figures.false_drop:.3f}"),
        ("calibration error", f"{figures.ece:.3f}"),
    ]
    width = max(len(label) for label, _ in rows)
    for label, text in rows:
        OUT.print(f"{label:<{width}}  {text}", markup=False)
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "label", "n", "AUC", "over review", "over drop", "mean"):
        table.add_column(heading)
    worst_first = sorted(figures.sources, key=lambda s: (s.synthetic, s.auc.value if s.auc else 0))
    for source in worst_first:
        table.add_row(
            source.source,
            "synthetic" if source.synthetic else "real",
            str(source.n),
            _interval(source.auc) if source.auc else "-",
            f"{source.over_review:.2f}",
            f"{source.over_drop:.2f}",
            f"{source.mean_likelihood:.2f}",
        )
    OUT.print(table)


def _interval(interval: Interval) -> str:
    chance = " (no better than chance)" if interval.low <= 0.5 <= interval.high else ""
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]{chance}"
