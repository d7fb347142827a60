"""Tells what a trust list holds, whatever form it comes in.

Apart from ``trust``, so that only adding a list costs the import of ``cryptography``.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from inspector.adapters.c2pa.trust_files import ListKind
from inspector.domain.errors import TrustError


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A list in one canonical form: PEM certificates, or key usages one a line."""

    kind: ListKind
    entries: int
    text: str
    skipped: int = 0
    issued_at: str | None = None
    next_update: str | None = None


def parse_list(content: bytes, origin: str) -> ParsedList:
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
    return ParsedList(
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


def _key_usages(content: bytes, origin: str) -> ParsedList:
    lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines()]
    stated = [line for line in lines if line and not line.startswith(("//", "#"))]
    usages = [line for line in stated if re.fullmatch(r"[0-2](\.\d{1,20}){2,30}", line)]
    if not usages or len(usages) != len(stated):
        raise TrustError(
            f"{origin} is no trust list: it holds neither certificates nor key usages only."
        )
    return ParsedList(ListKind.KEY_USAGES, len(usages), "\n".join(usages) + "\n")


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
