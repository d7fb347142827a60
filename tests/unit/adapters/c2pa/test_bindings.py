import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.adapters.c2pa.bindings import (
    MAX_BINDINGS,
    MAX_CLAIMS,
    soft_bindings,
    stated_identities,
)
from inspector.adapters.c2pa.signing import TestSigner
from inspector.domain.provenance import SoftBinding, StatedIdentity
from tests.handmade import MadeManifest, cbor, cose_of, signed_jpeg

SIGNATURE = cbor(cose_of(b"anything", TestSigner.create("Ann Other")))


def an_identity(credential: object, kind: str = "cawg.identity_claims_aggregation") -> dict:
    payload = json.dumps(credential).encode()
    signature = base64.b64encode(b"\xd2\x84Xc\xa4\x01'" + payload + b"\x58\x40sig").decode()
    return {"signer_payload": {"sig_type": kind}, "signature": signature}


def test_that_a_listed_algorithm_has_name_vendor_and_kind() -> None:
    content = {"alg": "com.adobe.trustmark.P", "blocks": []}
    assert soft_bindings([("c2pa.soft-binding__2", content)]) == (
        SoftBinding("com.adobe.trustmark.P", "TrustMark P", "Adobe", "watermark"),
    )


def test_that_the_vendor_of_another_is_read_off_its_domain() -> None:
    (binding,) = soft_bindings([("c2pa.soft-binding", {"alg": "com.example.mark.1"})])
    assert binding == SoftBinding("com.example.mark.1", vendor="example")
    (short,) = soft_bindings([("c2pa.soft-binding", {"alg": "phash"})])
    assert short == SoftBinding("phash")


def test_that_bindings_are_few_and_each_stands_once() -> None:
    many = [("c2pa.soft-binding", {"alg": f"com.example.{n % 30}"}) for n in range(100)]
    assert len(soft_bindings(many)) == MAX_BINDINGS


@pytest.mark.parametrize("content", [None, [], {"alg": 3}, {"alg": ""}, {}])
def test_that_bindings_without_an_algorithm_are_left_out(content) -> None:
    assert soft_bindings([("c2pa.soft-binding", content)]) == ()


def test_that_an_identity_shows_what_it_claims() -> None:
    credential = {
        "issuer": "did:web:who.example.org",
        "credentialSubject": {
            "verifiedIdentities": [
                {
                    "type": "cawg.social_media",
                    "username": "Som\u202ebody",
                    "uri": "https://photos.example.org/somebody",
                    "provider": {"name": "photos"},
                },
                {"type": "cawg.document_verification", "name": "Ann Other"},
            ]
        },
    }
    (identity,) = stated_identities([("cawg.identity", an_identity(credential))])
    assert identity == StatedIdentity(
        "cawg.identity_claims_aggregation",
        "did:web:who.example.org",
        (
            "photos: Som body, https://photos.example.org/somebody",
            "cawg.document_verification: Ann Other",
        ),
    )


@pytest.mark.parametrize(
    "signature",
    [
        None,
        7,
        "",
        "no base64!",
        "AAAA",
        base64.b64encode(b'{"' + b"[" * 9999).decode(),
        "A" * 10**6,
    ],
)
def test_that_an_identity_that_cannot_be_read_claims_nothing(signature) -> None:
    content = {"signer_payload": {"sig_type": "cawg.x509.cose"}, "signature": signature}
    assert stated_identities([("cawg.identity", content)]) == (StatedIdentity("cawg.x509.cose"),)


def by_certificate(signature: bytes) -> dict[str, object]:
    return {
        "signer_payload": {"sig_type": "cawg.x509.cose"},
        "signature": base64.b64encode(signature).decode(),
    }


def test_that_an_identity_by_certificate_names_its_subject_and_issuer() -> None:
    signer = TestSigner.create("Ann\u202e Other")
    signature = cbor(cose_of(b"anything", signer))
    (identity,) = stated_identities([("cawg.identity", by_certificate(signature))])
    assert identity == StatedIdentity(
        "cawg.x509.cose", "Inspector Test Root, Inspector tests", ("Ann Other",)
    )


@given(st.binary(max_size=300), st.integers(0, 800))
@settings(max_examples=60, deadline=None)
def test_that_twisted_certificates_are_read_to_the_end(noise: bytes, at: int) -> None:
    twisted = bytearray(SIGNATURE)
    twisted[at : at + len(noise)] = noise
    assert len(stated_identities([("cawg.identity", by_certificate(bytes(twisted)))])) == 1


def test_that_an_identity_by_certificate_is_shown_with_its_manifest(
    untrusting, signer, photo_bytes, tmp_path
) -> None:
    holder = TestSigner.create("Ann Other")
    stated = {
        "c2pa.actions": {"actions": [{"action": "c2pa.edited"}]},
        "cawg.identity": {
            "signer_payload": {"referenced_assertions": [], "sig_type": "cawg.x509.cose"},
            "signature": cbor(cose_of(b"anything", holder)),
            "pad1": b"",
        },
    }
    label = "urn:uuid:00000000-0000-4000-8000-000000000001"
    path = tmp_path / "identity.jpg"
    path.write_bytes(signed_jpeg([MadeManifest(label, stated)], signer, photo_bytes))
    root = untrusting.read_store(path, "jpeg").root
    assert root is not None
    (identity,) = root.identities
    assert identity.claims == ("Ann Other",)


def test_that_claims_are_counted() -> None:
    many = {
        "credentialSubject": {"verifiedIdentities": [{"username": f"u{n}"} for n in range(999)]}
    }
    (identity,) = stated_identities([("cawg.identity", an_identity(many))])
    assert len(identity.claims) == MAX_CLAIMS
