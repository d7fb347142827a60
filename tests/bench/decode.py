"""Decoding: isolated against in-process (T8), thumbnails (T1), clips (T2), a worker's death."""

import os
import signal
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import av
import cv2
import simplejpeg

from inspector.adapters.media.direct import DirectReader
from inspector.adapters.media.pool import WorkerPool
from inspector.adapters.samples import draw_photo, encode_clip, encode_jpeg
from inspector.bootstrap.spotcheck import found_file
from inspector.bootstrap.worker import EvidenceReaders, worker_entry
from inspector.domain.media import FoundFile, Frame
from inspector.ports import ExaminePlan, MediaReader
from inspector.settings import LimitSettings
from tests.bench.measured import Measured, total_cpu_ratio

PICTURES, WIDTH, HEIGHT = 12, 4000, 3000
CLIP_FRAMES, CLIP_WIDTH, CLIP_HEIGHT = 480, 1920, 1080


def run() -> list[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        # One drawing, encoded with another corner cut off each time, so that files differ.
        drawn = draw_photo(1, WIDTH, HEIGHT)
        files = []
        for n in range(PICTURES):
            path = Path(folder, f"{n:02d}.jpg")
            path.write_bytes(encode_jpeg(drawn[n:], quality=90))
            files.append(found_file(str(path)))
        clip = Path(folder, "clip.mp4")
        scene = draw_photo(2, CLIP_WIDTH + CLIP_FRAMES, CLIP_HEIGHT)
        moved = (scene[:, n : n + CLIP_WIDTH] for n in range(CLIP_FRAMES))
        encode_clip(clip, moved, 30, gop=30)
        pool = WorkerPool(1, LimitSettings(), worker_entry())
        try:
            return [
                _isolated(pool, files),
                _thumbnails(pool, files),
                *_clip(pool, found_file(str(clip))),
                _after_kill(pool, files),
            ]
        finally:
            pool.close()


def _direct() -> DirectReader:
    """Return a reader in this process that reads all that a worker reads."""
    return DirectReader(EvidenceReaders(None))


def _ignore(_frame: Frame) -> None:
    pass


def _examine(reader: MediaReader, files: list[FoundFile]) -> Callable[[], None]:
    def work() -> None:
        for file in files:
            reader.examine(file, ExaminePlan(), _ignore, threading.Event())

    return work


def _isolated(pool: WorkerPool, files: list[FoundFile]) -> Measured:
    _examine(pool, files[:1])()
    ratio, direct, isolated = total_cpu_ratio(
        _examine(_direct(), files), _examine(pool, files), pool.worker_pids
    )
    note = f"{PICTURES / isolated:.1f} against {PICTURES / direct:.1f} files per CPU second, 12 Mpx"
    return Measured("T8 isolated decode against in-process", ratio, 0.88, True, note=note)


def _thumbnails(pool: WorkerPool, files: list[FoundFile]) -> Measured:
    data = [Path(file.path).read_bytes() for file in files]

    def bare() -> None:
        for content in data:
            pixels = simplejpeg.decode_jpeg(content, min_height=256, min_width=256, min_factor=1)
            cv2.resize(pixels, (256, 192), interpolation=cv2.INTER_AREA)

    def ours() -> None:
        for file in files:
            pool.thumbnail(file.path, 256)

    ratio, _, seconds = total_cpu_ratio(bare, ours, pool.worker_pids)
    note = f"{PICTURES / seconds:.0f} thumbnails per CPU second"
    return Measured("T1 thumbnails against a bare scaled decode", ratio, 0.9, True, note=note)


def _clip(pool: WorkerPool, file: FoundFile) -> list[Measured]:
    def bare() -> None:
        with av.open(file.path) as container:
            container.streams.video[0].thread_type = "NONE"
            for frame in container.decode(video=0):
                frame.to_ndarray(format="rgb24")

    def every() -> None:
        plan = ExaminePlan(frames=None)
        pool.examine(file, plan, _ignore, threading.Event())

    def sampled() -> None:
        pool.examine(file, ExaminePlan(frames=16), _ignore, threading.Event())

    whole, _, _ = total_cpu_ratio(bare, every, pool.worker_pids, 3)
    strip, seconds, _ = total_cpu_ratio(sampled, every, pool.worker_pids, 3)
    return [
        Measured("T2 every frame against bare PyAV decode + rgb24", whole, 0.85, True),
        Measured(
            "T2b 16 frames against all", strip, 0.4, False, note=f"{seconds:.2f} CPU s for 1080p"
        ),
    ]


def _after_kill(pool: WorkerPool, files: list[FoundFile]) -> Measured:
    """Kill the worker in the middle of a file; how long until the next whole file is done."""
    with ThreadPoolExecutor(1) as caller:
        busy = caller.submit(_examine(pool, files[:2]))
        os.kill(pool.worker_pids()[-1], signal.SIGSEGV)  # the last is lent, where one is
        started = perf_counter()
        busy.result()
        _examine(pool, files[2:3])()
        seconds = perf_counter() - started
    return Measured("T8 seconds from a kill to three whole files", seconds, 1.5, False, "s")
