"""Degradations drawn once and applied alike to many pictures, so that none betrays a class."""

import io
from dataclasses import dataclass

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]  # [height, width, 3], RGB

_KERNELS = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)


@dataclass(frozen=True, slots=True)
class Degradation:
    """What happens to a picture after it was made: the settings, none of them random any more."""

    scale: float = 1.0
    kernel: int = cv2.INTER_AREA
    blur_sigma: float = 0.0
    noise_sigma: float = 0.0
    gain: float = 1.0
    offset: float = 0.0
    jpeg: int = 0  # quality, 0 for none
    webp: int = 0  # quality, 0 for none
    x264: int = 0  # constant rate factor, 0 for none
    flip: bool = False
    seed: int = 0

    def apply(self, image: Image) -> Image:
        """Return the degraded picture; its size changes with ``scale`` only."""
        out = image[:, ::-1] if self.flip else image
        if self.scale != 1.0:
            out = resize(out, self.scale, self.kernel)
        if self.blur_sigma:
            out = cv2.GaussianBlur(out, (0, 0), self.blur_sigma)
        if self.noise_sigma or self.gain != 1.0 or self.offset:
            values = out.astype(np.float32) * self.gain + self.offset
            if self.noise_sigma:
                noise = np.random.default_rng(self.seed).standard_normal(out.shape, np.float32)
                values += self.noise_sigma * noise
            out = np.clip(np.rint(values), 0, 255).astype(np.uint8)
        if self.webp:
            out = _through(".webp", out, [cv2.IMWRITE_WEBP_QUALITY, self.webp])
        if self.jpeg:
            out = _through(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, self.jpeg])
        if self.x264:
            out = _as_clip(out, self.x264)
        return np.ascontiguousarray(out)


def draw(rng: np.random.Generator, *, flips: bool = True) -> Degradation:
    """Draw what may befall a picture on its way to a training set; 15 % stay untouched."""
    flip = flips and rng.random() < 0.5
    if rng.random() < 0.15:
        return Degradation(flip=flip)
    codec = rng.random()
    return Degradation(
        scale=float(rng.uniform(0.5, 1.5)) if rng.random() < 0.4 else 1.0,
        kernel=int(rng.choice(_KERNELS)),
        blur_sigma=float(rng.uniform(0.3, 1.2)) if rng.random() < 0.12 else 0.0,
        noise_sigma=float(rng.uniform(1, 6)) if rng.random() < 0.12 else 0.0,
        gain=float(rng.uniform(0.85, 1.15)) if rng.random() < 0.2 else 1.0,
        offset=float(rng.uniform(-15, 15)) if rng.random() < 0.2 else 0.0,
        jpeg=int(rng.integers(60, 99)) if codec < 0.6 else 0,
        webp=int(rng.integers(60, 96)) if codec > 0.8 else 0,
        flip=flip,
        seed=int(rng.integers(1 << 31)),
    )


def draw_frame(rng: np.random.Generator) -> Degradation:
    """Draw what befalls a frame of a clip: perhaps another size, always a video codec."""
    return Degradation(
        scale=float(rng.uniform(0.6, 1.2)) if rng.random() < 0.5 else 1.0,
        kernel=int(rng.choice(_KERNELS)),
        x264=int(rng.integers(17, 31)),
        flip=bool(rng.random() < 0.5),
    )


def resize(image: Image, scale: float, kernel: int) -> Image:
    """Scale both sides; a side never falls below 1 px."""
    height, width = image.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=kernel), np.uint8)


def _through(suffix: str, image: Image, options: list[int]) -> Image:
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, coded = cv2.imencode(suffix, bgr, options)
    return np.asarray(cv2.cvtColor(cv2.imdecode(coded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB))


_PAN_PX, _CLIP_FRAMES = 2, 4


def _as_clip(image: Image, crf: int) -> Image:
    """Return the last frame of a short pan over the picture in H.264, 4:2:0.

    The last frame is predicted from those before it, as almost every frame of a clip is.
    """
    room = _PAN_PX * (_CLIP_FRAMES - 1)
    height, width = (n + n % 2 for n in image.shape[:2])
    wide = cv2.copyMakeBorder(
        image,
        0,
        height - image.shape[0],
        room,
        width - image.shape[1],
        cv2.BORDER_REFLECT,
    )
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as clip:
        stream = clip.add_stream("libx264", rate=25, options={"crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.thread_count = 1
        for number in range(_CLIP_FRAMES):
            left = _PAN_PX * number
            shown = np.ascontiguousarray(wide[:, left : left + width])
            clip.mux(stream.encode(av.VideoFrame.from_ndarray(shown, format="rgb24")))
        clip.mux(stream.encode())
    file.seek(0)
    with av.open(file) as clip:
        last = [frame.to_ndarray(format="rgb24") for frame in clip.decode(video=0)][-1]
    return np.asarray(last[: image.shape[0], : image.shape[1]], np.uint8)


def read_rgb(path: str) -> Image:
    """Read one of our own, trusted pictures."""
    image = cv2.imread(path, cv2.IMREAD_COLOR)
    if image is None:
        raise FileNotFoundError(path)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)


def short_side(image: Image, side: int) -> Image:
    """Scale so that the short side is ``side``: averaging down, cubic up, as at run time."""
    height, width = image.shape[:2]
    scale = side / min(height, width)
    if scale == 1.0:
        return image
    size = (max(side, round(width * scale)), max(side, round(height * scale)))
    kernel = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=kernel), np.uint8)


def centre(image: Image, side: int) -> Image:
    """Cut the middle ``side`` x ``side`` pixels."""
    top, left = ((n - side) // 2 for n in image.shape[:2])
    return image[top : top + side, left : left + side]


def random_window(image: Image, rng: np.random.Generator, low: float = 0.7) -> Image:
    """Cut a random window whose sides are at least ``low`` of the picture's."""
    height, width = image.shape[:2]
    part = rng.uniform(low, 1.0)
    rows, cols = int(height * part), int(width * part)
    top, left = int(rng.integers(height - rows + 1)), int(rng.integers(width - cols + 1))
    return image[top : top + rows, left : left + cols]
