"""Reads what a detector's head was trained on, so that it can be trained again with more."""

import hashlib
import io
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import DetectorSpec
from inspector.domain.errors import ModelError
from inspector.domain.teaching import LabelledPictures

FILE_BYTES = 256 << 20
UNPACKED_BYTES = 1 << 30
"""No training file that ships is larger, packed or unpacked."""

_KINDS = {
    "features": "f",
    "pools": "f",
    "scene": "f",
    "synthetic": "b",
    "source": "iu",
    "sources": "U",
    "group": "iu",
}
"""Kind of NumPy type of each array."""

Arrays = dict[str, NDArray[np.generic]]


def read_training(folder: Path, spec: DetectorSpec) -> LabelledPictures:
    """Return the training pictures of a detector that can be taught.

    Raises:
        ModelError: it cannot be taught, or its file is missing, not the one the card names, or
            wrong in itself.
    """
    if spec.training is None:
        raise ModelError(f"{spec.id} cannot be taught: it comes without its training features.")
    file = folder / spec.training.name
    try:
        if file.stat().st_size > FILE_BYTES:
            raise ModelError(f"The training file {file} is larger than one can be.")
        data = file.read_bytes()
    except OSError as error:
        raise ModelError(f"The training file {file} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(data).hexdigest() != spec.training.sha256:
        raise ModelError(f"The training file {file} is not the one its card names.")
    return _pictures(_arrays(data, file), len(spec.fusion), file)


def _arrays(data: bytes, file: Path) -> Arrays:
    """Return the arrays; nothing is unpickled, and no more is unpacked than is allowed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > UNPACKED_BYTES:
                raise ModelError(f"The training file {file} unpacks to more than one can hold.")
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return {name: np.asarray(stored[name]) for name in _KINDS}
    except KeyError as error:
        raise ModelError(f"The training file {file} lacks an array: {error.args[0]}.") from error
    except (ValueError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(f"The training file {file} holds no plain arrays.") from error


def _pictures(arrays: Arrays, terms: int, file: Path) -> LabelledPictures:
    count = arrays["synthetic"].size
    shapes = {
        "features": (count, arrays["features"].shape[-1] if arrays["features"].ndim else 0),
        "pools": (count, terms - 1),
        "sources": (arrays["sources"].size,),
    }
    for name, kinds in _KINDS.items():
        found = arrays[name]
        if found.dtype.kind not in kinds or found.shape != shapes.get(name, (count,)):
            raise ModelError(f"The training file {file} has a wrong array: {name}.")
        if found.dtype.kind == "f" and not np.isfinite(found).all():
            raise ModelError(f"The training file {file} holds what is no number: {name}.")
    source, synthetic = arrays["source"].astype(np.intp), arrays["synthetic"].astype(np.bool_)
    group = arrays["group"].astype(np.intp)
    if not count or source.min() < 0 or source.max() >= arrays["sources"].size:
        raise ModelError(f"The training file {file} names a source that it does not list.")
    if synthetic.all() or not synthetic.any() or group.min() < 0 or np.unique(group).size < 2:
        raise ModelError(f"The training file {file} does not hold both labels in several groups.")
    return LabelledPictures(
        features=arrays["features"].astype(np.float32),
        terms=np.column_stack([arrays["scene"], arrays["pools"]]).astype(np.float32),
        synthetic=synthetic,
        source=source,
        sources=tuple(str(name) for name in arrays["sources"]),
        group=group,
    )
