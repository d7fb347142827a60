"""Signing of samples with a test root made on the spot, for the demo folder and for tests."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from inspector.domain.provenance import Permission, Relationship, TrainingUse

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""Where IPTC keeps the codes of a digital source type."""


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action to be signed; ``source_type`` is a short code ("digitalCapture")."""

    label: str
    source_type: str | None = None
    software: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedIngredient:
    """A file that the signed one was made from."""

    path: Path
    relationship: Relationship = Relationship.PARENT
    title: str | None = None


@dataclass(frozen=True, slots=True)
class ManifestPlan:
    """What a signed file shall say of itself.

    Attributes:
        training: permission by use; stands in ``training_label``.
        assertions: further ones, label to content as it goes into the JSON definition.
        remote_url: where given, nothing is embedded but a pointer to this address.
    """

    title: str = "Sample"
    claim_generator: str = "Inspector samples"
    actions: tuple[PlannedAction, ...] = (PlannedAction("c2pa.created", "digitalCapture"),)
    ingredients: tuple[PlannedIngredient, ...] = ()
    training: Mapping[TrainingUse, Permission] = field(default_factory=dict)
    training_label: str = "cawg.training-mining"
    assertions: Mapping[str, object] = field(default_factory=dict)
    remote_url: str | None = None


@dataclass(frozen=True, slots=True)
class TestSigner:
    """A test root and a signing certificate below it; nothing of it is kept beyond the process.

    Attributes:
        root_pem: the root's certificate, to be added to a trust list of the tier "user".
        chain_pem: signing certificate; ``key_pem`` is its private key.
    """

    __test__: ClassVar[bool] = False  # pytest would take it for a test class

    root_pem: str
    root_key_pem: str = field(repr=False)
    chain_pem: str
    key_pem: str = field(repr=False)

    @classmethod
    def create(
        cls,
        organisation: str = "Inspector Test Signer",
        *,
        below: "TestSigner | None" = None,
    ) -> "TestSigner":
        """Make a signing certificate that is valid for a year.

        It stands below a new root, or below that of another signer.
        """
        now = datetime.datetime.now(datetime.UTC)
        until = now + datetime.timedelta(days=365)
        if below is None:
            root_key = ec.generate_private_key(ec.SECP256R1())
            root = _root_certificate(root_key, now)
        else:
            loaded = serialization.load_pem_private_key(below.root_key_pem.encode(), None)
            assert isinstance(loaded, ec.EllipticCurvePrivateKey)
            root_key, root = loaded, x509.load_pem_x509_certificate(below.root_pem.encode())
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(organisation, organisation)
        leaf = _leaf_certificate(name, key, root.subject, root_key, until)
        return cls(_pem(root), _key_pem(root_key), _pem(leaf), _key_pem(key))

    def sign(self, source: Path, dest: Path, manifest: ManifestPlan | None = None) -> Path:
        """Write ``source`` with a credential to ``dest``; the suffixes name the format.

        Returns:
            ``dest``.
        """
        self._sign(source, dest, manifest or ManifestPlan(), embed=True)
        return dest

    def sign_for_remote(self, source: Path, dest: Path, url: str) -> bytes:
        """Write ``source`` with nothing but a pointer to ``url``; return what is to stand there."""
        return self._sign(source, dest, ManifestPlan(remote_url=url), embed=False)

    def sign_beside(self, source: Path, manifest: ManifestPlan | None = None) -> Path:
        """Write the credential of ``source`` to a sidecar beside it and return the sidecar."""
        sidecar = source.with_suffix(".c2pa")
        scratch = source.with_name(f".{source.stem}.scratch{source.suffix}")
        try:
            sidecar.write_bytes(
                self._sign(source, scratch, manifest or ManifestPlan(), embed=False)
            )
        finally:
            scratch.unlink(missing_ok=True)
        return sidecar

    def _sign(self, source: Path, dest: Path, manifest: ManifestPlan, *, embed: bool) -> bytes:
        signer = c2pa.Signer.from_info(
            c2pa.C2paSignerInfo(b"es256", self.chain_pem.encode(), self.key_pem.encode(), None)
        )
        with (
            c2pa.Context.from_dict(_SIGNING) as context,
            c2pa.Builder(json.dumps(_definition(manifest)), context=context) as builder,
            source.open("rb") as before,
            dest.open("w+b") as after,
            signer,
        ):
            for ingredient in manifest.ingredients:
                _add_ingredient(builder, ingredient, _ingredient_id(ingredient))
            if manifest.remote_url is not None:
                builder.set_remote_url(manifest.remote_url)
            if not embed or manifest.remote_url is not None:
                builder.set_no_embed()
            return bytes(builder.sign(signer, media_type(source), before, after))


_SIGNING = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": False},
    "core": {"allowed_network_hosts": [], "allow_redirects": False},
    "builder": {
        "thumbnail": {"long_edge": 256},
    },
}

_MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".avi": "video/avi",
}


def media_type(path: Path) -> str:
    """Return the media type that a sample's suffix stands for."""
    return _MEDIA_TYPES[path.suffix.lower()]


def _ingredient_id(ingredient: PlannedIngredient) -> str:
    """Return an id that follows from the bytes, so that one file has the same id everywhere."""
    return f"xmp:iid:{hashlib.sha256(ingredient.path.read_bytes()).hexdigest()[:32]}"


def _add_ingredient(builder: c2pa.Builder, ingredient: PlannedIngredient, identity: str) -> None:
    with ingredient.path.open("rb") as stream:
        builder.add_ingredient_from_stream(
            json.dumps(
                {
                    "title": ingredient.title or ingredient.path.name,
                    "relationship": ingredient.relationship.value,
                    "instance_id": identity,
                }
            ),
            media_type(ingredient.path),
            stream,
        )


def _definition(manifest: ManifestPlan) -> dict[str, object]:
    assertions: list[dict[str, object]] = []
    actions = [
        *_references(manifest, "c2pa.opened", Relationship.PARENT),
        *map(_action, manifest.actions),
        *_references(manifest, "c2pa.placed", Relationship.COMPONENT),
    ]
    if actions:
        assertions.append({"label": "c2pa.actions.v2", "data": {"actions": actions}})
    if manifest.training:
        prefix = manifest.training_label.split(".", 1)[0]
        entries = {
            f"{prefix}.{use.value}": {"use": permission.value}
            for use, permission in manifest.training.items()
        }
        assertions.append({"label": manifest.training_label, "data": {"entries": entries}})
    assertions += [{"label": label, "data": data} for label, data in manifest.assertions.items()]
    return {
        "title": manifest.title,
        "claim_generator_info": [{"name": manifest.claim_generator, "version": "1.0"}],
        "assertions": assertions,
    }


def _references(
    manifest: ManifestPlan, label: str, relationship: Relationship
) -> list[dict[str, object]]:
    """Return the action that the specification wants for ingredients, unless it is planned."""
    ids = [
        _ingredient_id(ingredient)
        for ingredient in manifest.ingredients
        if ingredient.relationship is relationship
    ]
    if not ids or any(action.label == label for action in manifest.actions):
        return []
    return [{"action": label, "parameters": {"ingredientIds": ids}}]


def _action(action: PlannedAction) -> dict[str, object]:
    planned: dict[str, object] = {"action": action.label}
    if action.source_type is not None:
        planned["digitalSourceType"] = SOURCE_TYPE + action.source_type
    if action.software is not None:
        planned["softwareAgent"] = {"name": action.software}
    if action.description is not None:
        planned["description"] = action.description
    return planned


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        ]
    )


def _root_certificate(key: ec.EllipticCurvePrivateKey, now: datetime.datetime) -> x509.Certificate:
    name = _name("Inspector Test Root", "Inspector tests")
    return (
        _begun(name, name, key.public_key(), now - datetime.timedelta(days=800))
        .not_valid_after(now + datetime.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .sign(key, hashes.SHA256())
    )


def _leaf_certificate(
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    until: datetime.datetime,
) -> x509.Certificate:
    return (
        _begun(name, issuer, key.public_key(), until - datetime.timedelta(days=400))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _begun(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    since: datetime.datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    """Return the key usage of a signing certificate, or of a root."""
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
