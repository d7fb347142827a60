"""The file that a credential is read from: opened safely, its read errors kept, its sidecar."""

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "mpo": "image/jpeg",
    "png": "image/png",
    "apng": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "heif": "image/heif",
    "heic": "image/heic",
    "tiff": "image/tiff",
    "dng": "image/dng",
    "jxl": "image/jxl",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "m4v": "video/mp4",
    "avi": "video/avi",
}
"""Formats by content that can carry a credential, with the media type the reader knows."""

SIDECAR = ".c2pa"
MAX_SIDECAR_BYTES = 64 << 20
MAX_IN_MEMORY_BYTES = 64 << 20
_HEAD_BYTES = 1 << 20


class NotARegularFile(OSError):  # noqa: N818 - a kind of OSError
    """The path leads to no regular file."""


class TooLargeError(OSError):
    """The file is larger than any credential."""


class WatchedFile(io.FileIO):
    """A file that remembers its first read error.

    The reader takes an error while hashing for the end of the file and reports a mismatch, so
    whoever reads the verdict must ask ``failure`` first.
    """

    def __init__(self, path: str) -> None:
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            os.close(descriptor)
            raise NotARegularFile(f"{path!r} is no regular file")
        super().__init__(descriptor, "rb")
        self.failure: OSError | None = None
        self.size = facts.st_size

    def readinto(self, buffer: bytearray | memoryview, /) -> int | None:  # type: ignore[override]
        try:
            return super().readinto(buffer)
        except OSError as error:
            self.failure = self.failure or error
            raise


@contextmanager
def open_asset(path: str, media_format: str) -> Iterator[tuple[WatchedFile, io.IOBase]]:
    """Open a file to read its credential; yields it and the stream to hand to the reader.

    GIFs come through memory, for the reader takes them a byte at a time.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    with WatchedFile(path) as file:
        if media_format == "gif" and file.size <= MAX_IN_MEMORY_BYTES:
            yield file, io.BytesIO(file.readall())
        else:
            yield file, file


def find_sidecar(path: str) -> bytes | None:
    """Return the credential kept beside a file: ``x.jpg.c2pa`` or ``x.c2pa`` for ``x.jpg``.

    Raises:
        OSError: one is there and cannot be read.
    """
    if path.endswith(SIDECAR):
        return None
    for beside in (path + SIDECAR, os.path.splitext(path)[0] + SIDECAR):
        try:
            return read_credential(beside)
        except (FileNotFoundError, NotADirectoryError, NotARegularFile, TooLargeError):
            continue
    return None


def read_credential(path: str) -> bytes:
    """Return the content of a file that holds a credential alone.

    Raises:
        OSError: it cannot be read, is no regular file, or is too large for one.
    """
    with WatchedFile(path) as file:
        if file.size > MAX_SIDECAR_BYTES:
            raise TooLargeError(f"{path!r} is too large for a credential")
        return file.readall()


def sidecar_may_be_of_another(path: str) -> bool:
    """Return whether another file beside this one has the same name but for its suffix."""
    folder, name = os.path.split(path)
    stem = os.path.splitext(name)[0]
    if Path(path + SIDECAR).exists():
        return False
    with os.scandir(folder or ".") as entries:
        return any(
            os.path.splitext(entry.name)[0] == stem
            and entry.name != name
            and not entry.name.endswith(SIDECAR)
            for entry in entries
        )


def head_names_credential(path: str) -> bool:
    """Return whether a C2PA box stands in the first megabyte of a file."""
    try:
        with WatchedFile(path) as file:
            head = file.read(_HEAD_BYTES) or b""
    except OSError:
        return False
    return b"jumb" in head and b"c2pa" in head
