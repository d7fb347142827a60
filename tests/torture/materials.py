"""Folders of drawn media, a detector of a few nodes, and a memory of what a tree held."""

import hashlib
import io
import os
import stat
from pathlib import Path

import numpy as np
from PIL import Image

from tests.unit.adapters.media.drawing import clip
from tests.unit.adapters.onnx.graphs import MAP, SCORE, a_model_folder, brightness_graph

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared" / "data"


def picture(seed: int, width: int = 160, height: int = 120, plugin: str = "JPEG") -> bytes:
    """Return an encoded picture; each seed gives other bytes and another score."""
    rows, cols = np.mgrid[0:height, 0:width]
    noise = np.random.default_rng(seed).integers(0, 25, (height, width, 3))
    level = 20 + seed * 37 % 180
    smooth = np.stack([cols * 50 // width, rows * 50 // height, (rows + cols) % 50], -1)
    buffer = io.BytesIO()
    pixels = (smooth + noise + level).clip(0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(buffer, plugin)
    return buffer.getvalue()


def fill(folder: Path, count: int, *, clips: int = 0, width: int = 160, height: int = 120) -> Path:
    """Write ``count`` pictures, in folders of 50, and some clips."""
    for n in range(count):
        path = folder / f"{n // 50:03}" / f"{n:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture(n, width, height))
    for n in range(clips):
        clip(folder / f"clip {n}.mp4", frames=24)
    return folder


def tiny_detector(folder: Path) -> Path:
    """Write a detector whose score is the brightness, with a map, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    graph = brightness_graph(gain=0.02, shift=-2.5, outputs=("score", "map"))
    return a_model_folder(folder, graph, SCORE.format(kind="logit") + MAP)


class Tree:
    """What every file below a folder was: bytes, times, rights and extended attributes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._facts = self._read()

    def __len__(self) -> int:
        return len(self._facts)

    def changes(self) -> list[str]:
        """Return what is different now, a sentence a file."""
        now = self._read()
        names = sorted(self._facts.keys() | now.keys())
        return [
            f"{name!r} of the input changed"
            for name in names
            if self._facts.get(name) != now.get(name)
        ]

    def _read(self) -> dict[bytes, tuple[object, ...]]:
        facts = {}
        for folder, _, names in os.walk(os.fsencode(self._folder)):
            for name in [b".", *names]:
                path = os.path.join(folder, name)
                facts[path] = _facts_of(path)
        return facts


def _facts_of(path: bytes) -> tuple[object, ...]:
    seen = os.lstat(path)
    # A change time moves with every change of rights, owner, links or attributes.
    facts = (seen.st_mode, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_nlink)
    if not stat.S_ISREG(seen.st_mode) or seen.st_size > 1 << 30:
        return facts
    attributes: tuple[object, ...] = ()
    if hasattr(os, "listxattr"):
        attributes = tuple((name, os.getxattr(path, name)) for name in sorted(os.listxattr(path)))
    with open(path, "rb") as file:  # noqa: PTH123 - the name may be no text
        return (*facts, attributes, hashlib.file_digest(file, "sha256").digest())


def mark(path: Path) -> bool:
    """Give a file an extended attribute, where the file system takes one."""
    try:
        os.setxattr(path, "user.inspector-test", b"mark")
    except (OSError, AttributeError):
        return False
    return True
