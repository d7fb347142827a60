"""What the reader is told before it reads: the network shut, and whom each tier trusts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import c2pa

from inspector.adapters.c2pa.trust_files import (
    InstalledList,
    ListKind,
    folder_stamp,
    installed_lists,
)
from inspector.domain.provenance import TrustTier

OFFLINE: dict[str, dict[str, object]] = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    "core": {
        "allowed_network_hosts": [],
        "allow_redirects": False,
        "decode_identity_assertions": False,
    },
}
"""``allowed_network_hosts`` is what shuts the network; the rest keeps the reader from trying.

The reader accepts unknown names in silence, so a test with a listening proxy guards these.
"""

_NAMED = re.compile(r"\[([a-z]+)\]")


@dataclass(frozen=True, slots=True)
class _Contexts:
    """A reader's context per set of tiers, made as they are asked for."""

    lists: tuple[InstalledList, ...]
    installed: tuple[TrustTier, ...]
    made: dict[tuple[TrustTier, ...], c2pa.Context]


class Tiers:
    """Owns the reader's contexts for the lists installed now. One thread at a time."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._stamp: tuple[int, ...] | None = None
        self._contexts = _Contexts((), (), {})

    def installed(self) -> tuple[TrustTier, ...]:
        """Return the tiers that have a list, strongest first; lists that came or went count."""
        stamp = folder_stamp(self._folder) if self._folder is not None else ()
        if stamp != self._stamp:
            lists = tuple(installed_lists(self._folder)) if self._folder is not None else ()
            present = {listed.facts.tier for listed in lists}
            self._contexts = _Contexts(lists, tuple(t for t in TrustTier if t in present), {})
            self._stamp = stamp
        return self._contexts.installed

    def context(self, tiers: Sequence[TrustTier]) -> c2pa.Context:
        """Return the context in which the signers of these tiers are trusted.

        The lists are those that ``installed`` saw last.
        """
        contexts = self._contexts
        key = tuple(tiers)
        if key not in contexts.made:
            wanted = [listed for listed in contexts.lists if listed.facts.tier in key]
            contexts.made[key] = _context(wanted)
        return contexts.made[key]


def named_tier(explanation: str | None) -> TrustTier | None:
    """Return the tier that the reader's words on a trusted signer name, if they do."""
    match = _NAMED.search(explanation or "")
    name = match.group(1) if match else ""
    return TrustTier(name) if name in {tier.value for tier in TrustTier} else None


def _context(lists: Sequence[InstalledList]) -> c2pa.Context:
    trust: dict[str, object] = {"anchors": list(_anchors(lists))}
    usages = "".join(listed.text for listed in lists if listed.facts.kind is ListKind.KEY_USAGES)
    if usages:
        trust["trust_config"] = usages
    try:
        return c2pa.Context.from_dict({**OFFLINE, "trust": trust})
    except c2pa.C2paError:
        # A list that was damaged on disk must not make every credential look corrupt.
        return c2pa.Context.from_dict(OFFLINE)


def _anchors(lists: Sequence[InstalledList]) -> list[dict[str, str]]:
    anchors = []
    for listed in lists:
        entry = {"trust_uri": listed.facts.tier.value, "trust_kind": "manifest"}
        match listed.facts.kind:
            case ListKind.ANCHORS:
                entry["trust_anchors"] = listed.text
            case ListKind.TIME_STAMP_ROOTS:
                entry |= {"trust_anchors": listed.text, "trust_kind": "tsa"}
            case ListKind.ALLOWED:
                entry |= {"trust_anchors": "", "allowed_list": listed.text}
            case ListKind.KEY_USAGES:
                continue
        anchors.append(entry)
    return anchors
