"""Trust lists as files: one folder a tier, each list beside a small JSON note of what it is.

Light on imports, for every decode worker reads them.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from inspector.domain.provenance import TrustTier

NOTE_SUFFIX = ".note.json"
LIST_SUFFIX = ".list"


class ListKind(StrEnum):
    """What a list holds; the value is the word for it in a sentence."""

    ANCHORS = "trust anchors"
    TIME_STAMP_ROOTS = "time-stamp roots"
    ALLOWED = "allowed signing certificates"
    KEY_USAGES = "accepted key usages"


@dataclass(frozen=True, slots=True)
class TrustList:
    """One installed list.

    Attributes:
        certificates: how many it holds (key usages: how many identifiers).
        sha256: of the file as it was added.
        added_at: UTC, ISO 8601; ``issued_at`` and ``next_update`` as the list itself says.
        origin: the name of the file it came from, or the address.
        skipped: entries of the file that could not be read as certificates.
    """

    id: str
    tier: TrustTier
    kind: ListKind
    certificates: int
    sha256: str
    added_at: str
    issued_at: str | None = None
    next_update: str | None = None
    origin: str = ""
    skipped: int = 0

    def outdated(self, today: str) -> bool:
        """Return whether the list said that a newer one would be out by ``today`` (ISO 8601)."""
        return self.next_update is not None and self.next_update[:10] < today[:10]


@dataclass(frozen=True, slots=True)
class InstalledList:
    """A list with its text: PEM certificates, or key usages one a line."""

    facts: TrustList
    text: str


def installed_lists(folder: Path) -> Iterator[InstalledList]:
    """Yield every readable list, strongest tier first, then by id; broken ones are left out."""
    for tier in TrustTier:
        for name in _names(folder / tier.value):
            listed = _read(folder / tier.value / name, tier)
            if listed is not None:
                yield listed


def folder_stamp(folder: Path) -> tuple[int, ...]:
    """Return the times of the tiers' folders, to see whether lists came or went.

    Every file with a credential asks, and lists are only ever put in place whole or taken away.
    """
    stamp = []
    for tier in TrustTier:
        try:
            stamp.append(os.stat(f"{folder}{os.sep}{tier.value}").st_mtime_ns)
        except OSError:
            stamp.append(0)
    return tuple(stamp)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(NOTE_SUFFIX))
    except OSError:
        return []


def _read(note: Path, tier: TrustTier) -> InstalledList | None:
    identity = note.name.removesuffix(NOTE_SUFFIX)
    try:
        written = json.loads(note.read_text(encoding="utf-8"))
        text = note.with_name(identity + LIST_SUFFIX).read_text(encoding="utf-8")
        facts = TrustList(
            id=identity,
            tier=tier,
            kind=ListKind(written["kind"]),
            certificates=int(written["certificates"]),
            sha256=str(written["sha256"]),
            added_at=str(written["added_at"]),
            issued_at=written.get("issued_at"),
            next_update=written.get("next_update"),
            origin=str(written.get("origin", "")),
            skipped=int(written.get("skipped", 0)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return InstalledList(facts, text)
