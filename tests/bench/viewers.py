"""Painting a heatmap over a 1080p frame against decoding and converting that frame (T5)."""

import os
import tempfile
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter, QTransform

from inspector.adapters.samples import draw_photo, encode_clip
from inspector.domain.score import Heatmap
from inspector.gui.app import make_application
from inspector.gui.loupe.overlay import HeatmapOverlay
from tests.bench.measured import Measured, cpu_ratio

WIDTH, HEIGHT, FRAMES = 1920, 1080, 30


def run() -> list[Measured]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    make_application()
    rows, cols = -(-HEIGHT // 16), WIDTH // 16
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    likelihoods = 0.5 + 0.5 * np.sin(x / 9) * np.cos(y / 7)
    overlay = HeatmapOverlay()
    overlay.set_map(Heatmap.from_likelihoods(likelihoods.astype(np.float32), 16))
    target = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)

    def paint() -> None:
        for _ in range(FRAMES):
            painter = QPainter(target)
            overlay.paint(painter, QTransform(), (WIDTH, HEIGHT))
            painter.end()

    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder, "clip.mp4")
        scene = draw_photo(1, WIDTH + FRAMES, HEIGHT)
        encode_clip(clip, (_seen(scene[:, n : n + WIDTH], n) for n in range(FRAMES)))

        def decode() -> None:
            with av.open(str(clip)) as container:
                container.streams.video[0].thread_type = "NONE"
                for frame in container.decode(video=0):
                    frame.to_ndarray(format="rgb24")

        ratio, painted, _ = cpu_ratio(paint, decode)
    note = f"{painted / FRAMES * 1000:.1f} ms a frame"
    return [Measured("T5 overlay paint against decode + convert", ratio, 0.5, False, note=note)]


def _seen(scene: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """Return a frame with a sensor's noise, new in each frame, as cameras record it."""
    noise = np.random.default_rng(number).normal(0, 3, scene.shape)
    return np.clip(scene + noise, 0, 255).astype(np.uint8)
