import base64
import json

import pytest

from inspector.adapters.c2pa.bindings import (
    MAX_BINDINGS,
    MAX_CLAIMS,
    soft_bindings,
    stated_identities,
)
from inspector.domain.provenance import SoftBinding, StatedIdentity


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


def test_that_claims_are_counted() -> None:
    many = {
        "credentialSubject": {"verifiedIdentities": [{"username": f"u{n}"} for n in range(999)]}
    }
    (identity,) = stated_identities([("cawg.identity", an_identity(many))])
    assert len(identity.claims) == MAX_CLAIMS
