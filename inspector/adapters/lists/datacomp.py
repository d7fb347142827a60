"""keep.npy: the subset file of DataComp, sorted 128-bit identifiers of the kept files."""

from array import array
from collections.abc import Sequence

import numpy as np

from inspector.adapters.lists.pending import PendingFolder
from inspector.adapters.lists.sink import expect_rows
from inspector.domain.errors import ListError
from inspector.domain.item import Item
from inspector.domain.media import ItemStatus
from inspector.domain.verdict import Decision
from inspector.ports import WrittenList

UID = np.dtype("u8,u8")
"""An identifier: the first 32 hexadecimal digits of the file's sha256, as two numbers."""


class DatacompSink:
    """Writes keep.npy, or the file of the decision that is wanted.

    Files with the same bytes have one identifier, which is written once.
    """

    def __init__(self, pending: PendingFolder, only: Decision | None) -> None:
        self._pending = pending
        self._decision = only or Decision.KEEP
        self._name = f"{self._decision.value}.npy"
        self._file = pending.begin(self._name)
        self._numbers = array("Q")
        self._without = 0

    def add(self, item: Item) -> None:
        if item.decision is not self._decision or item.status is ItemStatus.SKIPPED:
            return
        if item.sha256 is None:
            self._without += 1
            return
        self._numbers.append(int(item.sha256[:16], 16))
        self._numbers.append(int(item.sha256[16:32], 16))

    def finish(self) -> Sequence[WrittenList]:
        uids = np.unique(np.frombuffer(self._numbers, np.uint64).reshape(-1, 2), axis=0)
        np.save(self._file, np.ascontiguousarray(uids).view(UID).reshape(-1))
        with self._pending.read_back(self._name) as file:
            found = np.load(file, allow_pickle=False)
        expect_rows(self._name, len(uids), len(found))
        if found.dtype != UID or not np.array_equal(np.sort(found), found):
            raise ListError(f"{self._name} was read back unsorted; the older list was kept.")
        words = "sorted, read back"
        if self._without:
            words += f"; {self._without:,} files without a hash are left out"
        return [WrittenList(self._pending.folder / self._name, len(found), words)]
