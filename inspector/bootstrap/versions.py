"""Versions of the engines that read and score, recorded with every item."""

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import inspector

_ENGINES = {
    "av": ("av",),
    "c2pa": ("c2pa-python",),
    "onnxruntime": ("onnxruntime-gpu", "onnxruntime"),
    "opencv": ("opencv-python-headless",),
    "pillow": ("pillow",),
    "pillow_heif": ("pillow-heif",),
    "numpy": ("numpy",),
}


@cache
def engine_versions() -> dict[str, str]:
    """Return name and version of everything that can change what an item says."""
    versions = {"inspector": inspector.__version__, "python": platform.python_version()}
    for name, packages in _ENGINES.items():
        versions[name] = next(
            (found for package in packages if (found := _version(package))), "missing"
        )
    return versions


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
