"""Credentials put together by hand: what no signing tool writes, good and bad alike.

The forms are those of the C2PA specification 2.2: JUMBF boxes, CBOR content, a COSE signature.
"""

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from inspector.adapters.c2pa.signing import TestSigner
from inspector.domain.provenance import Relationship

_TAIL = bytes.fromhex("00110010800000aa00389b71")
C2PA_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""The identifier of the ``uuid`` box that holds credentials in clips."""

_EMBEDDED = bytes.fromhex("40cb0c32bb8a489da70b2ad6f47f4369")
_SEGMENT = 65_000


@dataclass(frozen=True, slots=True)
class Tagged:
    """A CBOR value with a tag before it."""

    tag: int
    value: object


def cbor(value: object) -> bytes:
    """Encode what CBOR can hold of Python's own types."""
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case Tagged():
            return _head(6, value.tag) + cbor(value.value)
        case Mapping():
            pairs = b"".join(cbor(key) + cbor(content) for key, content in value.items())
            return _head(5, len(value)) + pairs
        case Sequence():
            return _head(4, len(value)) + b"".join(map(cbor, value))
    raise TypeError(f"{type(value).__name__} has no form in CBOR")


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    for code, form in ((24, ">B"), (25, ">H"), (26, ">I"), (27, ">Q")):
        if number < 1 << 8 * struct.calcsize(form):
            return bytes([kind << 5 | code]) + struct.pack(form, number)
    raise ValueError(f"{number} is too large")


def box(name: bytes, content: bytes) -> bytes:
    """Return one box as MP4 and JUMBF have them."""
    return struct.pack(">I", 8 + len(content)) + name + content


def _described(kind: bytes, label: str, content: bytes) -> bytes:
    """Return the content of a superbox: its description, then what it describes."""
    return box(b"jumd", kind + _TAIL + b"\x03" + label.encode() + b"\0") + content


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file that stands in an assertion, such as a thumbnail."""

    media_type: str
    content: bytes


def _assertion(label: str, value: object) -> bytes:
    """Return the content of an assertion's superbox."""
    if not isinstance(value, EmbeddedFile):
        return _cbor_box(label, value)
    inside = box(b"bfdb", b"\0" + value.media_type.encode() + b"\0") + box(b"bidb", value.content)
    return box(b"jumd", _EMBEDDED + b"\x03" + label.encode() + b"\0") + inside


def _cbor_box(label: str, value: object, kind: bytes = b"cbor") -> bytes:
    return _described(kind, label, box(b"cbor", cbor(value)))


@dataclass(frozen=True, slots=True)
class MadeManifest:
    """One manifest to be put together.

    Attributes:
        label: as others refer to it.
        assertions: label to content; the labels must differ.
        ingredients: labels of manifests that it names as such, whether they exist or not.
    """

    label: str
    assertions: Mapping[str, object] = field(default_factory=dict)
    ingredients: Sequence[str] = ()
    title: str = "made by hand"
    relationship: Relationship = Relationship.COMPONENT


def store_of(manifests: Sequence[MadeManifest], signer: TestSigner) -> bytes:
    """Return a manifest store; the last manifest is the active one.

    A manifest knows the hash of those that come before it; to others it refers with a hash that
    cannot match.
    """
    claims: dict[str, bytes] = {}
    boxes = []
    for manifest in manifests:
        content, claims[manifest.label] = _manifest(manifest, claims, signer)
        boxes.append(box(b"jumb", content))
    return box(b"jumb", _described(b"c2pa", "c2pa", b"".join(boxes)))


def _manifest(
    manifest: MadeManifest, claims: Mapping[str, bytes], signer: TestSigner
) -> tuple[bytes, bytes]:
    """Return a manifest's superbox without its head, and the hash of its claim's."""
    stated = dict(manifest.assertions)
    for number, label in enumerate(manifest.ingredients):
        name = f"c2pa.ingredient__{number}" if number else "c2pa.ingredient"
        digest = claims.get(label, bytes(32))
        stated[name] = _ingredient(label, digest, manifest.relationship)
    parts = {name: _assertion(name, value) for name, value in stated.items()}
    claim = {
        "alg": "sha256",
        "claim_generator": "handmade/1.0",
        "dc:title": manifest.title,
        "dc:format": "video/mp4",
        "instanceID": f"xmp:iid:{hashlib.sha256(manifest.label.encode()).hexdigest()[:32]}",
        "signature": f"self#jumbf=/c2pa/{manifest.label}/c2pa.signature",
        "assertions": [
            {
                "url": f"self#jumbf=/c2pa/{manifest.label}/c2pa.assertions/{name}",
                "hash": hashlib.sha256(part).digest(),
            }
            for name, part in parts.items()
        ],
    }
    claim_box = _cbor_box("c2pa.claim", claim, b"c2cl")
    inside = b"".join(box(b"jumb", part) for part in parts.values())
    content = (
        box(b"jumb", _described(b"c2as", "c2pa.assertions", inside))
        + box(b"jumb", claim_box)
        + box(b"jumb", _cbor_box("c2pa.signature", cose_of(cbor(claim), signer), b"c2cs"))
    )
    whole = _described(b"c2ma", manifest.label, content)
    return whole, hashlib.sha256(whole).digest()


def _ingredient(label: str, digest: bytes, relationship: Relationship) -> dict[str, object]:
    return {
        "dc:title": label,
        "dc:format": "video/mp4",
        "instanceID": f"xmp:iid:{label}",
        "relationship": relationship.value,
        "c2pa_manifest": {"url": f"self#jumbf=/c2pa/{label}", "hash": digest, "alg": "sha256"},
    }


def cose_of(claim: bytes, signer: TestSigner) -> Tagged:
    """Return a signature over some bytes, with the signer's certificate in it."""
    key = serialization.load_pem_private_key(signer.key_pem.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    certificate = x509.load_pem_x509_certificate(signer.chain_pem.encode())
    chain = certificate.public_bytes(serialization.Encoding.DER)
    protected = cbor({1: -7, 33: chain})
    signed = cbor(["Signature1", protected, b"", claim])
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    return Tagged(18, [protected, {}, None, r.to_bytes(32, "big") + s.to_bytes(32, "big")])


def signed_jpeg(manifests: Sequence[MadeManifest], signer: TestSigner, picture: bytes) -> bytes:
    """Return a JPEG with a store of these manifests, each of which is bound to its content."""
    length, digest = 0, hashlib.sha256(picture).digest()
    while True:
        bound = {
            "exclusions": [{"start": 2, "length": length}],
            "name": "jumbf manifest",
            "alg": "sha256",
            "hash": digest,
            "pad": b"",
        }
        stated = [
            replace(made, assertions={**made.assertions, "c2pa.hash.data": bound})
            for made in manifests
        ]
        segments = _segments(store_of(stated, signer))
        if len(segments) == length:
            return picture[:2] + segments + picture[2:]
        length = len(segments)


def _segments(store: bytes) -> bytes:
    segments = []
    for number, at in enumerate(range(0, len(store), _SEGMENT), start=1):
        head = b"JP" + struct.pack(">HI", 1, number) + (store[:8] if number > 1 else b"")
        content = head + store[at : at + _SEGMENT]
        segments.append(b"\xff\xeb" + struct.pack(">H", len(content) + 2) + content)
    return b"".join(segments)


def boxes_of(clip: bytes) -> list[bytes]:
    """Return the top-level boxes of a clip, whole."""
    starts = [0]
    while starts[-1] < len(clip):
        starts.append(starts[-1] + int.from_bytes(clip[starts[-1] :][:4], "big"))
    return [clip[at:end] for at, end in pairwise(starts)]


@dataclass(frozen=True, slots=True)
class SignedStream:
    """A clip in pieces: the opening piece with the credential, and the fragments."""

    init: bytes
    fragments: Sequence[bytes]


_STYP = box(b"styp", b"msdh" + bytes(4) + b"msdhmsix")


def signed_stream(
    clip: bytes, signer: TestSigner, assertions: Mapping[str, object] | None = None
) -> SignedStream:
    """Cut a fragmented MP4 into pieces that a signed credential holds together (a Merkle row)."""
    boxes = boxes_of(clip)
    opening = [part for part in boxes if part[4:8] in (b"ftyp", b"moov")]
    pairs = [
        (moof, mdat)
        for moof, mdat in pairwise(boxes)
        if moof[4:8] == b"moof" and mdat[4:8] == b"mdat"
    ]
    fragments = [
        _STYP + _merkle_box({"uniqueId": 1, "localId": 1, "location": number}) + moof + mdat
        for number, (moof, mdat) in enumerate(pairs)
    ]
    row = [_hash_of(fragment) for fragment in fragments]

    def store(init_hash: bytes) -> bytes:
        hard = {
            "exclusions": [
                {"xpath": "/uuid", "data": [{"offset": 8, "value": C2PA_BOX}]},
                {"xpath": "/ftyp"},
                {"xpath": "/mfra"},
            ],
            "alg": "sha256",
            "merkle": [
                {
                    "uniqueId": 1,
                    "localId": 1,
                    "count": len(row),
                    "alg": "sha256",
                    "initHash": init_hash,
                    "hashes": row,
                }
            ],
            "name": "fragments",
        }
        stated = {**(assertions or {}), "c2pa.hash.bmff.v2": hard}
        made = MadeManifest("urn:uuid:00000000-0000-4000-8000-00000000f4a9", stated)
        return store_of([made], signer)

    def init(init_hash: bytes) -> bytes:
        holder = box(b"uuid", C2PA_BOX + bytes(4) + b"manifest\0" + bytes(8) + store(init_hash))
        return opening[0] + holder + b"".join(opening[1:])

    return SignedStream(init(_hash_of(init(bytes(32)))), fragments)


def _merkle_box(place: Mapping[str, object]) -> bytes:
    return box(b"uuid", C2PA_BOX + bytes(4) + b"merkle\0" + cbor(place))


def _hash_of(piece: bytes) -> bytes:
    """Hash a piece as version 2 of the BMFF hash does: each box after its own offset."""
    digest = hashlib.sha256()
    at = 0
    for part in boxes_of(piece):
        if part[4:8] not in (b"uuid", b"ftyp", b"mfra"):
            digest.update(struct.pack(">Q", at) + part)
        at += len(part)
    return digest.digest()
