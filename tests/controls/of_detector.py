"""Controls of a detector: what must not show in its scores."""

import io
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector.adapters.treat import treated
from inspector.domain.figures import Treatment
from inspector.pipeline.baselines import out_of_fold
from inspector.pipeline.measures import Curve
from inspector.pipeline.pooling import map_likelihoods
from tests.controls.harmless import HARMLESS, identity, real_pastes
from tests.controls.outcome import Control
from tests.controls.subject import Floats, Pixels, Scores, Subject

Labels = NDArray[np.bool_]

SHUFFLES = 50


def auc(real: Floats, synthetic: Floats) -> float:
    """Return the chance that one of the second lies over one of the first."""
    labels = np.arange(len(real) + len(synthetic)) >= len(real)
    scores = np.concatenate([real, synthetic])
    positive = labels[None].astype(np.float64)
    return float(Curve(scores, positive, 1 - positive).auc()[0])


def _saved(coding: str, **options: int) -> Callable[[Pixels], Pixels]:
    def apply(pixels: Pixels) -> Pixels:
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, coding, **options)
        return np.array(Image.open(buffer).convert("RGB"), np.uint8)

    return apply


FORMATS: dict[str, Callable[[Pixels], Pixels]] = {
    "PNG": _saved("PNG"),
    "JPEG 95": _saved("JPEG", quality=95),
    "WebP 95": _saved("WEBP", quality=95),
}
SIZES = (Treatment.HALF, Treatment.THREE_QUARTERS, Treatment.ONE_AND_A_HALF)


def formats_and_sizes(
    subject: Subject, reals: Sequence[Pixels], plain: Scores
) -> Iterator[Control]:
    """Yield AUCs between treatments of the same real pictures; one half is right."""
    for name, save in FORMATS.items():
        other = subject.scores(save(pixels) for pixels in reals)
        yield Control(
            f"same reals as {name}, AUC", auc(plain.likelihoods, other.likelihoods), 0.45, 0.55
        )
    for size in SIZES:
        copies = [copy for pixels in reals if (copy := treated(pixels, size)) is not None]
        other = subject.scores(copies)
        yield Control(
            f"same reals {size}, AUC", auc(plain.likelihoods, other.likelihoods), 0.40, 0.60
        )


def shuffled_labels(scores: Scores, labels: Labels, groups: NDArray[np.intp]) -> Iterator[Control]:
    """Yield AUCs under labels that were shuffled; anything but one half is a leak."""
    generator = np.random.default_rng(0)
    direct, fitted = [], []
    for _ in range(SHUFFLES):
        wrong = generator.permutation(labels)
        direct.append(auc(scores.likelihoods[~wrong], scores.likelihoods[wrong]))
        found = out_of_fold(scores.views, wrong, groups)
        fitted.append(auc(found[~wrong], found[wrong]))
    yield Control("shuffled labels, AUC", float(np.mean(direct)), 0.45, 0.55)
    yield Control("views fitted to shuffled labels, AUC", float(np.mean(fitted)), 0.45, 0.55)


def harmless(
    subject: Subject, reals: Sequence[Pixels], n_harmed: int, n_pasted: int
) -> Iterator[Control]:
    """Yield shares of harmless copies of real pictures that raise an alarm."""
    limits = subject.spec.calibration
    twins = subject.scores(identity(pixels) for pixels in reals)
    yield Control(
        "identity for the autoencoder, over review",
        twins.over(limits.review),
        0,
        0.02,
        f"of {len(reals)}",
    )
    few = reals[:n_harmed]
    note = f"of {len(few)}"
    for name, change in HARMLESS.items():
        found = subject.scores(change(pixels) for pixels in few)
        yield Control(f"{name}, over review", found.over(limits.review), 0, 0.05, note)
        yield Control(f"{name}, over drop", found.over(limits.drop), 0, 0.01, note)
    pasted = subject.scores(real_pastes(reals, n_pasted))
    yield Control(
        "real regions in reals, over review or with a region",
        float(pasted.alarm.mean()),
        0,
        0.03,
        f"of {len(pasted.alarm)}",
    )


def tiles_agree(subject: Subject, picture: Pixels) -> Iterator[Control]:
    """Yield the largest difference of a tile's cells, alone and in one pass of the picture.

    Where the card declares a margin, cells nearer to the tile's border are left out; else a tile
    is one window of the card's size, and the pass is over whole windows.
    """
    view = subject.spec.map_view
    if view is None or view.map_output is None:
        return
    stride, margin, window = view.map_output.stride, view.input.margin, view.input.size
    side = 2 * margin + 8 * stride if margin else window
    left, top = (6 * stride, 4 * stride) if margin else (window, window)
    repeats = [-(-2 * side // n) for n in picture.shape[:2]]
    large = np.tile(picture, (*repeats, 1))[: 2 * side, : 2 * side]
    large = np.ascontiguousarray(large)
    cut = np.ascontiguousarray(large[top : top + side, left : left + side])
    maps = []
    for pixels in (large, cut):
        cells = subject.detector.run(view.name, pixels[None]).map_logits
        assert cells is not None
        maps.append(map_likelihoods(cells[0], subject.spec.calibration))
    rows, skip = side // stride, margin // stride
    theirs = maps[0][top // stride :, left // stride :][:rows, :rows]
    inner = slice(skip, rows - skip)
    apart = float(np.abs(maps[1][inner, inner] - theirs[inner, inner]).max())
    yield Control("a tile against one pass, largest difference", apart, 0, 1e-3)
