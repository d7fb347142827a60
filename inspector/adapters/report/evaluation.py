"""An evaluation as one HTML page: figures, ROC, reliability, treatments, a bar per source."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import jinja2

import inspector
from inspector.domain.figures import (
    TREATMENT_WORDS,
    Figures,
    Interval,
    Measures,
    SourceFigures,
    TreatedFigures,
)
from inspector.settings import data_folder

PLOT_PX = 300
LARGEST_DOT_PX = 14.0
FEW = 10
"""Files of a source under which its row is marked as thin."""


@dataclass(frozen=True, slots=True)
class _Dot:
    x: float
    y: float
    r: float
    n: int


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a table: cells before and after the bar that shows ``bar``."""

    name: str
    label: str
    colour: str
    n: str
    thin: bool
    bar: Interval | None
    cells: tuple[str, ...]
    baseline: float | None = None


@dataclass(frozen=True, slots=True)
class _MatrixRow:
    name: str
    label: str
    values: tuple[float | None, ...]


def evaluation_html(figures: Figures) -> str:
    """Return the page; names of folders and models are escaped."""
    loader = jinja2.FileSystemLoader(data_folder("resources") / "report")
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    plain = figures.plain
    most = max(found.n for found in figures.reliability)
    return environment.get_template("evaluation.html.j2").render(
        model=figures.model,
        n_real=plain.n_real,
        n_synthetic=plain.n_synthetic,
        scenes=figures.scenes,
        unscored=figures.unscored,
        rows=_rows(figures),
        roc=" ".join(f"{x * PLOT_PX:.1f},{(1 - y) * PLOT_PX:.1f}" for x, y in figures.roc),
        bins=[
            _Dot(
                round(found.mean_likelihood * PLOT_PX, 1),
                round((1 - found.share_synthetic) * PLOT_PX, 1),
                round(max(2.0, LARGEST_DOT_PX * sqrt(found.n / most)), 1),
                found.n,
            )
            for found in figures.reliability
        ],
        baselines=[
            _Row("this detector", "", "--ai", "", False, plain.measures.auc, ()),
            *(_Row(b.name, "", "--soft", "", False, b.auc, ()) for b in plain.baselines),
        ],
        regions=_regions(figures),
        treatments=_treatments(figures.treated) if len(figures.treated) > 1 else [],
        sources=[_source(source) for source in _worst_first(plain)],
        matrix=_matrix(figures.treated) if len(figures.treated) > 1 else [],
        matrix_heads=[TREATMENT_WORDS[t.treatment] for t in figures.treated],
        version=inspector.__version__,
    )


def _rows(figures: Figures) -> list[tuple[str, str, str]]:
    plain, measures = figures.plain, figures.plain.measures
    return [
        ("AUC", _interval(measures.auc), _chance(measures.auc)),
        ("Average precision", _interval(measures.average_precision), ""),
        ("Found at 1 % of real files flagged", _interval(measures.tpr_at_1), ""),
        ("Found at 5 % of real files flagged", _interval(measures.tpr_at_5), ""),
        (
            "Balanced accuracy",
            _interval(measures.balanced_accuracy),
            f"at the review threshold, {figures.review:.3f}",
        ),
        ("Real files over the review threshold", f"{plain.false_review:.3f}", ""),
        ("Real files over the drop threshold", f"{plain.false_drop:.3f}", f"at {figures.drop:.3f}"),
        ("Calibration error", _interval(measures.ece), "0 is best"),
    ]


def _regions(figures: Figures) -> list[tuple[str, str, str]]:
    found = figures.regions
    if found is None:
        return []
    return [
        ("Pictures made", f"{found.n}", "half of them synthetic regions in real pictures"),
        ("Pixel AUC", _interval(found.pixel_auc), _chance(found.pixel_auc)),
        ("Overlap (IoU)", _interval(found.iou), "cells over one half with the synthetic pixels"),
        ("Found", _interval(found.found), "a region of a scan's rules touches synthetic pixels"),
        ("Without a word", f"{found.abstained:.3f}", "share of pixels where the map abstains"),
    ]


def _treatments(treated: Sequence[TreatedFigures]) -> list[_Row]:
    return [
        _Row(
            TREATMENT_WORDS[row.treatment],
            "",
            "--ai",
            f"{row.n_real} + {row.n_synthetic}",
            False,
            row.measures.auc,
            (*_cells(row.measures), f"{row.false_review:.2f}"),
            row.baselines[-1].auc.value if row.baselines else None,
        )
        for row in treated
    ]


def _worst_first(treated: TreatedFigures) -> list[SourceFigures]:
    return sorted(
        treated.sources, key=lambda s: (s.synthetic, s.measures.auc.value if s.measures else 0.0)
    )


def _source(source: SourceFigures) -> _Row:
    measures = source.measures
    return _Row(
        name=source.source,
        label="synthetic" if source.synthetic else "real",
        colour="--ai" if source.synthetic else "--real",
        n=str(source.n),
        thin=source.n < FEW,
        bar=measures.auc if measures else None,
        cells=(
            *(_cells(measures) if measures else ("-",) * 5),
            f"{source.over_review:.2f}",
            f"{source.over_drop:.2f}",
        ),
        baseline=source.baseline,
    )


def _cells(measures: Measures) -> tuple[str, ...]:
    return tuple(
        f"{figure.value:.2f}"
        for figure in (
            measures.average_precision,
            measures.tpr_at_1,
            measures.tpr_at_5,
            measures.balanced_accuracy,
            measures.ece,
        )
    )


def _matrix(treated: Sequence[TreatedFigures]) -> list[_MatrixRow]:
    """Return the AUC of every source after every treatment."""
    found = {
        (s.synthetic, s.source, t.treatment): s.measures.auc.value
        for t in treated
        for s in t.sources
        if s.measures is not None
    }
    return [
        _MatrixRow(
            s.source,
            "synthetic" if s.synthetic else "real",
            tuple(found.get((s.synthetic, s.source, t.treatment)) for t in treated),
        )
        for s in _worst_first(treated[0])
    ]


def _interval(interval: Interval) -> str:
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


def _chance(interval: Interval) -> str:
    return "no better than chance" if interval.low <= 0.5 <= interval.high else ""
