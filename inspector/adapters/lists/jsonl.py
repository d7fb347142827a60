"""items.jsonl: every item exactly as the contract gives it, one JSON object a line."""

from collections.abc import Sequence

import pydantic_core

from inspector.adapters.lists.pending import PendingFolder
from inspector.adapters.lists.sink import expect_rows, is_wanted, utf8
from inspector.domain.errors import ListError
from inspector.domain.item import Item
from inspector.domain.record import SCHEMA, Json, record_of
from inspector.domain.verdict import Decision
from inspector.ports import WrittenList

NAME = "items.jsonl"


def json_line(record: Json) -> bytes:
    """Return one JSON value as a line of UTF-8; numbers that JSON lacks become null."""
    return json_bytes(record) + b"\n"


def json_bytes(value: Json) -> bytes:
    """Return one JSON value as UTF-8 without a line break; lone surrogates become U+FFFD."""
    try:
        return pydantic_core.to_json(value)
    except pydantic_core.PydanticSerializationError:
        return pydantic_core.to_json(_clean(value))


def _clean(value: Json) -> Json:
    match value:
        case str():
            return utf8(value).decode("utf-8")
        case list():
            return [_clean(entry) for entry in value]
        case dict():
            return {key: _clean(entry) for key, entry in value.items()}
        case _:
            return value


class JsonlSink:
    """Writes items.jsonl."""

    def __init__(self, pending: PendingFolder, only: Decision | None) -> None:
        self._pending = pending
        self._only = only
        self._file = pending.begin(NAME)
        self._rows = 0

    def add(self, item: Item) -> None:
        if is_wanted(item, self._only):
            self._file.write(json_line(record_of(item)))
            self._rows += 1

    def finish(self) -> Sequence[WrittenList]:
        found = 0
        with self._pending.read_back(NAME) as file:
            for line in file:
                if pydantic_core.from_json(line).get("schema") != SCHEMA:
                    raise ListError(f"{NAME} was read back with a line of another schema.")
                found += 1
        expect_rows(NAME, self._rows, found)
        return [WrittenList(self._pending.folder / NAME, found, f"read back as {SCHEMA}")]
