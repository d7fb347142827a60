"""Thresholds with a certified share of false alarms, from counted real files."""

from dataclasses import dataclass
from math import exp, inf, lgamma, log, log1p

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
"""Chance with which a certificate holds."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A threshold that at most ``rate`` of such real files reach, with 95 % confidence.

    Attributes:
        threshold: likelihood, [0, 1]; files at or over it are flagged.
        n_real: files counted; ``n_over`` of them reach the threshold.
    """

    threshold: float
    rate: float
    n_real: int
    n_over: int


def files_needed(rate: float) -> int:
    """Return the fewest real files that can certify a rate, none of them over the threshold.

    299 for 1 %, 598 for 0.5 %.
    """
    return int(np.ceil(log(1 - CONFIDENCE) / log1p(-rate)))


def certify(likelihoods: NDArray[np.float64], rate: float) -> Certificate | None:
    """Return the lowest threshold whose false alarms are certified; None with too few files.

    Args:
        likelihoods: of real files, [0, 1], any order.
        rate: share of false alarms allowed, (0, 1).

    Source:
        Exact binomial bound (Clopper and Pearson, Biometrika 26, 1934) at an order statistic,
        which is a one-sided tolerance limit (Wilks, Ann. Math. Stat. 12, 1941), so choosing the
        threshold on the same files does not weaken it.
    """
    n = int(likelihoods.size)
    if n < files_needed(rate):
        return None
    allowed = 0
    while allowed + 1 < n and binomial_cdf(allowed + 1, n, rate) <= 1 - CONFIDENCE:
        allowed += 1
    descending = np.sort(likelihoods)[::-1]
    threshold = float(np.nextafter(descending[allowed], inf))
    return Certificate(threshold, rate, n, int((likelihoods >= threshold).sum()))


def binomial_cdf(k: int, n: int, p: float) -> float:
    """Return the chance of at most ``k`` successes in ``n`` trials of chance ``p``, (0, 1)."""
    return sum(
        exp(lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * log(p) + (n - i) * log1p(-p))
        for i in range(k + 1)
    )
