"""Opens a hostile path so that nothing but a regular file is ever read."""

import errno
import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from inspector.domain.errors import FaultCode, MediaError

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOCTTY", 0)
)
_HASH_BLOCK = 4 << 20

CHANGED = "The file changed while it was being read."


class _Lent(io.BufferedReader):
    """A file that decoders cannot close: some close what they were lent."""

    def close(self) -> None:
        return


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """Open a regular file for reading; never blocks on a pipe.

    Raises:
        MediaError: it is gone, forbidden or no regular file.
    """
    descriptor = _descriptor(path)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise MediaError(FaultCode.NOT_A_FILE, "This is a pipe, socket or device, no file.")
        yield _Lent(io.FileIO(descriptor, closefd=False))
    finally:
        os.close(descriptor)


@contextmanager
def opened_again(path: str, file: BinaryIO) -> Iterator[int]:
    """Open a descriptor of its own, with its own position, on the file that is open already.

    Raises:
        MediaError: another file lies at the path by now.
    """
    descriptor = _descriptor(path)
    try:
        first, second = os.fstat(file.fileno()), os.fstat(descriptor)
        if (first.st_dev, first.st_ino) != (second.st_dev, second.st_ino):
            raise MediaError(FaultCode.CHANGED_DURING_SCAN, CHANGED)
        yield descriptor
    finally:
        os.close(descriptor)


def _descriptor(path: str) -> int:
    try:
        return os.open(path, _FLAGS)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MediaError(FaultCode.VANISHED, "The file is gone.") from error
    except PermissionError as error:
        raise MediaError(FaultCode.FORBIDDEN, "The file may not be read.") from error
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise MediaError(FaultCode.FORBIDDEN, f"The file cannot be opened: {said}.") from error


def reading_failed(error: OSError) -> MediaError:
    """Return what to say of a file whose disk or server gives an error instead of bytes."""
    if error.errno in (errno.ESTALE, errno.ENOENT):
        return MediaError(FaultCode.VANISHED, "The file is gone.")
    said = error.strerror or str(error)
    return MediaError(FaultCode.FORBIDDEN, f"Reading the file failed: {said}.")


def check_unchanged(file: BinaryIO, size: int, mtime_ns: int) -> None:
    """Compare an open file with what was found while walking.

    Raises:
        MediaError: size or modification time differ.
    """
    facts = os.fstat(file.fileno())
    if (facts.st_size, facts.st_mtime_ns) != (size, mtime_ns):
        raise MediaError(FaultCode.CHANGED_DURING_SCAN, CHANGED)


def sha256_of(file: BinaryIO, progress: Callable[[], None]) -> str:
    """Hash an open file from its start; ``progress`` is called for every few megabytes."""
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(_HASH_BLOCK):
        digest.update(block)
        progress()
    return digest.hexdigest()
