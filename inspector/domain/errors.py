"""Every error Inspector raises on purpose; each text is one sentence meant for people.

InspectorError
├── MediaError     one file; the scan goes on (see ``MediaFault``)
├── ModelError     a detector cannot be loaded or gives nonsense
├── StoreError     a session cannot be read or written
├── ListError      a list or report cannot be written or read back
├── TrustError     a trust list cannot be read, added or fetched
├── FetchError     a remote manifest is refused or cannot be fetched
├── TeachError     a detector cannot be taught, or learnt nothing worth keeping
├── UsageError     the call itself is wrong (exit code 2)
└── EmptyMediaError  a pool over no frames at all
"""

from enum import StrEnum
from pathlib import Path


class FaultCode(StrEnum):
    """Why one file could not be read as it should."""

    UNSUPPORTED = "unsupported"
    CORRUPT = "corrupt"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out_of_memory"
    CHANGED_DURING_SCAN = "changed_during_scan"
    VANISHED = "vanished"
    FORBIDDEN = "forbidden"
    NOT_A_FILE = "not_a_file"
    NOT_MEDIA = "not_media"
    TRUNCATED = "truncated"
    NO_SCORE = "no_score"


class InspectorError(Exception):
    """Base of all errors raised on purpose; ``str(error)`` is a sentence for the user."""


class MediaError(InspectorError):
    """One file cannot be read; the scan goes on.

    Attributes:
        code: which kind of fault, stored with the item.
    """

    def __init__(self, code: FaultCode, message: str) -> None:
        super().__init__(message)
        self.code = code


class ModelError(InspectorError):
    """A detector cannot be loaded, or its output is not a score."""


class StoreError(InspectorError):
    """A session cannot be opened, read or written.

    Attributes:
        backup: a whole backup that can take a damaged session's place, if there is one.
    """

    def __init__(self, message: str, backup: Path | None = None) -> None:
        super().__init__(message)
        self.backup = backup


class ListError(InspectorError):
    """A list cannot be written or read back; an older list is still whole."""


class TrustError(InspectorError):
    """A trust list cannot be read, added or fetched."""


class FetchError(InspectorError):
    """A remote manifest may not be fetched, or did not come."""


class TeachError(InspectorError):
    """A detector cannot be taught with these pictures, or would become worse."""


class UsageError(InspectorError):
    """The call is wrong; nothing was done."""


class EmptyMediaError(InspectorError):
    """No frame was scored, so there is nothing to pool."""
