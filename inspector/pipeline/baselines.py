"""Trivial measures that any detector must beat on the same files."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LARGEST_SIDE = 768
"""The middle of a larger picture stands for it, so that a panorama costs no more, pixels."""

JOINT = "all three, logistic fit"
NAMES = ("high-frequency energy", "variance of the Laplacian", "estimated JPEG quality")

_LUMA = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    np.float64,
)
"""Luminance table of JPEG (ITU-T T.81, table K.1), scaled by quality as libjpeg does."""

_QUALITIES = range(30, 98, 2)
_BLOCKS = 1000
_FITS = 0.5
"""Mean cosine of coefficients at whole steps from which a quality is believed."""


@dataclass(frozen=True, slots=True)
class Trivial:
    """Trivial measures of one picture, in the order of ``NAMES``."""

    high_energy: float
    laplacian: float
    jpeg_quality: float

    def values(self) -> tuple[float, float, float]:
        return (self.high_energy, self.laplacian, self.jpeg_quality)


def trivial_measures(pixels: NDArray[np.uint8]) -> Trivial:
    """Return what needs no training: logarithms of two energies, and a JPEG quality.

    Args:
        pixels: uint8 (h, w, 3), sRGB.
    """
    luma = cv2.cvtColor(_middle(pixels), cv2.COLOR_RGB2GRAY).astype(np.float64)
    spectrum = np.abs(np.fft.rfft2(luma - luma.mean())) ** 2
    rows = np.abs(np.fft.fftfreq(luma.shape[0]))[:, None]
    cols = np.abs(np.fft.rfftfreq(luma.shape[1]))[None]
    share = spectrum[np.hypot(rows, cols) > 0.25].sum() / max(float(spectrum.sum()), 1e-9)
    laplacian = float(cv2.Laplacian(luma, cv2.CV_64F).var())
    return Trivial(
        float(np.log10(share + 1e-9)), float(np.log10(laplacian + 1e-3)), jpeg_quality(luma)
    )


def jpeg_quality(luma: Floats) -> float:
    """Return the quality of the JPEG that pixels were last decoded from; 100 where none shows.

    That quality is taken at which the block coefficients lie nearest to whole steps of the
    standard table. A picture that was resized or cut off the grid since shows none.

    Args:
        luma: shape (h, w), levels of 255, block grid at the upper left corner.

    Source:
        Step estimation from coefficient histograms (Fan and de Queiroz, IEEE TIP 12, 2003).
    """
    height, width = (side // 8 * 8 for side in luma.shape)
    if not height or not width:
        return 100.0
    blocks = (luma[:height, :width] - 128).reshape(height // 8, 8, width // 8, 8)
    coefficients = np.einsum("ui,aibj,vj->abuv", _DCT, blocks, _DCT, optimize=True)
    few = coefficients.reshape(-1, 64)[:, _LOW]
    few = few[:: max(1, len(few) // _BLOCKS)]
    best, fits = 100.0, _FITS
    for quality in _QUALITIES:
        steps = _table(quality).ravel()[_LOW]
        used = (np.abs(few) > 0.6 * steps) & (steps > 2)
        if used.sum() < 50:
            continue
        fit = float(np.cos(2 * np.pi * (few / steps)[used]).mean())
        if fit > fits:
            best, fits = float(quality), fit
    return best


def out_of_fold(features: Floats, synthetic: NDArray[np.bool_], groups: NDArray[np.intp]) -> Floats:
    """Return likelihoods of a logistic fit, each from the folds that lack its group.

    Args:
        features: shape (n, k), finite.
        groups: files of one number stay on one side of every fold.
    """
    _, ranks = np.unique(groups, return_inverse=True)
    shuffled = np.random.default_rng(0).permutation(int(ranks.max()) + 1)
    folds = shuffled[ranks] % 5
    result = np.full(len(features), 0.5)
    for fold in range(5):
        inside = folds == fold
        if inside.any() and len(set(synthetic[~inside].tolist())) == 2:
            result[inside] = _predicted(features[~inside], synthetic[~inside], features[inside])
    return result


def _predicted(known: Floats, synthetic: NDArray[np.bool_], wanted: Floats) -> Floats:
    """Return likelihoods by a ridge logistic, both labels weighing the same (Newton's method)."""
    centre, spread = known.mean(axis=0), known.std(axis=0) + 1e-9
    x = np.column_stack([(known - centre) / spread, np.ones(len(known))])
    weights = np.where(synthetic, 0.5 / synthetic.sum(), 0.5 / (~synthetic).sum()) * len(known)
    ridge = np.eye(x.shape[1])
    beta = np.zeros(x.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        slope = x.T @ (weights * (p - synthetic)) + ridge @ beta
        curve = (x * (weights * p * (1 - p))[:, None]).T @ x + ridge
        step = np.linalg.solve(curve, slope)
        beta -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    y = np.column_stack([(wanted - centre) / spread, np.ones(len(wanted))]) @ beta
    return np.asarray(1 / (1 + np.exp(-np.clip(y, -30, 30))))


def _middle(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cut the middle out, on the 8-pixel grid."""
    top, left = (max(0, (side - LARGEST_SIDE) // 2) // 8 * 8 for side in pixels.shape[:2])
    return pixels[top : top + LARGEST_SIDE, left : left + LARGEST_SIDE]


def _table(quality: int) -> Floats:
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    return np.clip(np.floor((_LUMA * scale + 50) / 100), 1, 255)


def _dct_matrix() -> Floats:
    k = np.arange(8)
    matrix = np.cos(np.pi * (2 * k[None] + 1) * k[:, None] / 16) / 2
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix)


_DCT = _dct_matrix()
_LOW = [1, 8, 16, 9, 2, 3, 10, 17, 24]
"""The first nine AC coefficients: lower ones are seldom zero."""
