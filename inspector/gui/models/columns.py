"""Growing NumPy columns, and one-byte codes for closed choices."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

NONE = 255
"""Code of a choice that is not known (yet)."""

T = TypeVar("T", bound=np.generic)
E = TypeVar("E", bound=StrEnum)


class Column(Generic[T]):
    """One value a row; appending costs O(n) amortised.

    ``values`` is a view of the rows in use. Take it anew after an append: an older view may
    look at memory that is no longer the column's.
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self._memory: NDArray[T] = np.empty(0, dtype)
        self.values: NDArray[T] = self._memory

    def append(self, values: NDArray[T]) -> None:
        """Add rows at the end."""
        start = len(self.values)
        self.resize(start + len(values))
        self.values[start:] = values

    def resize(self, count: int) -> None:
        """Have ``count`` rows; new ones hold nothing in particular."""
        if count > len(self._memory):
            grown = np.empty(max(count, 2 * len(self._memory), 1024), self._memory.dtype)
            grown[: len(self.values)] = self.values
            self._memory = grown
        self.values = self._memory[:count]

    def replace(self, values: NDArray[T]) -> None:
        """Hold exactly these values."""
        self._memory = values
        self.values = values


class Choices(Generic[E]):
    """Codes 0, 1, ... for the members of a ``StrEnum``, and ``NONE`` for None."""

    def __init__(self, enum: type[E]) -> None:
        self.members: tuple[E, ...] = tuple(enum)
        self._codes = {member: code for code, member in enumerate(self.members)}

    def code(self, member: E | None) -> int:
        return NONE if member is None else self._codes[member]

    def member(self, code: int) -> E | None:
        return None if code == NONE else self.members[code]


class Names:
    """Codes for texts met while a session runs (signers, formats); code 0 is the empty text."""

    def __init__(self) -> None:
        self._names: list[str] = [""]
        self._codes: dict[str, int] = {"": 0}

    def code(self, name: str | None) -> int:
        code = self._codes.setdefault(name or "", len(self._names))
        if code == len(self._names):
            self._names.append(name or "")
        return code

    def name(self, code: int) -> str:
        return self._names[code]

    @property
    def all(self) -> Sequence[str]:
        return self._names
