"""Plain lists: one absolute path a line, as a shell or a loader reads them."""

import os
from collections.abc import Sequence

from inspector.adapters.lists.pending import PendingFolder
from inspector.adapters.lists.sink import expect_rows
from inspector.domain.item import Item
from inspector.domain.media import ItemStatus
from inspector.domain.verdict import SYNTHETIC_FINDINGS, Decision
from inspector.ports import WrittenList

SYNTHETIC = "synthetic"
SKIPPED = "skipped"


class TxtSink:
    """Writes keep, drop, review, synthetic and skipped lists, or the one that is wanted.

    A name that holds a line break cannot stand in a file of lines: it goes to ``NAME.nul``, where
    every name ends with a NUL byte as ``xargs -0`` reads it.
    """

    def __init__(self, pending: PendingFolder, only: Decision | None) -> None:
        self._pending = pending
        names = [only.value] if only else [*(d.value for d in Decision), SYNTHETIC, SKIPPED]
        self._lines = {name: pending.begin(f"{name}.txt") for name in names}
        self._rows = dict.fromkeys(names, 0)
        self._broken: dict[str, list[bytes]] = {name: [] for name in names}

    def add(self, item: Item) -> None:
        path = os.fsencode(item.path)
        if item.status is ItemStatus.SKIPPED:
            self._write(SKIPPED, path)
            return
        if item.decision is not None:
            self._write(item.decision.value, path)
        if item.finding in SYNTHETIC_FINDINGS:
            self._write(SYNTHETIC, path)

    def _write(self, name: str, path: bytes) -> None:
        if name not in self._lines:
            return
        if b"\n" in path or b"\r" in path:
            self._broken[name].append(path)
            return
        self._lines[name].write(path + b"\n")
        self._rows[name] += 1

    def finish(self) -> Sequence[WrittenList]:
        written = []
        for name, rows in self._rows.items():
            written.append(self._checked(f"{name}.txt", rows, b"\n"))
            broken = self._broken[name]
            if broken:
                with_nul = b"".join(path + b"\0" for path in broken)
                self._pending.begin(f"{name}.nul").write(with_nul)
                written.append(self._checked(f"{name}.nul", len(broken), b"\0"))
            else:
                self._pending.outdate(f"{name}.nul")
        return written

    def _checked(self, name: str, rows: int, end: bytes) -> WrittenList:
        found, last = 0, end
        with self._pending.read_back(name) as file:
            while block := file.read(1 << 20):
                found += block.count(end)
                last = block[-1:]
        expect_rows(name, rows, found if last == end else -1)
        words = "read back" if end == b"\n" else "names with a line break, each ends with NUL"
        return WrittenList(self._pending.folder / name, rows, words)
