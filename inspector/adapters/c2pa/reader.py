"""Reads Content Credentials offline and says what they are: for decode workers.

Nothing here connects anywhere, writes anything, or raises for what a file holds.
"""

import io
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import c2pa

from inspector.adapters.c2pa.asset import (
    MEDIA_TYPES,
    WatchedFile,
    find_sidecar,
    head_names_credential,
    open_asset,
    read_credential,
    sidecar_may_be_of_another,
)
from inspector.adapters.c2pa.claims import Store, StoreSyntaxError, parse_store
from inspector.adapters.c2pa.fragments import (
    Pieces,
    check_fragments,
    fragments_beside,
    opens_stream,
)
from inspector.adapters.c2pa.statements import Chain
from inspector.adapters.c2pa.summary import summarise
from inspector.adapters.c2pa.thumbnails import MAX_THUMBNAILS, read_thumbnails
from inspector.adapters.c2pa.tiers import Tiers, named_tier
from inspector.adapters.c2pa.tree import TreeBuilder, thumbnail_places
from inspector.domain.provenance import (
    Location,
    ManifestStore,
    Provenance,
    ProvenanceState,
    Thumbnail,
    TrustTier,
)
from inspector.domain.text import plain_line

MAX_RAW_JSON = 4 << 20
"""Longest raw JSON handed on, in characters."""

_REMOTE = "Remote: must fetch remote manifests from url "

CorruptErrors = (
    c2pa.C2paError.Other,
    c2pa.C2paError.Decoding,
    c2pa.C2paError.Verify,
    c2pa.C2paError.Manifest,
    c2pa.C2paError.Assertion,
    c2pa.C2paError.AssertionNotFound,
    c2pa.C2paError.Json,
    c2pa.C2paError.Encoding,
    c2pa.C2paError.Signature,
    c2pa.C2paError.ResourceNotFound,
)
"""What the reader raises when a credential is there and cannot be understood."""


_CLIPS = frozenset({"video/mp4", "video/quicktime"})


@dataclass(frozen=True, slots=True)
class _Given:
    """The reader's JSON; of a stream in pieces, with what came of checking the fragments."""

    text: str
    pieces: Pieces | None

    def store(self) -> Store:
        """Parse it.

        Raises:
            StoreSyntaxError: it cannot be understood.
        """
        store = parse_store(self.text)
        return store if self.pieces is None else self.pieces.applied(store)


@dataclass(frozen=True, slots=True)
class _Read:
    """A credential as the reader gave it, with the tier that vouches for its signer."""

    chain: Chain
    given: _Given
    tier: TrustTier | None
    sidecar: bytes | None

    @property
    def location(self) -> Location:
        return Location.EMBEDDED if self.sidecar is None else Location.SIDECAR


class ProvenanceReader:
    """Owns the reader's contexts, made at the first read. One thread and one process.

    Args:
        trust_folder: the user's trust lists; None for none. Changes in it are noticed.
    """

    def __init__(self, trust_folder: Path | None) -> None:
        self._tiers = Tiers(trust_folder)

    def read(self, path: str | Path, media_format: str) -> Provenance:
        """Return the summary of a file's credential.

        Args:
            path: the file; names outside UTF-8 as ``os.fsdecode`` gives them.
            media_format: its format by content ("jpeg", "mp4", ...).
        """
        read = self._read(os.fspath(path), media_format)
        return read if isinstance(read, Provenance) else _summary(read)

    def read_store(
        self, path: str | Path, media_format: str, beside: str | None = None
    ) -> ManifestStore:
        """Return the whole credential: summary, tree and raw JSON.

        Args:
            beside: a file whose content is taken for the credential, whatever ``path`` carries.
        """
        name = os.fspath(path)
        read = (
            self._read(name, media_format)
            if beside is None
            else self._given(name, media_format, beside)
        )
        if isinstance(read, Provenance):
            return ManifestStore(read, None, "")
        tree = TreeBuilder(read.chain, self._pictures(name, media_format, read))
        return ManifestStore(_summary(read), tree.build(), _pretty(read.given.text))

    def _pictures(self, path: str, media_format: str, read: _Read) -> dict[str, Thumbnail]:
        places = thumbnail_places(read.chain, MAX_THUMBNAILS)
        if not places:
            return {}
        try:
            with open_asset(path, media_format) as (_, stream):
                reader = c2pa.Reader.try_create(
                    MEDIA_TYPES[media_format],
                    stream,
                    read.sidecar,
                    context=self._tiers.context(()),
                )
                if reader is None:
                    return {}
                with reader:
                    return read_thumbnails(reader, places)
        except (OSError, c2pa.C2paError):
            return {}

    def _read(self, path: str, media_format: str) -> _Read | Provenance:
        media_type = MEDIA_TYPES.get(media_format)
        found: _Read | Provenance = Provenance(ProvenanceState.UNSUPPORTED)
        if media_type is not None:
            found = self._attempt(path, media_format, media_type, None)
        if isinstance(found, _Read) or found.state not in _SIDECAR_STATES:
            return found
        return self._beside(path, media_format, media_type or "", found)

    def _given(self, path: str, media_format: str, beside: str) -> _Read | Provenance:
        """Read a credential that was named, in place of the file's own."""
        try:
            content = read_credential(beside)
        except OSError as error:
            return _unreadable(f"The credential cannot be read: {_why(error)}.")
        return self._attempt(path, media_format, MEDIA_TYPES.get(media_format, ""), content)

    def _beside(
        self, path: str, media_format: str, media_type: str, found: Provenance
    ) -> _Read | Provenance:
        """Read a credential kept beside the file, if there is one, else return ``found``."""
        try:
            sidecar = find_sidecar(path)
        except OSError as error:
            return _unreadable(f"The credential beside it cannot be read: {_why(error)}.")
        if sidecar is None:
            return found
        beside = self._attempt(path, media_format, media_type, sidecar)
        if isinstance(beside, _Read) and _summary(beside).hash_ok is False:
            try:
                if sidecar_may_be_of_another(path):
                    return replace(
                        found, message="The credential beside it belongs to another file."
                    )
            except OSError:
                return beside
        return beside

    def _attempt(
        self, path: str, media_format: str, media_type: str, sidecar: bytes | None
    ) -> _Read | Provenance:
        location = Location.EMBEDDED if sidecar is None else Location.SIDECAR
        try:
            with open_asset(path, media_format) as (file, stream):
                read = self._named(
                    lambda tiers: self._text(file, stream, media_type, sidecar, tiers, path),
                    sidecar,
                )
        except _ReadFailed as error:
            return _unreadable(str(error))
        except OSError as error:
            return _unreadable(f"The file cannot be read: {_why(error)}.")
        except c2pa.C2paError as error:
            return _state_of(error, path, location)
        except StoreSyntaxError as error:
            return _corrupt(f"Its credential cannot be understood: {error}.", location)
        return read if read is not None else Provenance()

    def _named(
        self, read_with: Callable[[Sequence[TrustTier]], _Given | None], sidecar: bytes | None
    ) -> _Read | None:
        """Read with every tier, then name the strongest tier that trusts the signer by itself.

        Raises:
            C2paError, StoreSyntaxError, _ReadFailed: it cannot be read.
        """
        tiers = self._tiers.installed()
        given = read_with(tiers)
        if given is None:
            return None
        store = given.store()
        chain = Chain(store)
        if store.active is None or not chain.trusted(store.active):
            return _Read(chain, given, None, sidecar)
        named = named_tier(store.trusted_by)
        for count, tier in enumerate(tiers, start=1):
            if tier is named or count == len(tiers):
                return _Read(chain, given, tier, sidecar)
            alone = read_with(tiers[:count])
            if alone is not None and alone.store().trusted_by is not None:
                return _Read(chain, given, tier, sidecar)
        return _Read(chain, given, None, sidecar)

    def _text(
        self,
        file: WatchedFile,
        stream: io.IOBase,
        media_type: str,
        sidecar: bytes | None,
        tiers: Sequence[TrustTier],
        path: str,
    ) -> _Given | None:
        """Return the reader's JSON with these tiers trusted; None where there is no credential.

        Raises:
            C2paError: the credential cannot be read.
            _ReadFailed: the file itself could not be read, whatever the reader made of it.
        """
        stream.seek(0)
        try:
            reader = c2pa.Reader.try_create(
                media_type, stream, sidecar, context=self._tiers.context(tiers)
            )
            if reader is None:
                return None
            with reader:
                if media_type in _CLIPS and opens_stream(reader, file):
                    pieces, text = check_fragments(reader, file, media_type, fragments_beside(path))
                    return _Given(text, pieces)
                return _Given(str(reader.json()), None)
        finally:
            if file.failure is not None:
                raise _ReadFailed(f"The file cannot be read: {_why(file.failure)}.")


class _ReadFailed(Exception):  # noqa: N818 - never leaves this module
    """The file gave a read error, so nothing may be said of its hash."""


_SIDECAR_STATES = frozenset(
    {ProvenanceState.ABSENT, ProvenanceState.REMOTE, ProvenanceState.UNSUPPORTED}
)


def _summary(read: _Read) -> Provenance:
    summary = summarise(read.chain, read.tier, read.location)
    if read.given.pieces is None:
        return summary
    told = (read.given.pieces.words(), summary.message)
    return replace(summary, message=" ".join(words for words in told if words))


def _state_of(error: c2pa.C2paError, path: str, location: Location) -> Provenance:
    """Return what an error of the reader says of the file; never "absent"."""
    text = plain_line(str(error), 300)
    if str(error).startswith(_REMOTE):
        return Provenance(
            ProvenanceState.REMOTE,
            location=Location.REMOTE,
            remote_url=plain_line(str(error).removeprefix(_REMOTE), 2000),
            message="Its credential is kept at another place and was not fetched.",
        )
    if isinstance(error, c2pa.C2paError.NotSupported):
        return Provenance(ProvenanceState.UNSUPPORTED, message="This format carries no credential.")
    corrupt = isinstance(error, CorruptErrors)
    if corrupt and (location is Location.SIDECAR or head_names_credential(path)):
        return _corrupt(f"Its credential cannot be understood ({text}).", location)
    if corrupt and not _speaks_of_the_file(text):
        return _corrupt(f"Its credential cannot be understood ({text}).", location)
    return _unreadable(f"Whether it carries a credential cannot be told ({text}).")


def _speaks_of_the_file(text: str) -> bool:
    return "could not be parsed" in text or "asset" in text


def _corrupt(message: str, location: Location) -> Provenance:
    return Provenance(ProvenanceState.CORRUPT, location=location, message=message)


def _unreadable(message: str) -> Provenance:
    return Provenance(ProvenanceState.UNREADABLE, message=message)


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _pretty(text: str) -> str:
    """Return the reader's JSON with sorted keys; past ``MAX_RAW_JSON`` it is cut and says so."""
    pretty = json.dumps(json.loads(text), sort_keys=True, indent=2, ensure_ascii=False)
    if len(pretty) <= MAX_RAW_JSON:
        return pretty
    return f"{pretty[:MAX_RAW_JSON]}\n… cut: {len(pretty):,} characters in all"
