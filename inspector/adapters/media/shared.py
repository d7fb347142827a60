"""Memory that a parent shares with one worker; it goes when both are gone, however they end."""

import mmap
import os
import sys
import tempfile
import uuid
from collections import deque
from dataclasses import dataclass
from typing import Self


@dataclass(slots=True)
class SharedMemory:
    """One mapping. ``handle`` is what the other side needs: a descriptor, or a Windows name."""

    memory: mmap.mmap
    handle: str
    descriptor: int | None

    @classmethod
    def create(cls, size: int) -> Self:
        """Make a mapping without a name in any file system."""
        if sys.platform == "win32":
            name = f"inspector-{uuid.uuid4().hex}"
            return cls(mmap.mmap(-1, size, tagname=name), name, None)
        if sys.platform == "linux":
            descriptor = os.memfd_create("inspector", os.MFD_CLOEXEC)
        else:
            descriptor, path = tempfile.mkstemp(prefix="inspector-")
            os.unlink(path)  # noqa: PTH108 - the descriptor alone keeps it
        os.ftruncate(descriptor, size)
        return cls(mmap.mmap(descriptor, size), str(descriptor), descriptor)

    @classmethod
    def attach(cls, handle: str, size: int) -> Self:
        """Map what the parent made; the inherited descriptor is closed."""
        if sys.platform == "win32":
            return cls(mmap.mmap(-1, size, tagname=handle), handle, None)
        memory = mmap.mmap(int(handle), size)
        os.close(int(handle))
        return cls(memory, handle, None)

    def close(self) -> None:
        """Let go of the descriptor; the mapping goes once no array looks at it any more."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


class Ring:
    """Places in a shared memory, handed out and freed in the same order; the worker's side."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._taken: deque[tuple[int, int]] = deque()

    def place(self, length: int) -> int | None:
        """Return the offset of ``length`` free bytes, or None until more is freed.

        An empty ring starts over at 0, so that the same pages stay warm.
        """
        if length > self._size:
            return None
        if not self._taken:
            at = 0
        else:
            first, last = self._taken[0][0], self._taken[-1][1]
            if last > first:
                at = last if last + length <= self._size else 0
                if at == 0 and length > first:
                    return None
            elif last + length <= first:
                at = last
            else:
                return None
        self._taken.append((at, at + length))
        return at

    def free(self) -> None:
        """Free the place handed out first."""
        if self._taken:
            self._taken.popleft()
