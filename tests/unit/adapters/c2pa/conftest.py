from pathlib import Path

import pytest

from inspector.adapters.c2pa.reader import ProvenanceReader
from inspector.adapters.c2pa.signing import TestSigner
from inspector.adapters.c2pa.trust import TrustStore
from inspector.adapters.samples import draw_photo, encode_jpeg
from inspector.domain.provenance import TrustTier


@pytest.fixture(scope="session")
def signer() -> TestSigner:
    return TestSigner.create("Test Camera")


@pytest.fixture(scope="session")
def photo_bytes() -> bytes:
    return encode_jpeg(draw_photo(8, 320, 240))


@pytest.fixture
def photo(tmp_path: Path, photo_bytes: bytes) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(photo_bytes)
    return path


@pytest.fixture
def untrusting() -> ProvenanceReader:
    return ProvenanceReader(None)


@pytest.fixture
def trusting(tmp_path: Path, signer: TestSigner) -> ProvenanceReader:
    root = tmp_path / "root.pem"
    root.write_text(signer.root_pem)
    folder = tmp_path / "trust"
    TrustStore(folder).add(root, TrustTier.USER)
    return ProvenanceReader(folder)
