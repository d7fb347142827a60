"""Every item of a session as columns, for a gallery that paints, sorts and counts them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

UNKNOWN = 255
"""Code of a choice that is not known."""


@dataclass(frozen=True, slots=True)
class ItemColumns:
    """One value an item, in the order the items were first put.

    A closed choice is its place in its ``StrEnum``, or ``UNKNOWN``; a free text is its place in
    the tuple of the same name in the plural, whose entry 0 is the empty text.

    Attributes:
        size: bytes.
        mtime_ns: nanoseconds.
        likelihood: [0, 1]; NaN where not scored.
        duration_s: seconds; NaN for a picture or where unknown.
        decision: the rule's, of ``Decision``.
        person: what a person decided and still stands, of ``Decision``.
        hot_spots: regions and spans found, at most 254.
    """

    paths: tuple[str, ...]
    size: NDArray[np.int64]
    mtime_ns: NDArray[np.int64]
    likelihood: NDArray[np.float32]
    duration_s: NDArray[np.float32]
    status: NDArray[np.uint8]
    media: NDArray[np.uint8]
    state: NDArray[np.uint8]
    finding: NDArray[np.uint8]
    rule: NDArray[np.uint8]
    decision: NDArray[np.uint8]
    person: NDArray[np.uint8]
    hot_spots: NDArray[np.uint8]
    abstained: NDArray[np.bool_]
    format: NDArray[np.int32]
    formats: tuple[str, ...]
    signer: NDArray[np.int32]
    signers: tuple[str, ...]
    generator: NDArray[np.int32]
    generators: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.paths)


def codes_of(values: Sequence[str | None], choices: type[StrEnum]) -> NDArray[np.uint8]:
    """Return the place of each value in its ``StrEnum``, ``UNKNOWN`` for None.

    Raises:
        KeyError: a value is none of the choices.
    """
    places: dict[str | None, int] = {member.value: n for n, member in enumerate(choices)}
    places[None] = UNKNOWN
    return np.fromiter((places[value] for value in values), np.uint8, len(values))


def interned(values: Iterable[str | None]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return a code per text, and the texts by code; None is the empty text, code 0."""
    places: dict[str, int] = {"": 0}
    codes = [places.setdefault(value or "", len(places)) for value in values]
    return np.array(codes, np.int32), tuple(places)
