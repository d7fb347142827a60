"""Values of parsed JSON, taken as what they should be or as nothing, cleaned and cut."""

from collections.abc import Mapping, Sequence

from inspector.domain.text import plain_line

MAX_TITLE = 200
MAX_TEXT = 1000

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]


def as_text(value: Json, limit: int) -> str | None:
    """Return a text in one plain line; None for anything else and for the empty text."""
    if not isinstance(value, str):
        return None
    return plain_line(value, limit) or None


def as_mapping(value: Json) -> Mapping[str, Json]:
    """Return an object; the empty one for anything else."""
    return value if isinstance(value, dict) else {}  # what a parser makes; asked very often


def as_list(value: Json) -> Sequence[Json]:
    """Return an array; the empty one for anything else."""
    return value if isinstance(value, list) else ()
