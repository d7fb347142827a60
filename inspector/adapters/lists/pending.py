"""Files that take their names together, once every one of them is whole and on the disk."""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Self

_BUFFER_BYTES = 1 << 20


class PendingFolder:
    """Owns the unfinished files of one export; used as a context.

    Each is written under a temporary name beside its final one, so that taking the name is one
    step of the file system. Leaving without ``commit`` removes them, and older files stay.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[Path, BinaryIO] = {}
        self._outdated: list[Path] = []
        self._endings: list[Callable[[], object]] = []

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *exc: object) -> None:
        for ending in self._endings:
            with contextlib.suppress(OSError):
                ending()
        for final, file in self._files.items():
            # Closing flushes, which fails again on a full disk; the file goes away all the same.
            with contextlib.suppress(OSError):
                file.close()
            with contextlib.suppress(OSError):
                self.temporary(final).unlink(missing_ok=True)

    def begin(self, name: str) -> BinaryIO:
        """Begin a file, buffered; ``name`` may lead into a folder below.

        Raises:
            OSError: it cannot be made, or a link would lead it out of the folder.
        """
        final = self.folder / name
        self._stay_inside(final, name)
        final.parent.mkdir(parents=True, exist_ok=True)
        if final.is_dir():
            raise IsADirectoryError(errno.EISDIR, f"{name} is a folder", str(final))
        temporary = self.temporary(final)
        temporary.unlink(missing_ok=True)
        # Made anew or not at all: nothing that was put there is followed or written to.
        file = temporary.open("x+b", buffering=_BUFFER_BYTES)
        self._files[final] = file
        return file

    def _stay_inside(self, final: Path, name: str) -> None:
        if not final.parent.resolve().is_relative_to(self.folder.resolve()):
            raise PermissionError(errno.EPERM, f"{name} would lie outside", str(final))

    def at_the_end(self, ending: Callable[[], object]) -> None:
        """Have something called on leaving, while the files are still open; it may fail."""
        self._endings.append(ending)

    def outdate(self, name: str) -> None:
        """Have an older file removed at the end, where this export has none of that name."""
        self._outdated.append(self.folder / name)

    @staticmethod
    def temporary(final: Path) -> Path:
        return final.with_name(f".{final.name}.{os.getpid()}.part")

    @contextlib.contextmanager
    def read_back(self, name: str) -> Iterator[BinaryIO]:
        """Flush a file that was begun and read it from its start."""
        final = self.folder / name
        self._files[final].flush()
        with self.temporary(final).open("rb", buffering=_BUFFER_BYTES) as file:
            yield file

    def commit(self) -> None:
        """Put every file on the disk, then give all of them their names.

        Raises:
            OSError: one could not be written; before the first has its name, none has.
        """
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        for final in list(self._files):
            self.temporary(final).replace(final)
            del self._files[final]
        for old in self._outdated:
            old.unlink(missing_ok=True)
        _sync(self.folder)


def _sync(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
