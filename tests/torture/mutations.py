"""Good files changed at random, through the worker pool, for as long as one likes."""

import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pillow_heif

from inspector.adapters.media.isolation.memory import resident_bytes
from inspector.adapters.media.pool import WorkerPool
from inspector.bootstrap.demo import make_demo
from inspector.bootstrap.worker import worker_entry
from inspector.domain.media import FoundFile, Frame, ItemStatus
from inspector.ports import Examination, ExaminePlan
from inspector.settings import LimitSettings
from tests.torture.materials import picture
from tests.torture.outcome import Checks, Outcome
from tests.unit.adapters.media.drawing import clip

FULL_S = float(os.environ.get("TORTURE_MUTATION_S", "600"))
QUICK_S = 60.0
LIMITS = LimitSettings()
PLUGINS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "HEIF", "MPO")
CLIPS = (("a.mp4", "libx264"), ("a.mkv", "ffv1"), ("a.webm", "libvpx-vp9"), ("a.mov", "mpeg4"))


def run(scratch: Path, *, quick: bool, seconds: float | None = None) -> Outcome:
    """Examine mutants until the time is over; each ends in a stated state."""
    duration = seconds if seconds is not None else QUICK_S if quick else FULL_S
    checks = Checks("mutation", "mutants")
    seeds = _seeds(scratch)
    pool = WorkerPool(2, LIMITS, worker_entry())
    counts: Counter[str] = Counter()
    largest = 0
    end = time.monotonic() + duration
    try:
        with ThreadPoolExecutor(2) as callers:
            tasks = [
                callers.submit(_mutate, pool, seeds, scratch / str(n), n, end) for n in range(2)
            ]
            while not all(task.done() for task in tasks):
                time.sleep(0.1)
                sizes = [resident_bytes(pid) or 0 for pid in pool.worker_pids()]
                largest = max([largest, *sizes])
            for task in tasks:
                for status, fault in task.result():
                    counts[status] += 1
                    checks.trial(*([fault] if fault else []))
    finally:
        pool.close()
    # A worker over the limit is ended, but is looked at only ten times a second.
    checks.require(largest < LIMITS.resident_bytes * 1.2, f"a worker took {largest >> 20} MB")
    told = ", ".join(f"{count:,} {status}" for status, count in counts.most_common())
    return checks.outcome(
        f"{duration:.0f} s, {len(seeds)} good files; {told}; largest worker {largest >> 20} MB"
    )


def _seeds(scratch: Path) -> list[tuple[str, bytes]]:
    folder = scratch / "good"
    folder.mkdir(parents=True)
    pillow_heif.register_heif_opener()
    seeds = []
    for plugin in PLUGINS:
        try:
            seeds.append((f"{plugin}.bin", picture(5, 96, 64, plugin)))
        except (KeyError, OSError):  # a plugin that this machine lacks
            continue
    for name, codec in CLIPS:
        seeds.append((name, clip(folder / name, frames=12, codec=codec).read_bytes()))
    demo = make_demo(folder / "demo")
    seeds += [(path.name, path.read_bytes()) for path in demo.files if path.suffix == ".jpg"]
    return seeds


def _mutate(
    pool: WorkerPool, seeds: list[tuple[str, bytes]], folder: Path, seed: int, end: float
) -> list[tuple[str, str]]:
    folder.mkdir()
    chance = random.Random(seed)
    results = []
    while time.monotonic() < end:
        name, good = chance.choice(seeds)
        path = folder / f"mutant{Path(name).suffix}"
        path.write_bytes(mutant(good, chance))
        began = time.monotonic()
        seen, frames = _examined(pool, path)
        took = time.monotonic() - began
        code = f" {seen.fault.code.value} ({name})" if seen.fault and _is_costly(seen) else ""
        results.append((f"{seen.status.value}{code}", _fault(name, seen, frames, took)))
    return results


def _examined(pool: WorkerPool, path: Path) -> tuple[Examination, int]:
    facts = path.stat()
    file = FoundFile(str(path), facts.st_size, facts.st_mtime_ns, str(path.parent))
    frames: list[float] = []

    def look(frame: Frame) -> None:
        frames.append(float(frame.pixels.mean()))

    return pool.examine(file, ExaminePlan(frames=8), look, Event()), len(frames)


def _is_costly(seen: Examination) -> bool:
    assert seen.fault is not None
    return seen.fault.code.value in ("crashed", "timeout", "out_of_memory")


def _fault(name: str, seen: Examination, frames: int, took: float) -> str:
    if (seen.fault is None) != (seen.status is ItemStatus.OK):
        return f"a mutant of {name} is {seen.status.value} without a reason, or with one"
    if seen.fault is not None and not seen.fault.message.endswith("."):
        return f"a mutant of {name}: {seen.fault.message!r} is no sentence"
    decoded = seen.status in (ItemStatus.OK, ItemStatus.DAMAGED)
    if decoded and (not frames or seen.info is None or seen.thumbnail is None):
        return f"a mutant of {name} is {seen.status.value} without a frame"
    if took > 2 * LIMITS.video_stall_s + 5:
        return f"a mutant of {name} took {took:.0f} s"
    return ""


def mutant(good: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one to four changes."""
    data = bytearray(good)
    for _ in range(chance.randrange(1, 5)):
        if not data:
            break
        at = chance.randrange(len(data))
        # Headers steer decoders more than pixels do.
        at = min(at, chance.choice((64, 1024, len(data))))
        length = chance.choice((1, 2, 4, 16, 200))
        match chance.choice(["flip", "byte", "cut", "zero", "noise", "repeat", "remove", "large"]):
            case "flip":
                data[at % len(data)] ^= 1 << chance.randrange(8)
            case "byte":
                data[at % len(data)] = chance.choice((0, 0x7F, 0x80, 0xFF))
            case "cut" if len(data) > 10:
                del data[chance.randrange(len(data) // 2, len(data)) :]
            case "zero":
                data[at : at + length] = bytes(length)
            case "noise":
                data[at : at + length] = chance.randbytes(length)
            case "repeat":
                data[at:at] = data[at : at + length * 4]
            case "remove":
                del data[at : at + length]
            case _:
                data[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(data)
