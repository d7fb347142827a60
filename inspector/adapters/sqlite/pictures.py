"""Heatmaps and thumbnails as the bytes a session keeps, and back."""

import threading

import numpy as np
import simplejpeg
import zstandard
from numpy.typing import NDArray

from inspector.domain.errors import StoreError
from inspector.domain.score import Heatmap, Score

OWN_MAP = -1
"""Number that stands for an item's own map among those of its frames."""

_MAX_CELLS = 1 << 26
_JPEG_QUALITY = 85


def heatmap_blob(heatmap: Heatmap, compressor: zstandard.ZstdCompressor) -> bytes:
    """Return a map's cells as differences along each row, compressed."""
    cells = np.ascontiguousarray(heatmap.values, np.uint8)
    differences = np.diff(cells, axis=1, prepend=np.uint8(0))
    return compressor.compress(differences.tobytes())


def heatmap_of(rows: int, cols: int, cell_px: int, blob: bytes) -> Heatmap:
    """Return a stored map.

    Raises:
        StoreError: the bytes are not those of a map of this shape.
    """
    try:
        if not 0 <= rows * cols <= _MAX_CELLS or zstandard.frame_content_size(blob) != rows * cols:
            raise StoreError("A stored heatmap is damaged: scan its file again.")
        raw = _unpacker().decompress(blob) if rows * cols else b""
    except zstandard.ZstdError as error:
        raise StoreError("A stored heatmap is damaged: scan its file again.") from error
    differences = np.frombuffer(raw, np.uint8).reshape(rows, cols)
    return Heatmap(np.cumsum(differences, axis=1, dtype=np.uint8), cell_px)


_own = threading.local()


def _unpacker() -> zstandard.ZstdDecompressor:
    """Return this thread's decompressor; making one costs more than using it."""
    if not hasattr(_own, "unpacker"):
        _own.unpacker = zstandard.ZstdDecompressor()
    unpacker: zstandard.ZstdDecompressor = _own.unpacker
    return unpacker


def jpeg_of(thumbnail: NDArray[np.uint8]) -> bytes:
    """Return a thumbnail, uint8 (h, w, 3), as JPEG."""
    pixels = np.ascontiguousarray(thumbnail)
    encoded: bytes = simplejpeg.encode_jpeg(pixels, _JPEG_QUALITY, "RGB", "420")
    return encoded


def thumbnail_of(jpeg: bytes) -> NDArray[np.uint8] | None:
    """Return a stored thumbnail; None where its bytes are damaged, as it can be made again."""
    try:
        pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(jpeg, "RGB")
    except ValueError:
        return None
    return pixels


def numbered_maps(score: Score | None) -> list[tuple[int, float | None, Heatmap]]:
    """Return every map of a score as (frame number, pts in seconds, map)."""
    if score is None:
        return []
    maps: list[tuple[int, float | None, Heatmap]] = []
    if score.heatmap is not None:
        maps.append((OWN_MAP, None, score.heatmap))
    maps += [
        (number, frame.pts_s, frame.heatmap)
        for number, frame in enumerate(score.frames)
        if frame.heatmap is not None
    ]
    return maps
