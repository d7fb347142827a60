"""The user's trust lists: added from a file or, on the user's word, downloaded; never shipped."""

import base64
import binascii
import datetime
import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

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
        parsed = [(content, address, _parse(content, address)) for content, address in fetched]
        older = [
            listed
            for listed in self.list()
            if listed.tier is TrustTier.OFFICIAL and listed.origin in OFFICIAL_LISTS
        ]
        added = []
        for content, address, _ in parsed:
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


@dataclass(frozen=True, slots=True)
class _Parsed:
    kind: ListKind
    entries: int
    text: str
    skipped: int = 0
    issued_at: str | None = None
    next_update: str | None = None


def _parse(content: bytes, origin: str) -> _Parsed:
    """Return what a list holds, in one canonical form.

    Raises:
        TrustError: it holds neither certificates nor key usages.
    """
    issued_at = next_update = None
    blocks = re.findall(rb"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----", content)
    if blocks:
        encoded = [re.sub(rb"-----[^-]+-----|\s", b"", block) for block in blocks]
    elif content.lstrip()[:1] == b"{":
        encoded, issued_at, next_update = _from_json(content, origin)
    else:
        return _key_usages(content, origin)
    certificates = list(_certificates(encoded))
    if not certificates:
        raise TrustError(f"{origin} holds no certificate that can be read.")
    text = "".join(c.public_bytes(Encoding.PEM).decode() for c in certificates)
    return _Parsed(
        _kind(certificates),
        len(certificates),
        text,
        len(encoded) - len(certificates),
        issued_at,
        next_update,
    )


def _certificates(encoded: Sequence[bytes]) -> Iterator[x509.Certificate]:
    for base64_text in encoded:
        try:
            yield x509.load_der_x509_certificate(base64.b64decode(base64_text, validate=True))
        except (ValueError, binascii.Error, x509.InvalidVersion):
            continue


def _from_json(content: bytes, origin: str) -> tuple[list[bytes], str | None, str | None]:
    """Return the trusted certificates of a list in the form that C2PA publishes (ETSI LoTE)."""
    try:
        body = json.loads(content)["LoTE"]
        scheme = body["ListAndSchemeInformation"]
        encoded = [
            entry["val"].encode("ascii")
            for entity in body["TrustedEntitiesList"]
            for service in entity["TrustedEntityServices"]
            if service["ServiceInformation"]["ServiceStatus"].endswith("/trusted")
            for entry in service["ServiceInformation"]["ServiceDigitalIdentity"]["X509Certificates"]
        ]
        issued_at, next_update = scheme.get("ListIssueDateTime"), scheme.get("NextUpdate")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TrustError(f"{origin} is no trust list in C2PA's JSON form.") from error
    return encoded, str(issued_at)[:40], str(next_update)[:40] if next_update else None


def _key_usages(content: bytes, origin: str) -> _Parsed:
    lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines()]
    stated = [line for line in lines if line and not line.startswith(("//", "#"))]
    usages = [line for line in stated if re.fullmatch(r"[0-2](\.\d{1,20}){2,30}", line)]
    if not usages or len(usages) != len(stated):
        raise TrustError(
            f"{origin} is no trust list: it holds neither certificates nor key usages only."
        )
    return _Parsed(ListKind.KEY_USAGES, len(usages), "\n".join(usages) + "\n")


def _kind(certificates: Sequence[x509.Certificate]) -> ListKind:
    authorities = [c for c in certificates if _is_authority(c)]
    if not authorities:
        return ListKind.ALLOWED
    usages = [_usages(c) for c in authorities]
    stamping = sum(found == {ExtendedKeyUsageOID.TIME_STAMPING} for found in usages)
    signing = sum(bool(found - {ExtendedKeyUsageOID.TIME_STAMPING}) for found in usages)
    few_others = 5 * stamping >= len(authorities)
    return ListKind.TIME_STAMP_ROOTS if few_others and not signing else ListKind.ANCHORS


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _usages(certificate: x509.Certificate) -> set[x509.ObjectIdentifier]:
    try:
        return set(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except (x509.ExtensionNotFound, ValueError):
        return set()


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
