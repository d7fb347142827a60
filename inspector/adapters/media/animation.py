"""Animated GIF, WebP, PNG and AVIF as clips: frames in time, decoded by Pillow."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import BinaryIO

import numpy as np
from PIL import Image

from inspector.adapters.media.cadence import beats
from inspector.adapters.media.color import SrgbConverter, pour
from inspector.adapters.media.frames import Pixels, check_size
from inspector.adapters.media.moving import Picture
from inspector.adapters.media.still import PILLOW_ERRORS, open_picture, out_of_memory, unreadable
from inspector.domain.errors import FaultCode
from inspector.domain.media import Fault, MediaInfo, MediaKind

_ANIMATED = ("gif", "webp", "png", "avif")
_DEFAULT_MS = 100


def is_animated(file: BinaryIO, media_format: str) -> bool:
    """Whether a picture claims more than one frame; damaged headers count as still."""
    if media_format not in _ANIMATED:
        return False
    try:
        with open_picture(file, media_format) as image:
            return int(getattr(image, "n_frames", 1)) > 1
    except (MemoryError, *PILLOW_ERRORS):
        return False


class Animation:
    """One opened animation; used by one thread. Each frame is the whole canvas as shown."""

    keyframes: Sequence[int] = ()

    def __init__(
        self,
        file: BinaryIO,
        media_format: str,
        *,
        max_pixels: int,
        progress: Callable[[], None],
    ) -> None:
        """Open the animation.

        Raises:
            MediaError: its header is damaged or its canvas too large.
        """
        self._format = media_format
        self._progress = progress
        self._lost = 0
        known = beats(file, media_format)
        try:
            self._image = open_picture(file, media_format)
            check_size(*self._image.size, max_pixels)
            count = int(getattr(self._image, "n_frames", 1))
        except MemoryError as error:
            raise out_of_memory() from error
        except PILLOW_ERRORS as error:
            raise unreadable(error) from error
        delays = [beat.delay_ms for beat in known]
        if len(delays) != count:
            usual = delays[0] if delays else _DEFAULT_MS
            delays = [usual] * count
        # A frame that makes the canvas too large is lost, and with it all that build on it.
        self._fitting = next(
            (n for n, beat in enumerate(known) if beat.width * beat.height > max_pixels), count
        )
        ends = list(accumulate(delays))
        self.times_s: Sequence[float] = [0.0, *(end / 1000 for end in ends[:-1])]
        self._length_s = ends[-1] / 1000

    @property
    def info(self) -> MediaInfo:
        width, height = self._image.size
        count = len(self.times_s)
        return MediaInfo(
            MediaKind.VIDEO,
            self._format,
            width,
            height,
            duration_s=self._length_s,
            frame_count=count,
            frame_rate=count / self._length_s if self._length_s else None,
            codec=self._format,
        )

    def damage(self) -> Fault | None:
        if not self._lost:
            return None
        text = f"{self._lost} of {len(self.times_s)} frames cannot be decoded."
        return Fault(FaultCode.CORRUPT, text)

    def frames(self, wanted: Sequence[int], *, near: bool = False) -> Iterator[tuple[int, Picture]]:
        """Decode frames by index; Pillow decodes those before a frame by itself."""
        for index in wanted:
            self._progress()
            if index >= self._fitting:
                self._lost += 1
                continue
            try:
                self._image.seek(index)
                self._image.load()
                picture = AnimationPicture(self._image)
            except MemoryError as error:
                raise out_of_memory() from error
            except PILLOW_ERRORS:
                self._lost += 1
                continue
            yield index, picture

    def close(self) -> None:
        self._image.close()


class AnimationPicture:
    """A frame of an animation; stands until the next one is decoded."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        self._converter = SrgbConverter(image)
        self.width, self.height = image.size

    def write(self, target: Pixels) -> None:
        pour(self._image, self._converter, 1, target, 0)

    def thumbnail(self, side_px: int) -> Pixels:
        small = pour(self._image, self._converter, 1, None, side_px)
        return small if small is not None else np.zeros((1, 1, 3), np.uint8)
