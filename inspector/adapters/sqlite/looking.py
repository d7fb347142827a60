"""A session that can be looked at and not written: open elsewhere, or on a read-only disk."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.sqlite.examine import examine
from inspector.adapters.sqlite.lock import SessionInUseError, SessionUnwritableError
from inspector.adapters.sqlite.reading import SessionReader, Source
from inspector.adapters.sqlite.schema import VERSION
from inspector.adapters.sqlite.store import SessionStore
from inspector.domain.columns import ItemColumns
from inspector.domain.errors import StoreError
from inspector.domain.item import Item
from inspector.domain.score import Heatmap
from inspector.domain.verdict import PersonDecision
from inspector.ports import SessionInfo


def open_or_look(path: Path) -> "SessionStore | SessionView":
    """Open a session for writing; where that is not to be had, open it to look at.

    Raises:
        StoreError: it is missing, damaged, no session, or made by another Inspector.
    """
    path = path.resolve()
    try:
        if path.exists() and not os.access(path, os.W_OK):
            raise SessionUnwritableError(f"The session {path.name} is write-protected.")
        return SessionStore.open(path)
    except SessionInUseError as error:
        words = (
            f"The session {path.name} is open in another Inspector{error.holder}: here it can "
            "only be looked at. Close it there, then open it here again to take it over."
        )
        return SessionView(path, words, is_live=True)
    except SessionUnwritableError:
        words = (
            f"The session {path.name} lies where nothing can be written: it can only be looked at. "
            "Copy it elsewhere to go on with it."
        )
        return SessionView(path, words, is_live=False)


class SessionView:
    """A ``Store`` that reads and refuses to write; any thread may call it.

    What the other Inspector writes meanwhile is seen by the next read.
    """

    def __init__(self, path: Path, only_looks: str, *, is_live: bool) -> None:
        """Open to read.

        Args:
            only_looks: the sentence that says why nothing can be written.
            is_live: another process may be writing.

        Raises:
            StoreError: the file is damaged, no session, or of another version.
        """
        if examine(path, is_live=is_live) < VERSION:
            raise StoreError(
                f"{only_looks} It was made by an older Inspector, and has to be brought up to date "
                "before it is looked at."
            )
        self.path = path
        self.only_looks = only_looks
        self._reader = SessionReader(path, Source.LIVE if is_live else Source.STILL)

    def info(self) -> SessionInfo:
        return self._reader.info()

    def set_info(self, info: SessionInfo) -> None:
        raise StoreError(self.only_looks)

    def put(self, item: Item, thumbnail: NDArray[np.uint8] | None) -> None:
        raise StoreError(self.only_looks)

    def flush(self) -> None:
        """Nothing is ever queued."""

    def decide(self, decisions: Sequence[PersonDecision]) -> None:
        raise StoreError(self.only_looks)

    def item(self, path: str) -> Item | None:
        return self._reader.item(path)

    def items(self) -> Iterator[Item]:
        return self._reader.items()

    def columns(self) -> ItemColumns:
        return self._reader.columns()

    def count(self) -> int:
        return self._reader.count()

    def thumbnail(self, path: str) -> NDArray[np.uint8] | None:
        return self._reader.thumbnail(path)

    def heatmap(self, path: str, pts_s: float | None = None) -> Heatmap | None:
        return self._reader.heatmap(path, pts_s)

    def history(self, path: str) -> Sequence[PersonDecision]:
        return self._reader.history(path)

    def close(self) -> None:
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
