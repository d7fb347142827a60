"""Held-out pasted regions and harmless changes: what the map must find, and what it must not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.augment import Degradation, Image, read_rgb
from models.training.clip_tower import STRIDE
from models.training.harms import HARMS
from models.training.scoring import TwoViews
from models.training.sources import Picture

Mask = NDArray[np.float32]  # [H, W] in [0, 1]: the share of a pixel that is pasted


@dataclass(frozen=True, slots=True)
class Pasted:
    """A picture with a region of the other kind, and the share of fake pixels per cell."""

    image: Image
    shares: NDArray[np.float32]


def pasted_pictures(pictures: Sequence[Picture], n: int, seed: int = 5) -> Iterator[Pasted]:
    """Yield ``n`` pictures into which a region of the other label was pasted, both ways."""
    rng = np.random.default_rng(seed)
    by_label = {s: [p for p in pictures if p.synthetic is s] for s in (False, True)}
    for _ in range(n):
        real, fake = (
            read_rgb(str(by_label[s][int(rng.integers(len(by_label[s])))].path))
            for s in (False, True)
        )
        height, width = (
            min(a, b) // STRIDE * STRIDE
            for a, b in zip(real.shape[:2], fake.shape[:2], strict=True)
        )
        mask = random_shape(rng, height, width)
        if rng.random() < 0.4:
            mask = 1 - mask
        real, fake = real[:height, :width], fake[:height, :width].astype(np.float32)
        mixed = np.rint(real + (fake - real) * mask[..., None]).astype(np.uint8)
        image = Degradation(jpeg=int(rng.integers(80, 97))).apply(mixed)
        yield Pasted(image, cell_shares(mask))


def real_pastes(reals: Sequence[TwoViews], n: int, seed: int = 6) -> Iterator[TwoViews]:
    """Yield reals into which a region of another real was pasted: nothing synthetic in them."""
    rng = np.random.default_rng(seed)
    for _ in range(n):
        a, b = (reals[int(rng.integers(len(reals)))] for _ in range(2))
        yield replace(
            a, whole=_pasted(a.whole, b.whole, rng), native=_pasted(a.native, b.native, rng)
        )


def _pasted(base: Image, other: Image, rng: np.random.Generator) -> Image:
    height, width = (min(m, k) for m, k in zip(base.shape[:2], other.shape[:2], strict=True))
    mask = random_shape(rng, height, width)[..., None]
    base = base[:height, :width]
    mixed = base + (other[:height, :width].astype(np.float32) - base) * mask
    return np.asarray(np.rint(mixed), np.uint8)


def harmed(reals: Sequence[TwoViews], n: int, seed: int = 8) -> Iterator[tuple[str, TwoViews]]:
    """Yield (name, picture): reals after something harmless, each kind ``n`` times."""
    rng = np.random.default_rng(seed)
    for harm in dict.fromkeys(HARMS):
        for _ in range(n):
            real = reals[int(rng.integers(len(reals)))]
            whole, native = harm(real.whole, rng), harm(real.native, rng)
            yield harm.__name__.strip("_"), replace(real, whole=whole, native=native)


def cell_shares(mask: Mask) -> NDArray[np.float32]:
    """Return the mean of a mask in each cell; its sides are multiples of the stride."""
    rows, cols = (n // STRIDE for n in mask.shape)
    return np.asarray(mask.reshape(rows, STRIDE, cols, STRIDE).mean(axis=(1, 3)), np.float32)


def random_shape(rng: np.random.Generator, height: int, width: int) -> Mask:
    """Return a soft-edged random polygon, ellipse or box covering 5-50 % of the picture."""
    mask = np.zeros((height, width), np.uint8)
    centre = np.array([rng.uniform(0.25, 0.75) * width, rng.uniform(0.25, 0.75) * height])
    radius = np.array([rng.uniform(0.15, 0.4) * width, rng.uniform(0.15, 0.4) * height])
    kind = rng.integers(3)
    if kind == 0:
        low, high = (np.rint(v).astype(int) for v in (centre - radius, centre + radius))
        cv2.rectangle(mask, low.tolist(), high.tolist(), 255, -1)
    elif kind == 1:
        axes = np.rint(radius).astype(int).tolist()
        cv2.ellipse(
            mask, np.rint(centre).astype(int).tolist(), axes, rng.uniform(0, 180), 0, 360, 255, -1
        )
    else:
        angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(5, 12))))
        reach = rng.uniform(0.5, 1.3, (len(angles), 1)) * radius
        points = centre + reach * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        cv2.fillPoly(mask, [np.rint(points).astype(np.int32)], 255)
    soft = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.5, 3))
    return np.asarray(soft, np.float32) / 255
