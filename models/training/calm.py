"""Keeps a head from seeing what harmless treatment does to features.

A picture that was saved again, denoised or enlarged is as real as before. The mean change of
features that a treatment makes is a direction a head must not look along: nuisance attribute
projection (Solomonoff, Campbell and Boardman, ICASSP 2005).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Calm:
    """A projection along ``basis``, [D, K] with orthonormal columns."""

    basis: Floats

    def __call__(self, x: Floats) -> Floats:
        """Project rows [N, D], or weights [D]: it is symmetric."""
        return np.asarray(x - (x @ self.basis) @ self.basis.T, np.float32)


def calm_of(changes: Floats, std: Floats) -> Calm:
    """Return the projection for features that are divided by ``std``, [D].

    Args:
        changes: mean change of the features by each treatment, [K, D].
    """
    basis, _ = np.linalg.qr((changes / std).T)
    return Calm(np.asarray(basis, np.float32))
