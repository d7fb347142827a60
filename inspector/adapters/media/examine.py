"""Reads one file whole: what a worker does, and what ``DirectReader`` does without one."""

import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, TypeVar

from inspector.adapters.media.animation import Animation, is_animated
from inspector.adapters.media.claims import claims_of
from inspector.adapters.media.clip import Clip, clip_thumbnail
from inspector.adapters.media.cost import pixel_limit
from inspector.adapters.media.frames import FrameSink, Pixels, Reading
from inspector.adapters.media.moving import MovingPicture, Stepper, read_moving
from inspector.adapters.media.opened import check_unchanged, opened, reading_failed, sha256_of
from inspector.adapters.media.pixel_tap import PixelTap, keeps_pixels
from inspector.adapters.media.readers import WorkerReaders
from inspector.adapters.media.sniff import HEAD_BYTES, Sniffed, Stranger, refusal, sniff
from inspector.adapters.media.still import decode_still
from inspector.adapters.media.thumbnail import still_thumbnail
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import MAX_PIXELS, Fault, FoundFile, ItemStatus, MediaKind
from inspector.domain.provenance import ManifestStore, Provenance, ProvenanceState
from inspector.domain.traces import Says, Trace
from inspector.ports import Examination, ExaminePlan

MAX_PICTURE_BYTES = 2 << 30
"""A picture file over this size is a trap or no picture; it is not even hashed."""

READER_ERRORS = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    MemoryError,
    SyntaxError,
    BufferError,
    struct.error,
    zlib.error,
)
"""What a slip in a reader of evidence raises over bytes that nobody thought of.

Anything else ends at the border of the worker, and costs the file.
"""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Bench:
    """What a file is read with: the readers of evidence, and the limits decoders keep."""

    readers: WorkerReaders
    max_pixels: int = MAX_PIXELS
    memory_bytes: int = 1500 << 20

    def examine(self, found: FoundFile, plan: ExaminePlan, sink: FrameSink) -> Examination:
        """Read one file; frames go to ``sink``; never raises for what the file holds."""
        try:
            with _reading(), opened(found.path) as file:
                return self._examine(file, found, plan, sink)
        except MediaError as error:
            return _unreadable(error)

    def thumbnail(self, path: str, side_px: int, *, quick: bool) -> Pixels:
        """Return a thumbnail as ``MediaReader.thumbnail`` does.

        Raises:
            MediaError: the file cannot be decoded.
        """
        with _reading(), opened(path) as file:
            kind = _sniffed(file, path)
            if kind.kind is MediaKind.VIDEO:
                return clip_thumbnail(file, path, kind.format, side_px, max_pixels=self.max_pixels)
            return still_thumbnail(
                file, kind.format, side_px, quick=quick, max_pixels=self._limit(kind.format)
            )

    def picture(self, path: str, sink: FrameSink) -> None:
        """Decode a picture (of a clip, its first frame) at full size into ``sink``.

        Raises:
            MediaError: the file cannot be decoded.
        """
        with _reading(), opened(path) as file:
            kind = _sniffed(file, path)
            self._decode(file, path, kind, ExaminePlan(frames=1, thumbnail_px=0), sink, sink)

    def open_clip(self, path: str, progress: Callable[[], None]) -> Stepper:
        """Open a clip or an animation for exact frames; the caller closes it.

        Raises:
            MediaError: the file is a still picture or cannot be decoded.
        """
        with _reading():
            holder = ExitStack()
            try:
                file = holder.enter_context(opened(path))
                moving = self._moving(file, path, _sniffed(file, path), progress)
                if moving is None:
                    text = "This is a still picture, no clip."
                    raise MediaError(FaultCode.UNSUPPORTED, text)
                holder.callback(moving.close)
                stepper = Stepper(moving, holder.close)
                _ = stepper.info  # decodes the first frame
            except MediaError:
                holder.close()
                raise
            return stepper

    def manifests(self, path: str, beside: str | None = None) -> ManifestStore:
        """Read the whole credential of a file, or what ``beside`` holds as its credential.

        Raises:
            MediaError: the file cannot be opened or is no media.
        """
        with _reading(), opened(path) as file:
            kind = _sniffed(file, path)
        nothing = ManifestStore(Provenance(state=ProvenanceState.UNREADABLE), None, "{}")
        return _shielded(lambda: self.readers.manifests(path, kind.format, beside), nothing)

    def _examine(
        self, file: BinaryIO, found: FoundFile, plan: ExaminePlan, sink: FrameSink
    ) -> Examination:
        check_unchanged(file, found.size, found.mtime_ns)
        kind = sniff(file.read(HEAD_BYTES))
        if isinstance(kind, Stranger):
            status, fault = refusal(found.path, found.size, kind)
            if status is ItemStatus.SKIPPED or found.size > MAX_PICTURE_BYTES:
                return Examination(status, fault=fault)
            return Examination(status, sha256=_hashed(file, sink), fault=fault)
        if kind.kind is MediaKind.IMAGE and found.size > MAX_PICTURE_BYTES:
            return _unreadable(_too_long(found.size))
        reading: Reading | None = None
        failure: MediaError | None = None
        in_pixels: list[Trace] = []
        try:
            wanted = self._wanted(file, kind, plan, sink, in_pixels.extend)
            reading = self._decode(file, found.path, kind, plan, sink, wanted)
        except MediaError as error:
            failure = _cut_short(file, kind) or error
        sha256 = _hashed(file, sink)
        unread = Provenance(state=ProvenanceState.UNREADABLE)
        provenance = _shielded(lambda: self.readers.provenance(found.path, kind.format), unread)
        sink.progress()
        none: tuple[Trace, ...] = ()
        traces = _shielded(lambda: self.readers.traces(found.path, kind.format), none)
        traces += tuple(in_pixels)
        check_unchanged(file, found.size, found.mtime_ns)
        return _together(reading, failure, sha256, provenance, traces, _names(found.path, kind))

    def _wanted(
        self,
        file: BinaryIO,
        kind: Sniffed,
        plan: ExaminePlan,
        sink: FrameSink,
        found: Callable[[tuple[Trace, ...]], None],
    ) -> FrameSink | None:
        """Return where a still picture's pixels go: to the scan, to the traces, to both or none."""
        if keeps_pixels(file, kind.format):
            none: tuple[Trace, ...] = ()
            return PixelTap(
                sink,
                lambda pixels: found(_shielded(lambda: self.readers.pixel_traces(pixels), none)),
                hands_on=plan.pixels,
            )
        return sink if plan.pixels else None

    def _decode(
        self,
        file: BinaryIO,
        path: str,
        kind: Sniffed,
        plan: ExaminePlan,
        sink: FrameSink,
        still_sink: FrameSink | None,
    ) -> Reading:
        if kind.kind is MediaKind.VIDEO:
            sink.clip()  # even opening one may take long
        moving = self._moving(file, path, kind, sink.progress)
        if moving is not None:
            sink.clip()
            try:
                return read_moving(moving, plan, sink)
            finally:
                moving.close()
        return decode_still(
            file,
            kind.format,
            still_sink,
            max_pixels=self._limit(kind.format),
            thumbnail_px=plan.thumbnail_px,
        )

    def _limit(self, media_format: str, *, animated: bool = False) -> int:
        return pixel_limit(
            media_format,
            animated=animated,
            max_pixels=self.max_pixels,
            memory_bytes=self.memory_bytes,
        )

    def _moving(
        self, file: BinaryIO, path: str, kind: Sniffed, progress: Callable[[], None]
    ) -> MovingPicture | None:
        """Open a clip or an animation; None for a still picture."""
        if kind.kind is MediaKind.VIDEO:
            return Clip(file, path, kind.format, max_pixels=self.max_pixels, progress=progress)
        if is_animated(file, kind.format):
            limit = self._limit(kind.format, animated=True)
            return Animation(file, kind.format, max_pixels=limit, progress=progress)
        return None


def _hashed(file: BinaryIO, sink: FrameSink) -> str:
    try:
        return sha256_of(file, sink.progress)
    except OSError as error:
        raise reading_failed(error) from error


def _together(
    reading: Reading | None,
    failure: MediaError | None,
    sha256: str,
    provenance: Provenance,
    traces: tuple[Trace, ...],
    names: tuple[Trace, ...],
) -> Examination:
    if reading is None:
        fault = Fault(failure.code, str(failure)) if failure is not None else None
        return Examination(
            ItemStatus.UNREADABLE,
            sha256=sha256,
            fault=fault,
            provenance=provenance,
            traces=traces + names,
        )
    notes = tuple(Trace("file", "note", note, Says.INFO) for note in reading.notes)
    return Examination(
        ItemStatus.OK if reading.fault is None else ItemStatus.DAMAGED,
        sha256=sha256,
        info=reading.info,
        fault=reading.fault,
        provenance=provenance,
        traces=traces + names + notes,
        thumbnail=reading.thumbnail,
        exif_thumbnail=reading.exif_thumbnail,
    )


_SUFFIXES: dict[str, frozenset[str]] = {
    "jpeg": frozenset([".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"]),
    "png": frozenset([".png", ".apng"]),
    "gif": frozenset([".gif"]),
    "webp": frozenset([".webp"]),
    "jp2": frozenset([".jp2", ".j2k", ".jpx", ".jpf"]),
    "tiff": frozenset([".tif", ".tiff"]),
    "bmp": frozenset([".bmp", ".dib"]),
    "avif": frozenset([".avif", ".heif"]),
    "heif": frozenset([".heic", ".heif", ".hif"]),
}


def _names(path: str, kind: Sniffed) -> tuple[Trace, ...]:
    """Note a picture under another format's name; scraped folders are full of them."""
    suffix = PurePath(path).suffix.lower()
    usual = _SUFFIXES.get(kind.format)
    if usual is None or not suffix or suffix in usual:
        return ()
    return (Trace("file", "name", f"named {suffix}, holds {kind.format}", Says.INFO),)


def _sniffed(file: BinaryIO, path: str) -> Sniffed:
    head = file.read(HEAD_BYTES)
    kind = sniff(head)
    if isinstance(kind, Stranger):
        _, fault = refusal(path, len(head), kind)
        raise MediaError(fault.code, fault.message)
    return kind


def _unreadable(error: MediaError) -> Examination:
    return Examination(ItemStatus.UNREADABLE, fault=Fault(error.code, str(error)))


def _cut_short(file: BinaryIO, kind: Sniffed) -> MediaError | None:
    """Return a better reason for a file that did not decode, where its end is missing."""
    claims = claims_of(file, kind.format)
    fault = claims.fault() if claims.has_index else None
    return MediaError(fault.code, fault.message) if fault is not None else None


def _too_long(size: int) -> MediaError:
    text = f"The file is {size / 1e9:.1f} GB long; pictures over 2 GB are not read."
    return MediaError(FaultCode.TOO_LARGE, text)


@contextmanager
def _reading() -> Iterator[None]:
    """Silence decoders, and put an error of the disk or the network into words.

    What decoders warn of ends as a fault or a note.

    Raises:
        MediaError: the system could not read the file.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (BrokenPipeError, ConnectionError):
            raise  # of the pipe to the parent
        except OSError as error:
            raise reading_failed(error) from error


def _shielded(read: Callable[[], _Result], otherwise: _Result) -> _Result:
    """Run a reader of evidence so that no bug in it costs the file its pixels."""
    try:
        return read()
    except READER_ERRORS:
        return otherwise
