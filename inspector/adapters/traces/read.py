"""Reads every trace of one file, strongest evidence first; never raises for what it holds."""

import os
from collections.abc import Iterator
from pathlib import Path

from inspector.adapters.traces.blocks import Blocks, read_blocks
from inspector.adapters.traces.exif import exif_traces, tiff_traces
from inspector.adapters.traces.generators import text_traces
from inspector.adapters.traces.statements import iptc_traces, trace, xmp_traces
from inspector.adapters.traces.stealth import hidden_text
from inspector.adapters.traces.video import video_traces
from inspector.adapters.traces.xmp import properties
from inspector.domain.traces import Says, Trace

MAX_TRACES = 100

_STEALTH_FORMATS = {"png": "PNG", "webp": "WEBP"}
_VIDEO_FORMATS = frozenset({"mp4", "mov", "m4v", "mkv", "webm", "matroska", "avi"})
_ORDER = {
    says: rank
    for rank, says in enumerate([Says.AI, Says.AI_PART, Says.OPT_OUT, Says.CAMERA, Says.INFO])
}


def read_traces(path: str | Path, media_format: str) -> tuple[Trace, ...]:
    """Return the marks found in a file, each once: AI first, then opt-outs, then information.

    Args:
        path: the file; names outside UTF-8 as ``os.fsdecode`` gives them.
        media_format: its format by content ("jpeg", "mp4", ...).
    """
    name = os.fspath(path)
    try:
        found = dict.fromkeys(_all(name, media_format, read_blocks(name, media_format)))
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda t: _ORDER[t.says]))[:MAX_TRACES]


def _all(path: str, media_format: str, blocks: Blocks) -> Iterator[Trace]:
    place = "PNG text" if media_format in ("png", "apng") else "file"
    for key, value in blocks.text:
        yield from text_traces(place, key, value)
    for block in blocks.exif:
        yield from exif_traces(block)
    if media_format in ("tiff", "dng"):
        yield from tiff_traces(path)
    if blocks.alpha and media_format in _STEALTH_FORMATS:
        text = hidden_text(path, _STEALTH_FORMATS[media_format])
        if text is not None:
            yield trace("stealth", "alpha channel, stealth pnginfo", text, Says.AI)
    yield from xmp_traces([item for packet in blocks.xmp for item in properties(packet)])
    for resources in blocks.iptc:
        yield from iptc_traces(resources)
    if media_format in _VIDEO_FORMATS:
        yield from video_traces(path, media_format)
