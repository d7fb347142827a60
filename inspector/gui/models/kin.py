"""Which files share an ingredient, so that one questionable source leads to all made from it."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray


class Kin:
    """Owns, for every id of a manifest or ingredient, the rows that rest on it; UI thread.

    Only files with a credential cost anything here. A family is what hangs together by shared
    ids, over however many files; it has a number from 1 on, which dies with it where two
    families turn out to be one.
    """

    def __init__(self) -> None:
        self._rows: dict[str, set[int]] = {}
        self._ids: dict[int, tuple[str, ...]] = {}
        self._family: dict[int, int] = {}
        self._members: list[set[int]] = [set()]

    @property
    def families(self) -> int:
        """Return the highest number of a family."""
        return len(self._members) - 1

    def eldest(self, family: int) -> int | None:
        """Return the row of a family that came first; None where the family is gone."""
        return min(self._members[family], default=None)

    def set_ids(self, row: int, ids: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        """Note what a row rests on, in place of what was noted before.

        Yields:
            Rows whose family changed, with its number; 0 for none.
        """
        known = self._ids.get(row, ())
        if known == ids:
            return
        for old in known:
            self._rows[old].discard(row)
        self._ids.pop(row, None)
        yield from self._leave(row)
        if not ids:
            return
        self._ids[row] = ids
        near = {other for new in ids for other in self._one_of(new)}
        for new in ids:
            self._rows.setdefault(new, set()).add(row)
        if near:
            yield from self._join({row, *near})

    def _one_of(self, ingredient: str) -> Iterator[int]:
        """Yield one of the rows with an id: the others are of the same family."""
        rows = self._rows.get(ingredient)
        if rows:
            yield next(iter(rows))

    def _join(self, rows: set[int]) -> Iterator[tuple[int, int]]:
        """Make rows one family, the largest among theirs taking in the others."""
        old = {self._family[row] for row in rows if row in self._family}
        if not old:
            self._members.append(set())
            old = {len(self._members) - 1}
        family = max(old, key=lambda number: len(self._members[number]))
        moving = {row for row in rows if row not in self._family}
        for other in old - {family}:
            moving |= self._members[other]
            self._members[other] = set()
        self._members[family] |= moving
        for row in moving:
            self._family[row] = family
            yield row, family

    def _leave(self, row: int) -> Iterator[tuple[int, int]]:
        """Take a row out of its family; who would be left alone leaves too."""
        family = self._family.pop(row, 0)
        if not family:
            return
        members = self._members[family]
        members.discard(row)
        yield row, 0
        if len(members) == 1:
            last = members.pop()
            del self._family[last]
            yield last, 0

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
