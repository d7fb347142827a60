"""The user's trust lists: added from a file or, on the user's word, downloaded; never shipped."""

import datetime
import hashlib
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.adapters.c2pa.trust_download import OFFICIAL_LISTS, download
from inspector.adapters.c2pa.trust_files import (
    LIST_SUFFIX,
    NOTE_SUFFIX,
    ListKind,
    TrustList,
    installed_lists,
)
from inspector.domain.errors import TrustError
from inspector.domain.provenance import TrustTier

if TYPE_CHECKING:
    from inspector.adapters.c2pa.trust_parse import ParsedList

__all__ = ["ListKind", "TrustList", "TrustStore"]

MAX_LIST_BYTES = 16 << 20
"""The largest list taken; the official one has 38 kB."""


class TrustStore:
    """Owns the folder of trust lists. Any thread, one process writing at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def list(self) -> Sequence[TrustList]:
        """Return every installed list, strongest tier first."""
        return [installed.facts for installed in installed_lists(self.folder)]

    def add(self, file: Path, tier: TrustTier) -> TrustList:
        """Install a list; what kind it is shows from its content.

        Takes PEM bundles, the C2PA list as JSON, and key usages (.cfg, one identifier a line).

        Raises:
            TrustError: it cannot be read, holds nothing usable, or is installed already.
        """
        try:
            size = file.stat().st_size
            content = file.read_bytes() if size <= MAX_LIST_BYTES else b""
        except OSError as error:
            raise TrustError(
                f"The trust list {file} cannot be read: {error.strerror or error}."
            ) from error
        if size > MAX_LIST_BYTES:
            raise TrustError(f"{file} has {size >> 20} MB, too large for a trust list.")
        return self._install(content, file.name, tier)

    def remove(self, list_id: str) -> None:
        """Remove one list.

        Raises:
            TrustError: no list has this id, or it cannot be removed.
        """
        found = next((listed for listed in self.list() if listed.id == list_id), None)
        if found is None:
            raise TrustError(f"No trust list has the id {list_id}; see inspector trust list.")
        folder = self.folder / found.tier.value
        try:
            (folder / (found.id + NOTE_SUFFIX)).unlink()
            (folder / (found.id + LIST_SUFFIX)).unlink(missing_ok=True)
        except OSError as error:
            raise TrustError(
                f"The trust list {list_id} cannot be removed: {error.strerror or error}."
            ) from error

    def update(self) -> Sequence[TrustList]:
        """Download the official lists in place of the older ones: the one use of the network.

        Call it only on the user's explicit word.

        Raises:
            TrustError: they cannot be fetched or are no lists; the older ones stay.
        """
        fetched = [(download(address), address) for address in OFFICIAL_LISTS]
        for content, address in fetched:
            _parse(content, address)
        older = [
            listed
            for listed in self.list()
            if listed.tier is TrustTier.OFFICIAL and listed.origin in OFFICIAL_LISTS
        ]
        added = []
        for content, address in fetched:
            digest = hashlib.sha256(content).hexdigest()
            same = next((listed for listed in older if listed.sha256 == digest), None)
            if same is None:
                same = self._install(content, address, TrustTier.OFFICIAL)
            added.append(same)
        kept = {listed.id for listed in added}
        for listed in older:
            if listed.id not in kept:
                self.remove(listed.id)
        return added

    def _install(self, content: bytes, origin: str, tier: TrustTier) -> TrustList:
        parsed = _parse(content, origin)
        digest = hashlib.sha256(content).hexdigest()
        if any(listed.sha256 == digest and listed.tier is tier for listed in self.list()):
            raise TrustError(f"{origin} is already installed in the {tier.value} tier.")
        stem = re.sub(r"[^a-z0-9]+", "-", origin.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower())
        facts = TrustList(
            id=f"{stem.strip('-')[:40] or 'list'}-{digest[:8]}",
            tier=tier,
            kind=parsed.kind,
            certificates=parsed.entries,
            sha256=digest,
            added_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            issued_at=parsed.issued_at,
            next_update=parsed.next_update,
            origin=origin,
            skipped=parsed.skipped,
        )
        folder = self.folder / tier.value
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / (facts.id + LIST_SUFFIX), parsed.text)
            _write(folder / (facts.id + NOTE_SUFFIX), json.dumps(asdict(facts), indent=2))
        except OSError as error:
            raise TrustError(
                f"The trust list cannot be kept in {folder}: {error.strerror or error}."
            ) from error
        return facts


def _parse(content: bytes, origin: str) -> "ParsedList":
    """Return what a list holds.

    Raises:
        TrustError: it holds neither certificates nor key usages.
    """
    from inspector.adapters.c2pa.trust_parse import parse_list

    return parse_list(content, origin)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=".", delete=False
    ) as scratch:
        try:
            scratch.write(text)
            scratch.close()
            Path(scratch.name).replace(path)
        except OSError:
            Path(scratch.name).unlink(missing_ok=True)
            raise
