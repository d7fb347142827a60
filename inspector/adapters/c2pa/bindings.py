"""What a manifest states beside its history: soft bindings, and identities nobody has checked.

A soft binding (a watermark, a fingerprint) leads back to a credential that was stripped off.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from inspector.adapters.c2pa.json_values import (
    MAX_TEXT,
    MAX_TITLE,
    Json,
    as_list,
    as_mapping,
    as_text,
)
from inspector.domain.provenance import SoftBinding, StatedIdentity

MAX_BINDINGS = 20
MAX_IDENTITIES = 20
MAX_CLAIMS = 50
MAX_CREDENTIAL = 256 << 10
"""Longest signature that is looked into for what it claims, characters of base64."""

_BY_CERTIFICATE = "cawg.x509.cose"

LabelledContent = Sequence[tuple[str, Json]]

_WATERMARK, _FINGERPRINT = "watermark", "fingerprint"

ALGORITHMS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "ai.contentlens.image.basewmk": ("Base", "ContentLens", _WATERMARK),
        "ai.contentlens.image.customwmk": ("Custom", "ContentLens", _WATERMARK),
        "ai.contentlens.image.ensemblewmk": ("Ensemble", "ContentLens", _WATERMARK),
        "ai.steg.api": ("Steg.AI", "Steg.AI", _WATERMARK),
        "ai.trufo.pawprint.fingerprint": ("PawPrint", "Trufo", _FINGERPRINT),
        "ai.trufo.pawprint.watermark": ("PawPrint", "Trufo", _WATERMARK),
        "ai.verda.watermark.image.1": ("Image watermark 1", "VerdaAI", _WATERMARK),
        "ai.verda.watermark.video.1": ("Video watermark 1", "VerdaAI", _WATERMARK),
        "app.overlai.watermark.1": ("Watermark 1", "Overlai", _WATERMARK),
        "castLabs.watermark.1": ("Single frame watermark", "castLabs", _WATERMARK),
        "com.adobe.flowmark.A": ("FlowMark A", "Adobe", _WATERMARK),
        "com.adobe.icn.dense": ("Image Comparator Network", "Adobe", _FINGERPRINT),
        "com.adobe.trustmark.C": ("TrustMark C", "Adobe", _WATERMARK),
        "com.adobe.trustmark.P": ("TrustMark P", "Adobe", _WATERMARK),
        "com.adobe.trustmark.Q": ("TrustMark Q", "Adobe", _WATERMARK),
        "com.aiwatermark.pixelseal.1": ("PixelSeal", "AIWatermark", _WATERMARK),
        "com.aiwatermark.videoseal.1": ("VideoSeal", "AIWatermark", _WATERMARK),
        "com.digicaps.fingerprint.1": ("Fingerprint 1", "DigiCAP", _FINGERPRINT),
        "com.digimarc.validate.1": ("Validate", "Digimarc", _WATERMARK),
        "com.doverunner.watermark.1": ("Watermark 1", "DoveRunner", _WATERMARK),
        "com.imatag.lamark.v1": ("Lamark 1", "Imatag", _WATERMARK),
        "com.joinmonolith.sha256": ("SHA-256 of the content", "Monolith", _FINGERPRINT),
        "com.markany.watermark.1": ("Watermark 1", "MarkAny", _WATERMARK),
        "com.mentaport.watermark.1": ("Watermark 1", "Mentaport", _WATERMARK),
        "com.microsoft.invismark.1": ("InvisMark", "Microsoft", _WATERMARK),
        "com.museblossom.contentsdefence.1": ("Contents Defence", "Museblossom", _WATERMARK),
        "com.nagra.nexguard.watermark.1": ("NexGuard", "NAGRA", _WATERMARK),
        "com.verimatrix.watermark.1": ("Watermark 1", "Verimatrix", _WATERMARK),
        "es.lumatrace": ("LumaTrace", "LumaTrace", _WATERMARK),
        "eu.sasha.softbinding.v1": ("Soft binding 1", "Sasha", _WATERMARK),
        "io.diker.sigi.v1": ("Sigi", "Okeanos", _WATERMARK),
        "io.iscc.v0": ("ISCC (ISO 24138)", "ISCC", _FINGERPRINT),
        "me.reconize.videoseal.1": ("VideoSeal", "Reconize", _WATERMARK),
        "org.atsc.a336": ("A/336", "ATSC", _WATERMARK),
        "tv.kinetiq.watercast.48.1": ("Teletrax", "Kinetiq", _WATERMARK),
    }
)
"""Name, vendor and kind of the algorithms for pictures and video on C2PA's soft binding list.

Source: softbinding-algorithm-list.json of c2pa-org/softbinding-algorithm-list, August 2026.
"""


def soft_bindings(assertions: LabelledContent) -> tuple[SoftBinding, ...]:
    """Return the soft bindings among a manifest's assertions, each algorithm once."""
    found: dict[str, SoftBinding] = {}
    for label, content in assertions:
        if label.split("__", 1)[0] != "c2pa.soft-binding" or len(found) >= MAX_BINDINGS:
            continue
        algorithm = as_text(as_mapping(content).get("alg"), MAX_TITLE)
        if algorithm is not None:
            found.setdefault(algorithm, _binding(algorithm))
    return tuple(found.values())


def stated_identities(assertions: LabelledContent) -> tuple[StatedIdentity, ...]:
    """Return the identities (CAWG) among a manifest's assertions, with what they claim."""
    found: list[StatedIdentity] = []
    for label, content in assertions:
        if label.split("__", 1)[0] == "cawg.identity" and len(found) < MAX_IDENTITIES:
            found.append(_identity(as_mapping(content)))
    return tuple(found)


def _binding(algorithm: str) -> SoftBinding:
    if algorithm in ALGORITHMS:
        return SoftBinding(algorithm, *ALGORITHMS[algorithm])
    parts = algorithm.split(".")
    return SoftBinding(algorithm, vendor=parts[1] if len(parts) > 2 else None)


def _identity(content: Mapping[str, Json]) -> StatedIdentity:
    kind = as_text(as_mapping(content.get("signer_payload")).get("sig_type"), MAX_TITLE)
    signature = _signature(content.get("signature"))
    if kind == _BY_CERTIFICATE:
        return _certified(kind, signature)
    credential = _credential(signature)
    issuer = credential.get("issuer")
    stated = issuer if isinstance(issuer, str) else as_mapping(issuer).get("id")
    subject = as_mapping(credential.get("credentialSubject"))
    return StatedIdentity(
        kind or "?",
        as_text(stated, MAX_TITLE),
        tuple(_claims(as_list(subject.get("verifiedIdentities"))[:MAX_CLAIMS])),
    )


def _signature(value: Json) -> bytes:
    """Return the bytes of a signature (COSE), or none where it is too long or not readable."""
    if not isinstance(value, str) or len(value) > MAX_CREDENTIAL:
        return b""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _credential(signature: bytes) -> Mapping[str, Json]:
    """Return the JSON that a signature carries as its payload, unverified; or nothing."""
    try:
        text = signature[max(0, signature.find(b'{"')) :].decode("utf-8", "replace")
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return as_mapping(value)


def _certified(kind: str, signature: bytes) -> StatedIdentity:
    """Return whom a certificate in a signature names, and who issued it, unverified."""
    # Loaded with the first such identity, for every worker would wait for it, and few meet one.
    from inspector.adapters.c2pa.certificate_names import names_in

    subject, issuer = names_in(signature)
    return StatedIdentity(kind, issuer, (subject,) if subject is not None else ())


def _claims(identities: Sequence[Json]) -> Iterator[str]:
    for entry in identities:
        stated = as_mapping(entry)
        provider = as_text(as_mapping(stated.get("provider")).get("name"), 80)
        name = as_text(stated.get("username"), MAX_TITLE) or as_text(stated.get("name"), MAX_TITLE)
        uri = as_text(stated.get("uri"), MAX_TEXT)
        what = ", ".join(text for text in (name, uri) if text is not None)
        where = provider or as_text(stated.get("type"), 80)
        line = ": ".join(text for text in (where, what) if text)
        if line:
            yield line
