"""An evaluation as one HTML page: figures, ROC, reliability, a bar per source."""

from dataclasses import dataclass
from math import sqrt

import jinja2

import inspector
from inspector.domain.figures import Figures, Interval, SourceFigures
from inspector.settings import data_folder

PLOT_PX = 300
LARGEST_DOT_PX = 14.0


@dataclass(frozen=True, slots=True)
class _Dot:
    x: float
    y: float
    r: float
    n: int


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    label: str
    colour: str
    n: int
    auc: str
    value: float
    low: float
    high: float
    over_review: str
    over_drop: str


def evaluation_html(figures: Figures, model: str) -> str:
    """Return the page; names of folders and models are escaped."""
    loader = jinja2.FileSystemLoader(data_folder("resources") / "report")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined
    )
    most = max(found.n for found in figures.reliability)
    return environment.get_template("evaluation.html.j2").render(
        model=model,
        n_real=figures.n_real,
        n_synthetic=figures.n_synthetic,
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
        sources=[_source(source) for source in figures.sources],
        version=inspector.__version__,
    )


def _rows(figures: Figures) -> list[tuple[str, str, str]]:
    return [
        ("AUC", _interval(figures.auc), _chance(figures.auc)),
        ("Average precision", f"{figures.average_precision:.3f}", ""),
        ("Found at 1 % of real files flagged", f"{figures.tpr_at_1:.3f}", ""),
        ("Found at 5 % of real files flagged", f"{figures.tpr_at_5:.3f}", ""),
        (
            "Balanced accuracy",
            f"{figures.balanced_accuracy:.3f}",
            f"at the review threshold, {figures.review:.3f}",
        ),
        ("Real files over the review threshold", f"{figures.false_review:.3f}", ""),
        (
            "Real files over the drop threshold",
            f"{figures.false_drop:.3f}",
            f"at {figures.drop:.3f}",
        ),
        ("Calibration error", f"{figures.ece:.3f}", "0 is best"),
    ]


def _source(source: SourceFigures) -> _Row:
    interval = source.auc or Interval(0.5, 0.5, 0.5)
    return _Row(
        name=source.source,
        label="synthetic" if source.synthetic else "real",
        colour="--ai" if source.synthetic else "--real",
        n=source.n,
        auc=f"{interval.value:.3f}" if source.auc else "-",
        value=round(interval.value, 3),
        low=round(interval.low, 3),
        high=round(interval.high, 3),
        over_review=f"{source.over_review:.2f}",
        over_drop=f"{source.over_drop:.2f}",
    )


def _interval(interval: Interval) -> str:
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


def _chance(interval: Interval) -> str:
    return "no better than chance" if interval.low <= 0.5 <= interval.high else ""
