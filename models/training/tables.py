"""The numbers that decide: AUC on held-out repositories, per source, pairs, art."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from models.training.sources import Picture, pair_groups


def auc(real: NDArray[np.floating], synthetic: NDArray[np.floating]) -> float:
    """Return the chance that a synthetic score lies above a real one (ties count half)."""
    ranks = rankdata(np.concatenate([real, synthetic]))[len(real) :]
    n, m = len(real), len(synthetic)
    return float((ranks.sum() - m * (m + 1) / 2) / (n * m))


def auc_interval(
    real: NDArray[np.floating], synthetic: NDArray[np.floating], seed: int = 0, n: int = 200
) -> tuple[float, float]:
    """Return a 95 % bootstrap interval of the AUC over pictures."""
    rng = np.random.default_rng(seed)
    values = [
        auc(rng.choice(real, len(real)), rng.choice(synthetic, len(synthetic))) for _ in range(n)
    ]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def tpr_at(real: NDArray[np.floating], synthetic: NDArray[np.floating], fpr: float) -> float:
    """Return the share of synthetic scores above the real scores' (1 - fpr) quantile."""
    return float((synthetic > np.quantile(real, 1 - fpr)).mean())


def headline(
    pictures: Sequence[Picture], logits: NDArray[np.floating], folds: dict[str, int]
) -> dict[str, float]:
    """Return ``summary``, and AUC over everything with its interval."""
    return summary(pictures, logits, folds) | overall(pictures, logits)


def overall(pictures: Sequence[Picture], logits: NDArray[np.floating]) -> dict[str, float]:
    """Return the AUC of all synthetic pictures against all reals, with its 95 % interval."""
    synthetic = np.array([p.synthetic for p in pictures])
    low, high = auc_interval(logits[~synthetic], logits[synthetic])
    return {
        "n": float(len(pictures)),
        "auc": auc(logits[~synthetic], logits[synthetic]),
        "auc low": low,
        "auc high": high,
    }


def by_source(
    pictures: Sequence[Picture], logits: NDArray[np.floating], review: float, drop: float
) -> dict[str, dict[str, float]]:
    """Return each source against all pictures of the other label, with its 95 % interval."""
    synthetic = np.array([p.synthetic for p in pictures])
    table = {}
    for source in sorted({p.source for p in pictures}):
        rows = np.array([p.source == source for p in pictures])
        own, is_fake = logits[rows], bool(synthetic[rows][0])
        pair = (logits[~synthetic], own) if is_fake else (own, logits[synthetic])
        low, high = auc_interval(*pair)
        table[source] = {
            "synthetic": float(is_fake),
            "n": float(rows.sum()),
            "auc": auc(*pair),
            "low": low,
            "high": high,
            "over review": float((own >= review).mean()),
            "over drop": float((own >= drop).mean()),
        }
    return table


def summary(
    pictures: Sequence[Picture], logits: NDArray[np.floating], folds: dict[str, int]
) -> dict[str, float]:
    """Return the means over held-out scores: every source against its fold's reals."""
    by_source: dict[str, list[int]] = defaultdict(list)
    fold = np.array([folds[p.group] for p in pictures])
    synthetic = np.array([p.synthetic for p in pictures])
    art = np.array([p.is_art for p in pictures])
    for i, picture in enumerate(pictures):
        if picture.synthetic:
            by_source[picture.source].append(i)
    per_source = {
        source: auc(logits[~synthetic & (fold == fold[rows[0]])], logits[rows])
        for source, rows in by_source.items()
        if len(rows) >= 5
    }
    modern = [v for s, v in per_source.items() if pictures[by_source[s][0]].is_modern]
    pairs = []
    for group in pair_groups(pictures):
        rows_in = np.array([p.group == group for p in pictures])
        pairs.append(auc(logits[rows_in & ~synthetic], logits[rows_in & synthetic]))
    each = sorted(set(fold.tolist()))
    arts = [
        auc(logits[art & ~synthetic & (fold == f)], logits[synthetic & (fold == f)])
        for f in each
        if (art & ~synthetic & (fold == f)).sum() >= 5
    ]
    rates = [
        tpr_at(logits[~synthetic & (fold == f)], logits[synthetic & (fold == f)], 0.05)
        for f in each
    ]
    means = {  # a mean of nothing is left out
        "sources": list(per_source.values()),
        "modern": modern,
        "pairs": pairs,
        "art": arts,
        "tpr_at_5": rates,
    }
    return {key: float(np.mean(values)) for key, values in means.items() if values}
