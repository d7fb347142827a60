import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.adapters.c2pa.remote import Network
from inspector.adapters.c2pa.signing import TestSigner
from inspector.adapters.media.pool import WorkerPool
from inspector.adapters.samples import draw_photo, encode_jpeg
from inspector.bootstrap.remote import LOG, read_remote, remote_address
from inspector.bootstrap.scanning import build_assessor
from inspector.bootstrap.spotcheck import SpotCheck
from inspector.bootstrap.trust import trust_store
from inspector.bootstrap.worker import worker_entry
from inspector.domain.errors import FetchError
from inspector.domain.policy import PRESETS
from inspector.domain.provenance import Location, Provenance, ProvenanceState, TrustTier
from inspector.domain.verdict import Finding
from inspector.settings import (
    LimitSettings,
    NetworkSettings,
    Places,
    Settings,
    load_settings,
    save_settings,
)
from tests.unit.adapters.c2pa.test_remote import HOST, HTTP, Server, answering, network


@pytest.fixture(scope="module")
def signer() -> TestSigner:
    return TestSigner.create("Elsewhere")


@pytest.fixture
def places(tmp_path: Path, signer) -> Places:
    places = Places(tmp_path / "home")
    root = tmp_path / "root.pem"
    root.write_text(signer.root_pem)
    trust_store(places).add(root, TrustTier.USER)
    return places


@pytest.fixture
def reader(places) -> Iterator[WorkerPool]:
    pool = WorkerPool(1, LimitSettings(), worker_entry(places.trust))
    yield pool
    pool.close()


@pytest.fixture
def pointing(tmp_path: Path, signer) -> tuple[str, bytes]:
    """Return a file that keeps its credential elsewhere, and that credential."""
    plain = tmp_path / "plain.jpg"
    plain.write_bytes(encode_jpeg(draw_photo(8, 160, 120)))
    pointing = tmp_path / "pointing.jpg"
    manifest = signer.sign_for_remote(plain, pointing, HTTP)
    return str(pointing), manifest


def answer_with(content: bytes):
    def send(connection: socket.socket) -> None:
        connection.sendall(answering(content))

    return send


def logged(places: Places) -> list[dict]:
    return [json.loads(line) for line in (places.data / LOG).read_text().splitlines()]


def test_that_a_fetched_manifest_is_read_by_a_worker_and_logged(pointing, reader, places) -> None:
    path, manifest = pointing
    before = reader.manifests(path).summary
    assert remote_address(before) == (HTTP, HOST)
    server = Server(answer_with(manifest))
    try:
        store = read_remote(path, before, reader, places, allow_http=True, network=network(server))
    finally:
        server.close()
    found = store.summary
    assert (found.state, found.trust_tier) == (ProvenanceState.TRUSTED, TrustTier.USER)
    assert (found.location, found.remote_url) == (Location.REMOTE, HTTP)
    assert found.hash_ok is True
    assert store.root is not None
    (entry,) = logged(places)
    assert (entry["host"], entry["bytes"], entry["error"]) == (HOST, len(manifest), None)


def test_that_a_file_is_judged_anew_with_what_was_fetched(pointing, reader, places) -> None:
    path, manifest = pointing
    assessor = build_assessor(reader, None, PRESETS["cautious"], Settings().scan)
    check = SpotCheck(assessor, reader, places)
    item = check.item(path)
    assert item.finding is Finding.NO_EVIDENCE
    server = Server(answer_with(manifest))
    try:
        again = check.with_remote(item, allow_http=True, network=network(server))
    finally:
        server.close()
    assert again.finding is Finding.CAMERA_VERIFIED
    assert again.provenance.location is Location.REMOTE


def test_that_a_manifest_of_another_file_does_not_match(pointing, reader, places, tmp_path) -> None:
    _, manifest = pointing
    other = tmp_path / "other.jpg"
    other.write_bytes(encode_jpeg(draw_photo(9, 160, 120)))
    server = Server(answer_with(manifest))
    remote = Provenance(ProvenanceState.REMOTE, remote_url=HTTP)
    try:
        store = read_remote(
            str(other), remote, reader, places, allow_http=True, network=network(server)
        )
    finally:
        server.close()
    assert store.summary.hash_ok is False


def test_that_a_host_off_the_list_is_refused_and_logged(pointing, reader, places) -> None:
    path, _ = pointing
    before = reader.manifests(path).summary
    with pytest.raises(FetchError, match=r"not among the hosts.*network\.hosts"):
        read_remote(
            path, before, reader, places, hosts=("other.example",), network=network(None, "1.2.3.4")
        )
    (entry,) = logged(places)
    assert (entry["host"], entry["bytes"]) == (HOST, 0)


def test_that_a_host_on_the_list_is_fetched_from(pointing, reader, places) -> None:
    path, manifest = pointing
    before = reader.manifests(path).summary
    server = Server(answer_with(manifest))
    ways = network(server)
    try:
        store = read_remote(
            path, before, reader, places, hosts=(HOST,), allow_http=True, network=ways
        )
    finally:
        server.close()
    assert store.summary.location is Location.REMOTE


def test_that_the_list_of_hosts_is_kept_in_the_settings(tmp_path) -> None:
    hosts = ("a.example", '*."b".example')
    settings = Settings(network=NetworkSettings(hosts=hosts))
    save_settings(settings, tmp_path / "settings.toml")
    assert load_settings(tmp_path / "settings.toml") == settings


def test_that_a_refusal_is_logged_too(pointing, reader, places) -> None:
    path, _ = pointing
    remote = Provenance(ProvenanceState.REMOTE, remote_url=f"https://{HOST}/a")
    with pytest.raises(FetchError, match="private"):
        read_remote(path, remote, reader, places, network=network(None, "10.0.0.1"))
    (entry,) = logged(places)
    assert "10.0.0.1" in entry["error"]


@pytest.mark.parametrize("state", [ProvenanceState.ABSENT, ProvenanceState.VALID])
def test_that_a_file_that_names_no_remote_manifest_fetches_none(state, places, reader) -> None:
    with pytest.raises(FetchError, match="kept elsewhere"):
        read_remote("/a.jpg", Provenance(state), reader, places, network=Network())
