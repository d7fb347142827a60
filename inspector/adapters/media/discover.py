"""Finds every regular file below the dropped paths, once each, without opening any."""

import os
import stat
from collections.abc import Iterator, Sequence
from operator import attrgetter
from threading import Event

from inspector.domain.events import PathTrouble
from inspector.domain.media import FoundFile, display_path

_REASONS: dict[type[OSError], str] = {
    FileNotFoundError: "is gone",
    PermissionError: "may not be read",
    NotADirectoryError: "is no folder",
}


def find_files(roots: Sequence[str], cancel: Event) -> Iterator[FoundFile | PathTrouble]:
    """Yield files in name order within a folder, a folder's own files before its subfolders.

    Links are followed, but no folder is entered twice, so loops end and overlapping roots give
    each file once. Pipes, sockets and devices are named as trouble and never opened.
    """
    walk = _Walk(cancel)
    for root in roots:
        yield from walk.root(root)


class _Walk:
    """What one walk has already met."""

    def __init__(self, cancel: Event) -> None:
        self._cancel = cancel
        self._entered: set[tuple[int, int]] = set()
        self._singles: set[str] = set()

    def root(self, given: str) -> Iterator[FoundFile | PathTrouble]:
        try:
            path = os.path.realpath(given)
            facts = os.stat(path)
        except (OSError, ValueError) as error:
            yield _trouble(given, error, dropped=True)
            return
        if stat.S_ISDIR(facts.st_mode):
            yield from self._folders(path)
        else:
            yield from self._single(path, path, facts, dropped=True)

    def _folders(self, root: str) -> Iterator[FoundFile | PathTrouble]:
        pending = [root]
        while pending and not self._cancel.is_set():
            folder = pending.pop()
            try:
                if not self._enter(os.stat(folder)):
                    continue
                with os.scandir(folder) as entries:
                    ordered = sorted(entries, key=attrgetter("name"))
            except OSError as error:
                yield _trouble(folder, error, dropped=folder == root)
                continue
            below: list[str] = []
            yield from self._entries(ordered, root, below)
            pending.extend(reversed(below))

    def _entries(
        self, entries: list[os.DirEntry[str]], root: str, below: list[str]
    ) -> Iterator[FoundFile | PathTrouble]:
        cancelled, singles = self._cancel.is_set, self._singles
        for entry in entries:
            if cancelled():
                return
            path = entry.path
            try:
                if entry.is_file(follow_symlinks=False):
                    if not singles or path not in singles:
                        facts = entry.stat(follow_symlinks=False)
                        yield FoundFile(path, facts.st_size, facts.st_mtime_ns, root)
                elif entry.is_dir(follow_symlinks=False):
                    below.append(path)
                elif entry.is_symlink():
                    yield from self._link(path, root, below)
                else:
                    yield PathTrouble(path, _not_regular(path), dropped=False)
            except OSError as error:
                yield _trouble(path, error, dropped=False)

    def _link(self, path: str, root: str, below: list[str]) -> Iterator[FoundFile | PathTrouble]:
        try:
            target = os.path.realpath(path, strict=True)
            facts = os.stat(target)
        except OSError:
            message = f"The link {display_path(path)} leads nowhere."
            yield PathTrouble(path, message, dropped=False)
            return
        if stat.S_ISDIR(facts.st_mode):
            below.append(target)
        else:
            yield from self._single(target, root, facts, dropped=False)

    def _single(
        self, path: str, root: str, facts: os.stat_result, *, dropped: bool
    ) -> Iterator[FoundFile | PathTrouble]:
        if not stat.S_ISREG(facts.st_mode):
            yield PathTrouble(path, _not_regular(path), dropped)
            return
        try:
            folder = os.stat(os.path.dirname(path))
        except OSError as error:
            yield _trouble(path, error, dropped)
            return
        if path in self._singles or (folder.st_dev, folder.st_ino) in self._entered:
            return
        self._singles.add(path)
        yield FoundFile(path, facts.st_size, facts.st_mtime_ns, root)

    def _enter(self, facts: os.stat_result) -> bool:
        identity = (facts.st_dev, facts.st_ino)
        if identity in self._entered:
            return False
        self._entered.add(identity)
        return True


def _not_regular(path: str) -> str:
    return f"{display_path(path)} is no regular file (a pipe, socket or device); it is not opened."


def _trouble(path: str, error: OSError | ValueError, dropped: bool) -> PathTrouble:
    reason = next((text for kind, text in _REASONS.items() if isinstance(error, kind)), None)
    if reason is None:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        reason = f"cannot be walked: {said}"
    return PathTrouble(path, f"{display_path(path)} {reason}.", dropped)
