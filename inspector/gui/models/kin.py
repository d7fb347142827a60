"""Which files share an ingredient, so that one questionable source leads to all made from it."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Kin:
    """Owns, for every id of a manifest or ingredient, the rows that rest on it; UI thread.

    Only files with a credential cost anything here.
    """

    def __init__(self) -> None:
        self._rows: dict[str, set[int]] = {}
        self._ids: dict[int, tuple[str, ...]] = {}

    def set_ids(self, row: int, ids: tuple[str, ...]) -> None:
        """Note what a row rests on, in place of what was noted before."""
        for old in self._ids.pop(row, ()):
            self._rows[old].discard(row)
        if ids:
            self._ids[row] = ids
            for new in ids:
                self._rows.setdefault(new, set()).add(row)

    def widest(self, row: int) -> tuple[str, int] | None:
        """Return the id that a row shares with most others, and with how many; None if with none.

        Of ids shared alike the nearest to the file counts.
        """
        ids = self._ids.get(row, ())
        best = max(ids, key=lambda i: len(self._rows[i]), default=None)
        if best is None or len(self._rows[best]) < 2:
            return None
        return best, len(self._rows[best]) - 1

    def shared(self) -> Iterable[int]:
        """Return every row that shares an id with another."""
        return set().union(*(rows for rows in self._rows.values() if len(rows) > 1))

    def resting_on(self, text: str) -> Iterable[int]:
        """Return the rows with this id, or where none is, with one that contains the text."""
        exact = self._rows.get(text)
        if exact is not None:
            return exact
        wanted = text.casefold()
        return set().union(
            *(rows for name, rows in self._rows.items() if wanted in name.casefold())
        )


def mask_of(rows: Iterable[int], count: int, part: slice) -> NDArray[np.bool_]:
    """Return a mask over a part of ``count`` rows that is set for these rows."""
    mask = np.zeros(count, np.bool_)
    mask[np.fromiter(rows, np.int64)] = True
    return mask[part]
