"""What a scan says while it runs; the desk, the command line and Ray read the same events."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.domain.item import Item
from inspector.domain.media import FoundFile


@dataclass(frozen=True, slots=True)
class FilesFound:
    """Files met since the last event, in walking order; never empty."""

    files: tuple[FoundFile, ...]


@dataclass(frozen=True, slots=True)
class PathTrouble:
    """A dropped path or a folder below it could not be walked; one sentence why.

    ``dropped`` is True where the path is one that the user gave.
    """

    path: str
    message: str
    dropped: bool


@dataclass(frozen=True, slots=True)
class DiscoveryDone:
    """Every dropped folder was walked; ``total`` files were found."""

    total: int


@dataclass(frozen=True, slots=True)
class ItemJudged:
    """One file has its verdict and is handed to the session.

    Attributes:
        thumbnail: uint8, shape (h, w, 3), sRGB, longest side at most 256; None without pixels.
        resumed: the item was already in the session and its file has not changed.
    """

    item: Item
    thumbnail: NDArray[np.uint8] | None = None
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Sent a few times a second.

    Attributes:
        found: files met so far; the total once ``discovered``.
        files_per_s: over the last seconds.
        seconds_left: None until it can be told.
    """

    done: int
    found: int
    discovered: bool
    files_per_s: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class ScanFinished:
    """Always the last event. ``cancelled`` scans are finished by a later one that resumes."""

    done: int
    found: int
    cancelled: bool


ScanEvent = FilesFound | PathTrouble | DiscoveryDone | ItemJudged | Progress | ScanFinished
