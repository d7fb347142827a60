"""metadata.jsonl: beside the pictures, ``datasets`` loads it as an image folder with columns."""

import os
from collections.abc import Sequence

import pydantic_core

from inspector.adapters.lists.jsonl import json_line
from inspector.adapters.lists.pending import PendingFolder
from inspector.adapters.lists.sink import expect_rows, is_wanted
from inspector.domain.errors import ListError
from inspector.domain.item import Item
from inspector.domain.media import MediaKind, display_path, path_is_utf8
from inspector.domain.record import Record, record_of
from inspector.domain.verdict import Decision
from inspector.ports import WrittenList

NAME = "metadata.jsonl"

_KEPT = (
    "sha256",
    "format",
    "width",
    "height",
    "likelihood",
    "likelihood_max",
    "abstained",
    "finding",
    "rule",
    "decision",
    "decided_by",
    "reason",
)


class HuggingFaceSink:
    """Writes metadata.jsonl into the data set's own folder, which holds every picture listed.

    An image folder knows pictures with readable UTF-8 names; clips, unreadable files and odd
    names are left out and counted.
    """

    def __init__(self, pending: PendingFolder, only: Decision | None) -> None:
        self._pending = pending
        self._only = only
        self._file = pending.begin(NAME)
        self._root = os.path.join(pending.folder.resolve(), "")
        self._rows = 0
        self._left_out = 0

    def add(self, item: Item) -> None:
        if not is_wanted(item, self._only):
            return
        if item.media is not MediaKind.IMAGE or not path_is_utf8(item.path):
            self._left_out += 1
            return
        if not item.path.startswith(self._root):
            raise ListError(
                f"The hf format names pictures relative to its own folder, and "
                f"{display_path(item.path)} is not below {self._root}: export into the folder "
                "that holds the pictures."
            )
        self._file.write(json_line(_row(item, item.path.removeprefix(self._root))))
        self._rows += 1

    def finish(self) -> Sequence[WrittenList]:
        found = 0
        with self._pending.read_back(NAME) as file:
            for line in file:
                name = pydantic_core.from_json(line)["file_name"]
                if not os.path.lexists(os.path.join(self._root, name)):
                    raise ListError(f"{display_path(name)} is gone; {NAME} was not written.")
                found += 1
        expect_rows(NAME, self._rows, found)
        words = "read back, every file is there"
        if self._left_out:
            words += f"; {self._left_out:,} files that are no readable pictures are left out"
        return [WrittenList(self._pending.folder / NAME, found, words)]


def _row(item: Item, name: str) -> Record:
    record = record_of(item)
    provenance = item.provenance
    return {
        "file_name": name.replace(os.sep, "/"),
        **{key: record[key] for key in _KEPT},
        "provenance_state": provenance.state.value,
        "signer": provenance.signer,
        "ai_declared": provenance.ai_declared.value,
    }
