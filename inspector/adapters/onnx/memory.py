"""Gives back the memory that opening a graph leaves free."""

import ctypes
import sys
from contextlib import suppress


def return_free_memory() -> None:
    """Hand free memory back to the system, where the C library would keep it.

    Opening the 67-MB graph of the large detector leaves 320 MB free within glibc's heap.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # musl has no such function, and keeps less
            ctypes.CDLL(None).malloc_trim(0)
