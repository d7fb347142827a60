"""What a list format is: something that takes items one by one and then vouches for its files."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from inspector.adapters.lists.pending import PendingFolder
from inspector.domain.errors import ListError
from inspector.domain.item import Item
from inspector.domain.media import ItemStatus
from inspector.domain.verdict import Decision
from inspector.ports import WrittenList


class ListSink(Protocol):
    """Takes the items of one export; lives in one thread."""

    def add(self, item: Item) -> None:
        """Take the next item.

        Raises:
            OSError: it could not be written.
        """

    def finish(self) -> Sequence[WrittenList]:
        """Write what is left, read the files back, and say what was found.

        Raises:
            ListError: a file does not hold what was given.
        """


@dataclass(frozen=True, slots=True)
class ListFormat:
    """One entry of the table of formats.

    Attributes:
        begin: makes the sink of one export; the decision is the one that ``--only`` names.
        words: what it is, in a few words, for people.
    """

    name: str
    words: str
    begin: Callable[[PendingFolder, Decision | None], ListSink]


def expect_rows(name: str, wanted: int, found: int) -> None:
    """Raise unless a list, read back, has as many rows as were written.

    Raises:
        ListError: it has not.
    """
    if wanted != found:
        raise ListError(
            f"{name} was read back with {found:,} rows where {wanted:,} were written; "
            "the older list was kept."
        )


def is_wanted(item: Item, only: Decision | None) -> bool:
    """Return whether an export limited to one decision has the item; None limits nothing."""
    if only is None:
        return True
    return item.status is not ItemStatus.SKIPPED and item.decision is only


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def utf8(text: str) -> bytes:
    """Return text as UTF-8; bytes of odd names that it quotes become U+FFFD."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", text).encode("utf-8")
