"""What the pixel net is shown: reals, generated pictures, twins, pastes and hard negatives."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.augment import Degradation, Image, draw, read_rgb, resize
from models.training.sources import Picture

_ROOM_PX = 8  # spare pixels for a random phase of the codec's 8x8 grid

Mask = NDArray[np.float32]  # [H, W] in [0, 1]: the share of a pixel that is synthetic
_Array = TypeVar("_Array", Image, Mask)
Harm = Callable[[Image, np.random.Generator], Image]


@dataclass(frozen=True, slots=True)
class Twins:
    """Real pictures and their decoded twins, [N, H, W, 3] each, and which picture each is."""

    real: NDArray[np.uint8]
    twin: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sample:
    """One crop with its mask; ``pair`` is shared by a twin and the real it was made from."""

    image: Image
    mask: Mask
    pair: int = -1


class Sampler:
    """Draws samples without end; sources are drawn by count^0.5, so none drowns the rest."""

    def __init__(
        self, pictures: Sequence[Picture], twins: Twins, seed: int, crop_px: int = 160
    ) -> None:
        self.crop_px = crop_px
        self._rng = np.random.default_rng(seed)
        self._twins = twins
        self._by_label = {s: [p for p in pictures if p.synthetic is s] for s in (False, True)}
        self._chances: dict[bool, NDArray[np.float64]] = {}
        for label, items in self._by_label.items():
            counts = Counter(p.source for p in items)
            chances = np.array([counts[p.source] ** -0.5 for p in items])
            self._chances[label] = chances / chances.sum()

    def batch(self) -> list[Sample]:
        """Return 24 samples: 4 of pairs, 4 generated, 8 pasted, 8 real of which 5 are hard."""
        samples = [s for n in range(2) for s in self._pair(n)]
        samples += [self._plain(True) for _ in range(4)]
        samples += [self._pasted() for _ in range(8)]
        samples += [self._plain(False) for _ in range(3)]
        samples += [self._harmed() for _ in range(2)]
        samples += [self._pasted_real() for _ in range(3)]
        return samples

    def _picture(self, synthetic: bool) -> Image:
        items = self._by_label[synthetic]
        return read_rgb(str(items[self._rng.choice(len(items), p=self._chances[synthetic])].path))

    def _finish(self, images: Sequence[Image], masks: Sequence[Mask]) -> list[tuple[Image, Mask]]:
        """Cut, degrade and cut again: the same way for every picture given."""
        rng = self._rng
        height, width = images[0].shape[:2]
        fate = self._fate(min(height, width))
        side = min(round((self.crop_px + _ROOM_PX) / fate.scale) + 1, height, width)
        top, left = int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1))
        turn, dy, dx = int(rng.integers(4)), *(int(v) for v in rng.integers(0, _ROOM_PX, 2))
        out = []
        for image, mask in zip(images, masks, strict=True):
            window = (slice(top, top + side), slice(left, left + side))
            pixels = fate.apply(np.rot90(image[window], turn))
            area = np.rot90(mask[window], turn)
            area = area[:, ::-1] if fate.flip else area
            area = cv2.resize(
                np.ascontiguousarray(area), pixels.shape[1::-1], interpolation=cv2.INTER_AREA
            )
            inner = (slice(dy, dy + self.crop_px), slice(dx, dx + self.crop_px))
            out.append((_fit(pixels[inner], self.crop_px), _fit(area[inner], self.crop_px)))
        return out

    def _fate(self, short: int) -> Degradation:
        fate = draw(self._rng)
        if self._rng.random() < 0.08:  # small pictures blown up, as galleries of 2022 did
            fate = replace(fate, scale=float(self._rng.uniform(1.5, 4)), kernel=cv2.INTER_CUBIC)
        least = (self.crop_px + _ROOM_PX + 1) / short
        return replace(fate, scale=max(fate.scale, min(1.0, least)))

    def _plain(self, synthetic: bool) -> Sample:
        image = self._picture(synthetic)
        mask = np.full(image.shape[:2], float(synthetic), np.float32)
        return Sample(*self._finish([image], [mask])[0])

    def _pair(self, number: int) -> list[Sample]:
        i = int(self._rng.integers(len(self._twins.real)))
        real, twin = self._twins.real[i], self._twins.twin[i]
        nothing = np.zeros(real.shape[:2], np.float32)
        done = self._finish([real, twin], [nothing, nothing + 1])
        return [Sample(image, mask, number) for image, mask in done]

    def _pasted(self) -> Sample:
        """Paste a region of one kind into the other; half of the time a twin into its real."""
        rng = self._rng
        if rng.random() < 0.4:
            i = int(rng.integers(len(self._twins.real)))
            real, fake = self._twins.real[i], self._twins.twin[i]
        else:
            real, fake = _same_size(self._picture(False), self._picture(True))
        mask = random_shape(rng, *real.shape[:2])
        if rng.random() < 0.4:
            mask = 1 - mask
        mixed = real + (fake.astype(np.float32) - real) * mask[..., None]
        return Sample(*self._finish([np.rint(mixed).astype(np.uint8)], [mask])[0])

    def _harmed(self) -> Sample:
        """A real picture after something harmless that looks like a generator's trace."""
        harm = HARMS[int(self._rng.integers(len(HARMS)))]
        return self._real(harm(self._picture(False), self._rng))

    def _pasted_real(self) -> Sample:
        """A real picture with a region of another: an edge, and nothing synthetic."""
        image, other = _same_size(self._picture(False), self._picture(False))
        shape = random_shape(self._rng, *image.shape[:2])[..., None]
        mixed = image + (other.astype(np.float32) - image) * shape
        return self._real(np.rint(mixed).astype(np.uint8))

    def _real(self, image: Image) -> Sample:
        nothing = np.zeros(image.shape[:2], np.float32)
        return Sample(*self._finish([image], [nothing])[0])


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


def _same_size(a: Image, b: Image) -> tuple[Image, Image]:
    height, width = (min(m, n) for m, n in zip(a.shape[:2], b.shape[:2], strict=True))
    return a[:height, :width], b[:height, :width]


def _fit(array: _Array, side: int) -> _Array:
    """Reflect what little may lack on the right and below."""
    lack = [side - n for n in array.shape[:2]]
    if not any(lack):
        return array
    pads = [(0, lack[0]), (0, lack[1])] + [(0, 0)] * (array.ndim - 2)
    return np.pad(array, pads, mode="reflect")  # type: ignore[return-value]


def _down_up(image: Image, rng: np.random.Generator) -> Image:
    kernels = (cv2.INTER_CUBIC, cv2.INTER_LANCZOS4, cv2.INTER_LINEAR, cv2.INTER_NEAREST)
    small = resize(image, rng.uniform(0.25, 0.7), cv2.INTER_AREA)
    size = image.shape[1::-1]
    return np.asarray(cv2.resize(small, size, interpolation=int(rng.choice(kernels))), np.uint8)


def _median(image: Image, rng: np.random.Generator) -> Image:
    return np.asarray(cv2.medianBlur(image, int(rng.choice([3, 5]))), np.uint8)


def _denoise(image: Image, rng: np.random.Generator) -> Image:
    return np.asarray(cv2.bilateralFilter(image, 5, rng.uniform(15, 50), 3), np.uint8)


def _unsharp(image: Image, rng: np.random.Generator) -> Image:
    soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.8, 2.5))
    amount = rng.uniform(0.4, 1.5)
    return np.asarray(cv2.addWeighted(image, 1 + amount, soft, -amount, 0), np.uint8)


def _tone(image: Image, rng: np.random.Generator) -> Image:
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    tiles = cv2.createCLAHE(rng.uniform(1.0, 3.0), (4, 4))
    light = tiles.apply(np.ascontiguousarray(lab[..., 0]))
    lab[..., 0] = light
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8)


def _codec_twice(image: Image, rng: np.random.Generator) -> Image:
    first, second = (int(q) for q in rng.integers(40, 95, 2))
    once = Degradation(jpeg=first).apply(image[int(rng.integers(8)) :, int(rng.integers(8)) :])
    return Degradation(jpeg=second).apply(once)


def _webp(image: Image, rng: np.random.Generator) -> Image:
    return Degradation(webp=int(rng.integers(40, 95))).apply(image)


def fine_webp(image: Image, rng: np.random.Generator) -> Image:
    """Code a picture as WebP so well that nobody sees it; a detector must not, either."""
    return Degradation(webp=int(rng.integers(80, 99))).apply(image)


HARMS: tuple[Harm, ...] = (
    _down_up,
    _down_up,
    _median,
    _denoise,
    _unsharp,
    _tone,
    _codec_twice,
    _webp,
)
