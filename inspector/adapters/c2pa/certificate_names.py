"""Whom the certificate in a signature names; nothing of it is verified here."""

import re

from cryptography import x509
from cryptography.x509.oid import NameOID

from inspector.adapters.c2pa.json_values import MAX_TITLE, as_text

MAX_CERTIFICATES = 20
"""Places of a signature that are tried as the start of a certificate."""

_CERTIFICATE = re.compile(rb"\x30\x82(?=([\x00-\xff]{2})\x30\x82)")
"""How a certificate in DER begins: a sequence that begins with a sequence."""

_SHOWN = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.COUNTRY_NAME)


def names_in(signature: bytes) -> tuple[str | None, str | None]:
    """Return subject and issuer of the first certificate in a COSE signature.

    The signer's own stands first (RFC 9360); None where there is none, or it names nobody.
    """
    for start in list(_CERTIFICATE.finditer(signature))[:MAX_CERTIFICATES]:
        length = 4 + int.from_bytes(start.group(1), "big")
        try:
            found = x509.load_der_x509_certificate(signature[start.start() :][:length])
            return _words(found.subject), _words(found.issuer)
        except (ValueError, x509.InvalidVersion):
            continue
    return None, None


def _words(name: x509.Name) -> str | None:
    """Return a name as people read it: their own, the organisation, the country."""
    stated = [
        as_text(str(attribute.value), MAX_TITLE)
        for kind in _SHOWN
        for attribute in name.get_attributes_for_oid(kind)[:1]
    ]
    return ", ".join(dict.fromkeys(text for text in stated if text)) or None
