"""How well a detector tells two sets of files apart: figures with intervals, nothing by hand."""

from collections import Counter
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
from inspector.domain.policy import Thresholds
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
        limits: a clip has others than a picture.
        scored: the file as it is, and its treated copies.
    """

    path: str
    source: str
    synthetic: bool
    scene: int
    limits: Thresholds
    scored: Mapping[Treatment, Scored]


@dataclass(frozen=True, slots=True)
class _Table:
    """Columns of one treatment, a row a file."""

    likelihoods: Floats
    review: Floats
    drop: Floats
    synthetic: Labels
    scenes: Scenes
    sources: NDArray[np.str_]
    baseline: Floats | None


def compare(
    files: Sequence[ComparedFile],
    *,
    model: str,
    unscored: int,
    regions: RegionFigures | None = None,
) -> Figures:
    """Return every figure; a treatment that one label has no copy of is left out.

    Each file is held against its own thresholds; the figures name those of most files.

    Raises:
        ValueError: a label has no scored file.
    """
    scenes = number_scenes([f"{f.synthetic:d}/{f.source}" for f in files], [f.scene for f in files])
    treated = [
        _treated(treatment, files, scenes)
        for treatment in Treatment
        if treatment is Treatment.NONE or _both_labels(files, treatment)
    ]
    plain = _table(files, scenes, Treatment.NONE)[0]
    most = Counter(f.limits for f in files).most_common(1)[0][0]
    return Figures(
        model=model,
        scenes=len(np.unique(scenes)),
        unscored=unscored,
        review=most.review,
        drop=most.drop,
        treated=tuple(treated),
        regions=regions,
        roc=roc_points(plain.likelihoods, plain.synthetic),
        reliability=reliability(plain.likelihoods, plain.synthetic),
    )


def _both_labels(files: Sequence[ComparedFile], treatment: Treatment) -> bool:
    return len({f.synthetic for f in files if treatment in f.scored}) == 2


def _treated(treatment: Treatment, files: Sequence[ComparedFile], scenes: Scenes) -> TreatedFigures:
    table, baselines = _table(files, scenes, treatment)
    reals = ~table.synthetic
    whole = measure(table.likelihoods, table.synthetic, table.scenes, table.review)
    order = sorted(set(zip(table.synthetic.tolist(), table.sources.tolist(), strict=True)))
    return TreatedFigures(
        treatment=treatment,
        n_real=int(reals.sum()),
        n_synthetic=int(table.synthetic.sum()),
        measures=whole,
        false_review=float((table.likelihoods >= table.review)[reals].mean()),
        false_drop=float((table.likelihoods >= table.drop)[reals].mean()),
        sources=tuple(_source(table, name, label) for label, name in order),
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
        np.array([files[i].limits.review for i in rows], np.float64),
        np.array([files[i].limits.drop for i in rows], np.float64),
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


def _source(table: _Table, name: str, synthetic: bool) -> SourceFigures:
    own = (table.sources == name) & (table.synthetic == synthetic)
    rows = np.flatnonzero(own | (table.synthetic != synthetic))
    likelihoods = table.likelihoods[own]
    labels, scenes = table.synthetic[rows], table.scenes[rows]
    measures, baseline = None, None
    if len(rows) > own.sum():
        limits = table.review[rows]
        measures = measure(table.likelihoods[rows], labels, scenes, limits, SOURCE_ROUNDS)
        if table.baseline is not None:
            baseline = auc_interval(table.baseline[rows], labels, scenes, 1).value
    return SourceFigures(
        source=name,
        synthetic=synthetic,
        n=int(own.sum()),
        scenes=len(np.unique(table.scenes[own])),
        measures=measures,
        baseline=baseline,
        over_review=float((likelihoods >= table.review[own]).mean()),
        over_drop=float((likelihoods >= table.drop[own]).mean()),
        mean_likelihood=float(likelihoods.mean()),
    )
