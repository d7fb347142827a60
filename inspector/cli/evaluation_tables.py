"""An evaluation on the terminal: the whole, treatments, baselines, regions, every source."""

from collections.abc import Iterable

from rich.table import Table

from inspector.cli.output import OUT
from inspector.domain.figures import (
    TREATMENT_WORDS,
    Figures,
    Interval,
    Measures,
    RegionFigures,
    TreatedFigures,
)

_MEASURED = ("AUC", "AP", "TPR@1%", "TPR@5%", "bal. acc.", "ECE")


def print_figures(figures: Figures) -> None:
    """Print everything measured; intervals hold 95 % of bootstrap rounds over scenes."""
    plain = figures.plain
    _print_rows(
        [
            ("real files", f"{plain.n_real:,}"),
            ("synthetic files", f"{plain.n_synthetic:,}"),
            ("scenes", f"{figures.scenes:,}"),
            ("without a score", f"{figures.unscored:,}"),
            ("AUC", _interval(plain.measures.auc) + _chance(plain.measures.auc)),
            ("average precision", _interval(plain.measures.average_precision)),
            ("found at 1 % false", _interval(plain.measures.tpr_at_1)),
            ("found at 5 % false", _interval(plain.measures.tpr_at_5)),
            (
                f"balanced accuracy at {figures.review:.2f}",
                _interval(plain.measures.balanced_accuracy),
            ),
            ("real over review", f"{plain.false_review:.3f}"),
            (f"real over drop, {figures.drop:.2f}", f"{plain.false_drop:.3f}"),
            ("calibration error", _interval(plain.measures.ece)),
        ]
    )
    _print_baselines(plain)
    if figures.regions is not None:
        _print_regions(figures.regions)
    if len(figures.treated) > 1:
        _print_treatments(figures.treated)
    for treated in figures.treated:
        _print_sources(treated)


def _print_rows(rows: Iterable[tuple[str, str]]) -> None:
    kept = list(rows)
    width = max(len(label) for label, _ in kept)
    for label, text in kept:
        OUT.print(f"{label:<{width}}  {text}", markup=False)


def _print_baselines(plain: TreatedFigures) -> None:
    if plain.baselines:
        _heading("Trivial baselines on the same files, AUC")
        _print_rows((b.name, _interval(b.auc)) for b in plain.baselines)


def _print_regions(regions: RegionFigures) -> None:
    _heading(f"{regions.n} pasted regions")
    _print_rows(
        [
            ("pixel AUC", _interval(regions.pixel_auc) + _chance(regions.pixel_auc)),
            ("overlap (IoU)", _interval(regions.iou)),
            ("found by a region", _interval(regions.found)),
            ("pixels without a word", f"{regions.abstained:.3f}"),
        ]
    )


def _print_treatments(treated: Iterable[TreatedFigures]) -> None:
    _heading("Treatments")
    table = _table("treatment", "real", "synthetic", *_MEASURED, "real over review", "baselines")
    for row in treated:
        table.add_row(
            TREATMENT_WORDS[row.treatment],
            str(row.n_real),
            str(row.n_synthetic),
            *_cells(row.measures),
            f"{row.false_review:.3f}",
            f"{row.baselines[-1].auc.value:.3f}" if row.baselines else "-",
        )
    OUT.print(table)


def _print_sources(treated: TreatedFigures) -> None:
    _heading(f"Sources, {TREATMENT_WORDS[treated.treatment]}")
    table = _table(
        "source", "label", "n", *_MEASURED, "over review", "over drop", "mean", "baselines"
    )
    worst_first = sorted(
        treated.sources,
        key=lambda s: (s.synthetic, s.measures.auc.value if s.measures else 0.0),
    )
    for source in worst_first:
        table.add_row(
            source.source,
            "synthetic" if source.synthetic else "real",
            str(source.n),
            *_cells(source.measures),
            f"{source.over_review:.2f}",
            f"{source.over_drop:.2f}",
            f"{source.mean_likelihood:.2f}",
            "-" if source.baseline is None else f"{source.baseline:.2f}",
        )
    OUT.print(table)


def _cells(measures: Measures | None) -> list[str]:
    if measures is None:
        return ["-"] * len(_MEASURED)
    return [
        _interval(measures.auc) + _chance(measures.auc),
        *(
            f"{figure.value:.2f}"
            for figure in (
                measures.average_precision,
                measures.tpr_at_1,
                measures.tpr_at_5,
                measures.balanced_accuracy,
                measures.ece,
            )
        ),
    ]


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    return table


def _heading(words: str) -> None:
    OUT.print(f"\n{words}", markup=False)


def _interval(interval: Interval) -> str:
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


def _chance(interval: Interval) -> str:
    return " (no better than chance)" if interval.low <= 0.5 <= interval.high else ""
