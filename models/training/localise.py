"""Held-out pasted regions and harmless changes: what the map must find, and what it must not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.training.augment import Degradation, Image, read_rgb
from models.training.batches import HARMS, Mask, random_shape
from models.training.sources import Picture
from models.training.token_map import STRIDE


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


def real_pastes(pictures: Sequence[Picture], n: int, seed: int = 6) -> Iterator[Image]:
    """Yield reals into which a region of another real was pasted: nothing synthetic in them."""
    rng = np.random.default_rng(seed)
    reals = [p for p in pictures if not p.synthetic]
    for _ in range(n):
        a, b = (read_rgb(str(reals[int(rng.integers(len(reals)))].path)) for _ in range(2))
        height, width = (min(m, k) for m, k in zip(a.shape[:2], b.shape[:2], strict=True))
        mask = random_shape(rng, height, width)[..., None]
        base = a[:height, :width]
        yield np.rint(base + (b[:height, :width].astype(np.float32) - base) * mask).astype(np.uint8)


def harmed(pictures: Sequence[Picture], n: int, seed: int = 8) -> Iterator[tuple[str, Image]]:
    """Yield (name, picture): reals after something harmless, each kind ``n`` times."""
    rng = np.random.default_rng(seed)
    reals = [p for p in pictures if not p.synthetic]
    for harm in dict.fromkeys(HARMS):
        for _ in range(n):
            image = read_rgb(str(reals[int(rng.integers(len(reals)))].path))
            yield harm.__name__.strip("_"), harm(image, rng)


def cell_shares(mask: Mask) -> NDArray[np.float32]:
    """Return the mean of a mask in each cell; its sides are multiples of the stride."""
    rows, cols = (n // STRIDE for n in mask.shape)
    return np.asarray(mask.reshape(rows, STRIDE, cols, STRIDE).mean(axis=(1, 3)), np.float32)
