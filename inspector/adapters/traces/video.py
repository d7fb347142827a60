"""Tags of a clip's container and streams, read without decoding a frame."""

from collections.abc import Iterator

import av
from av.error import FFmpegError

from inspector.adapters.traces.blocks import open_regular
from inspector.adapters.traces.generators import text_traces
from inspector.adapters.traces.statements import trace
from inspector.domain.traces import Says, Trace

_DEMUXERS = {
    "mp4": "mov",
    "mov": "mov",
    "m4v": "mov",
    "mkv": "matroska",
    "webm": "matroska",
    "matroska": "matroska",
    "avi": "avi",
}
"""FFmpeg's demuxer by format: named outright, so that nothing else is ever probed."""

_QUICK = {"probesize": "5000", "analyzeduration": "0"}
"""Tags stand in the header: this keeps FFmpeg from decoding frames to learn more."""

MAX_TAGS = 500
_MAKE = ("com.apple.quicktime.make", "make")
_MODEL = ("com.apple.quicktime.model", "model", "com.android.model")


def video_traces(path: str, media_format: str) -> Iterator[Trace]:
    """Yield what the tags of a clip say."""
    demuxer = _DEMUXERS.get(media_format)
    if demuxer is None:
        return
    tags = _tags(path, demuxer)
    for key, value in tags:
        yield from text_traces("tag", key, value)
    named = {key.casefold(): value for key, value in reversed(tags)}
    make = next((named[key] for key in _MAKE if key in named), "")
    model = next((named[key] for key in _MODEL if key in named), "")
    if make or model:
        yield trace("exif", "tag make, model", f"{make} {model}".strip(), Says.CAMERA)


def _tags(path: str, demuxer: str) -> list[tuple[str, str]]:
    try:
        with (
            open_regular(path) as file,
            av.open(file, format=demuxer, options=_QUICK, metadata_errors="replace") as container,
        ):
            found = list(container.metadata.items())
            for stream in container.streams:
                found += stream.metadata.items()
    except (FFmpegError, OSError, ValueError, IndexError, UnicodeError, OverflowError):
        return []
    return found[:MAX_TAGS]
