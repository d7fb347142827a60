"""How well a detector tells two sets of files apart: figures with intervals, nothing by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.domain.figures import (
    BaselineFigures,
    Figures,
    RegionFigures,
    SourceFigures,
    TreatedFigures,
    Treatment,
)
from inspector.pipeline.baselines import JOINT, NAMES, Trivial, out_of_fold
from inspector.pipeline.measures import (
    SOURCE_ROUNDS,
    Floats,
    Labels,
    Scenes,
    auc_interval,
    measure,
    reliability,
    roc_points,
)
from inspector.pipeline.scenes import number_scenes


@dataclass(frozen=True, slots=True)
class Scored:
    """What was measured of a picture, or of a treated copy of it."""

    likelihood: float
    trivial: Trivial | None


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """One file of a comparison.

    Attributes:
        source: its folder below the label's.
        scene: its ``scene_hash``.
        scored: the file as it is, and its treated copies.
    """

    path: str
    source: str
    synthetic: bool
    scene: int
    scored: Mapping[Treatment, Scored]


@dataclass(frozen=True, slots=True)
class _Table:
    """Columns of one treatment, a row a file."""

    likelihoods: Floats
    synthetic: Labels
    scenes: Scenes
    sources: NDArray[np.str_]
    baseline: Floats | None


def compare(
    files: Sequence[ComparedFile],
    *,
    model: str,
    review: float,
    drop: float,
    unscored: int,
    regions: RegionFigures | None = None,
) -> Figures:
    """Return every figure; a treatment that one label has no copy of is left out.

    Raises:
        ValueError: a label has no scored file.
    """
    scenes = number_scenes([f"{f.synthetic:d}/{f.source}" for f in files], [f.scene for f in files])
    treated = [
        _treated(treatment, files, scenes, review, drop)
        for treatment in Treatment
        if treatment is Treatment.NONE or _both_labels(files, treatment)
    ]
    plain = _table(files, scenes, Treatment.NONE)[0]
    return Figures(
        model=model,
        scenes=len(np.unique(scenes)),
        unscored=unscored,
        review=review,
        drop=drop,
        treated=tuple(treated),
        regions=regions,
        roc=roc_points(plain.likelihoods, plain.synthetic),
        reliability=reliability(plain.likelihoods, plain.synthetic),
    )


def _both_labels(files: Sequence[ComparedFile], treatment: Treatment) -> bool:
    return len({f.synthetic for f in files if treatment in f.scored}) == 2


def _treated(
    treatment: Treatment,
    files: Sequence[ComparedFile],
    scenes: Scenes,
    review: float,
    drop: float,
) -> TreatedFigures:
    table, baselines = _table(files, scenes, treatment)
    reals = table.likelihoods[~table.synthetic]
    whole = measure(table.likelihoods, table.synthetic, table.scenes, review)
    order = sorted(set(zip(table.synthetic.tolist(), table.sources.tolist(), strict=True)))
    return TreatedFigures(
        treatment=treatment,
        n_real=int(reals.size),
        n_synthetic=int(table.synthetic.sum()),
        measures=whole,
        false_review=float((reals >= review).mean()),
        false_drop=float((reals >= drop).mean()),
        sources=tuple(_source(table, name, label, review, drop) for label, name in order),
        baselines=baselines,
    )


def _table(
    files: Sequence[ComparedFile], scenes: Scenes, treatment: Treatment
) -> tuple[_Table, tuple[BaselineFigures, ...]]:
    rows = [i for i, f in enumerate(files) if treatment in f.scored]
    scored = [files[i].scored[treatment] for i in rows]
    synthetic = np.array([files[i].synthetic for i in rows], bool)
    trivial = [s.trivial.values() for s in scored if s.trivial is not None]
    joint: Floats | None = None
    baselines: tuple[BaselineFigures, ...] = ()
    if len(trivial) == len(scored) and len(set(synthetic.tolist())) == 2:
        joint, baselines = _baselines(np.array(trivial), synthetic, scenes[rows])
    table = _Table(
        np.array([s.likelihood for s in scored], np.float64),
        synthetic,
        scenes[rows],
        np.array([files[i].source for i in rows]),
        joint,
    )
    return table, baselines


def _baselines(
    values: Floats, synthetic: Labels, scenes: Scenes
) -> tuple[Floats, tuple[BaselineFigures, ...]]:
    """Return the joint fit's likelihoods, and the AUC of each measure and of the fit."""
    joint = out_of_fold(values, synthetic, scenes)
    figures = []
    for name, column in zip(NAMES, values.T, strict=True):
        ahead = column[synthetic].mean() >= column[~synthetic].mean()
        found = auc_interval(column if ahead else -column, synthetic, scenes, SOURCE_ROUNDS)
        figures.append(BaselineFigures(name, found))
    figures.append(BaselineFigures(JOINT, auc_interval(joint, synthetic, scenes, SOURCE_ROUNDS)))
    return joint, tuple(figures)


def _source(table: _Table, name: str, synthetic: bool, review: float, drop: float) -> SourceFigures:
    own = (table.sources == name) & (table.synthetic == synthetic)
    rows = np.flatnonzero(own | (table.synthetic != synthetic))
    likelihoods = table.likelihoods[own]
    labels, scenes = table.synthetic[rows], table.scenes[rows]
    measures, baseline = None, None
    if len(rows) > own.sum():
        measures = measure(table.likelihoods[rows], labels, scenes, review, SOURCE_ROUNDS)
        if table.baseline is not None:
            baseline = auc_interval(table.baseline[rows], labels, scenes, 1).value
    return SourceFigures(
        source=name,
        synthetic=synthetic,
        n=int(own.sum()),
        scenes=len(np.unique(table.scenes[own])),
        measures=measures,
        baseline=baseline,
        over_review=float((likelihoods >= review).mean()),
        over_drop=float((likelihoods >= drop).mean()),
        mean_likelihood=float(likelihoods.mean()),
    )
