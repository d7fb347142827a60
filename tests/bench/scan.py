"""A whole scan against the raw ``session.run`` bound on the same tiles (T3), and its memory."""

import re
import tempfile
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.media.pool import WorkerPool
from inspector.adapters.samples import draw_photo, encode_jpeg
from inspector.adapters.sqlite import SessionStore
from inspector.bootstrap.detectors import FAST, open_detector
from inspector.bootstrap.scanning import build_assessor, build_scan, job_count, open_reader
from inspector.domain.detector import DetectorSpec, DeviceReport
from inspector.domain.policy import PRESETS
from inspector.ports import Detector, MediaReader, ViewResult
from inspector.settings import Places, Settings
from tests.bench.measured import Measured, peak_bytes, wall_ratio

FILES, WIDTH, HEIGHT = 48, 1600, 1200


class Recorder:
    """Keeps every batch that a scan hands to the detector."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._lock = Lock()
        self.batches: list[tuple[str, NDArray[np.uint8]]] = []

    @property
    def spec(self) -> DetectorSpec:
        return self._detector.spec

    @property
    def device(self) -> DeviceReport:
        return self._detector.device

    def run(self, view: str, batch: NDArray[np.uint8]) -> ViewResult:
        with self._lock:
            self.batches.append((view, batch.copy()))
        return self._detector.run(view, batch)

    def close(self) -> None:
        """Leave the detector to its owner."""


def run() -> list[Measured]:
    return measure_scan(FAST, "cpu", FILES)


def measure_scan(model: str, device: str, files: int, rounds: int = 5) -> list[Measured]:
    """Scan drawn photos, time it against the bound on the same tiles, and look at memory."""
    places, settings = Places(), Settings()
    detector = open_detector(model, device, places)
    reader = open_reader(job_count(0), settings, places)
    recorder = Recorder(detector)
    with tempfile.TemporaryDirectory() as folder:
        media = Path(folder, "media")
        media.mkdir()
        for n in range(files):
            picture = encode_jpeg(draw_photo(n, WIDTH, HEIGHT), quality=90)
            (media / f"{n:03d}.jpg").write_bytes(picture)
        _scan(media, Path(folder, "warm.inspection"), recorder, reader)
        runs = iter(range(100))

        def scan() -> None:
            _scan(media, Path(folder, f"{next(runs)}.inspection"), detector, reader)

        bound = _raw(detector, recorder.batches)
        ratio, raw, whole = wall_ratio(bound, scan, rounds)
    worker = _largest_worker(reader)
    reader.close()
    detector.close()
    where = f"{model} on {detector.device.name}"
    note = f"{where}: {files / whole:.1f} files/s of {WIDTH}x{HEIGHT}; bound {files / raw:.1f}"
    return [
        Measured("T3 scan against raw session.run on its tiles", ratio, 0.85, True, note=note),
        Measured("scanning process, resident", peak_bytes() / 2**20, 1024, False, "MiB", where),
        Measured("largest worker, resident", worker / 2**20, 1500, False, "MiB"),
    ]


def _scan(media: Path, session: Path, detector: Detector, reader: MediaReader) -> None:
    scan = Settings().scan
    with SessionStore.create(session) as store:
        assessor = build_assessor(reader, detector, PRESETS["cautious"], scan, {})
        for _ in build_scan([str(media)], lambda: assessor, store, scan.jobs, Event()).events():
            pass


def _raw(detector: Detector, batches: list[tuple[str, NDArray[np.uint8]]]) -> Callable[[], None]:
    """Return the bound: nothing but ``run`` on the same tiles, in full batches on a device.

    On a CPU as many callers as cores run them one by one.
    """
    most = detector.device.batch
    if most > 1:
        batches = _in_full_batches(batches, most)

    def run_all() -> None:
        with ThreadPoolExecutor(2 if most > 1 else job_count(0) - 1) as pool:
            list(pool.map(lambda batch: detector.run(*batch), batches))

    return run_all


def _in_full_batches(
    batches: list[tuple[str, NDArray[np.uint8]]], most: int
) -> list[tuple[str, NDArray[np.uint8]]]:
    alike: dict[tuple[str, tuple[int, ...]], list[NDArray[np.uint8]]] = defaultdict(list)
    for view, batch in batches:
        alike[view, batch.shape[1:]].extend(batch[n : n + 1] for n in range(len(batch)))
    return [
        (view, np.concatenate(tiles[start : start + most]))
        for (view, _), tiles in alike.items()
        for start in range(0, len(tiles), most)
    ]


def _largest_worker(reader: MediaReader) -> int:
    """Return the largest resident size that a living worker ever had, bytes."""
    assert isinstance(reader, WorkerPool)
    peaks = []
    for pid in reader.worker_pids():
        status = Path(f"/proc/{pid}/status").read_text()
        peaks.append(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024)
    return max(peaks)
