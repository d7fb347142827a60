import json
from pathlib import Path

import pytest

from inspector.adapters.c2pa import trust_download
from inspector.adapters.c2pa.signing import TestSigner
from inspector.adapters.c2pa.trust import ListKind, TrustStore
from inspector.adapters.c2pa.trust_download import OFFICIAL_LISTS, download
from inspector.domain.errors import TrustError
from inspector.domain.provenance import TrustTier


@pytest.fixture
def store(tmp_path: Path) -> TrustStore:
    return TrustStore(tmp_path / "trust")


def a_file(tmp_path: Path, content: str, name: str = "list.pem") -> Path:
    path = tmp_path / name
    path.write_text(content)
    return path


def lote(*pems: str, status: str = "http://c2pa.org/conformance/trust-list/trusted") -> str:
    def service(pem: str) -> dict:
        value = "".join(pem.split("-----")[2].split())
        return {
            "ServiceInformation": {
                "ServiceStatus": status,
                "ServiceDigitalIdentity": {"X509Certificates": [{"val": value}]},
            }
        }

    return json.dumps(
        {
            "LoTE": {
                "ListAndSchemeInformation": {
                    "ListIssueDateTime": "2026-08-05T00:11:39Z",
                    "NextUpdate": "2027-08-05T00:11:39Z",
                },
                "TrustedEntitiesList": [{"TrustedEntityServices": [service(p) for p in pems]}],
            }
        }
    )


def test_that_a_new_store_is_empty_and_reading_it_writes_nothing(store: TrustStore) -> None:
    assert list(store.list()) == []
    assert not store.folder.exists()


def test_that_roots_are_told_from_signing_certificates(
    store: TrustStore, signer: TestSigner, tmp_path: Path
) -> None:
    anchors = store.add(a_file(tmp_path, signer.root_pem, "My Root.pem"), TrustTier.USER)
    allowed = store.add(a_file(tmp_path, signer.chain_pem, "leaf.pem"), TrustTier.INTERIM)
    assert anchors.kind is ListKind.ANCHORS
    assert allowed.kind is ListKind.ALLOWED
    assert anchors.id.startswith("my-root-")
    assert anchors.certificates == 1
    assert len(anchors.sha256) == 64
    assert anchors.origin == "My Root.pem"
    assert [listed.tier for listed in store.list()] == [TrustTier.INTERIM, TrustTier.USER]
    assert store.list()[1] == anchors


def test_that_notes_around_certificates_are_allowed(
    store: TrustStore, signer: TestSigner, tmp_path: Path
) -> None:
    text = f"Subject\tCN=x\n# note\n{signer.root_pem}\n\nSubject\tCN=y\n{signer.root_pem}"
    assert store.add(a_file(tmp_path, text), TrustTier.USER).certificates == 2


def test_that_key_usages_are_known_by_their_form(store: TrustStore, tmp_path: Path) -> None:
    text = "//id-kp-emailProtection\n1.3.6.1.5.5.7.3.4\n\n1.3.6.1.4.1.311.76.59.1.9\n"
    added = store.add(a_file(tmp_path, text, "ekus.cfg"), TrustTier.INTERIM)
    assert added.kind is ListKind.KEY_USAGES
    assert added.certificates == 2


def test_that_a_list_in_json_tells_its_dates(
    store: TrustStore, signer: TestSigner, tmp_path: Path
) -> None:
    added = store.add(a_file(tmp_path, lote(signer.root_pem), "l.json"), TrustTier.OFFICIAL)
    assert added.next_update == "2027-08-05T00:11:39Z"
    assert added.issued_at == "2026-08-05T00:11:39Z"
    assert added.certificates == 1
    assert not added.outdated("2027-08-05")
    assert added.outdated("2027-08-06T00:00:00Z")


def test_that_certificates_withdrawn_in_a_json_list_do_not_count(
    store: TrustStore, signer: TestSigner, tmp_path: Path
) -> None:
    text = lote(signer.root_pem, status="http://c2pa.org/conformance/trust-list/withdrawn")
    with pytest.raises(TrustError, match="no certificate"):
        store.add(a_file(tmp_path, text, "l.json"), TrustTier.OFFICIAL)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "root:x:0:0",
        "{}",
        '{"LoTE": 5}',
        "[" * 50_000,
        "{" * 50_000,
        "1.2.840.1\nand words",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    ],
)
def test_that_anything_else_is_refused_in_one_sentence(
    store: TrustStore, tmp_path: Path, content: str
) -> None:
    with pytest.raises(TrustError) as caught:
        store.add(a_file(tmp_path, content), TrustTier.USER)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
    assert list(store.list()) == []


def test_that_the_same_list_is_not_added_twice_to_a_tier(
    store: TrustStore, signer: TestSigner, tmp_path: Path
) -> None:
    file = a_file(tmp_path, signer.root_pem)
    store.add(file, TrustTier.USER)
    with pytest.raises(TrustError, match="already installed"):
        store.add(file, TrustTier.USER)
    store.add(file, TrustTier.OFFICIAL)
    assert len(store.list()) == 2


def test_that_a_missing_and_a_huge_file_are_refused(store: TrustStore, tmp_path: Path) -> None:
    with pytest.raises(TrustError, match="cannot be read"):
        store.add(tmp_path / "none.pem", TrustTier.USER)
    huge = tmp_path / "huge.pem"
    with huge.open("wb") as file:
        file.truncate(100 << 20)
    with pytest.raises(TrustError, match="too large"):
        store.add(huge, TrustTier.USER)


def test_that_a_removed_list_is_gone_and_an_unknown_one_an_error(
    store: TrustStore, signer: TestSigner, tmp_path: Path
) -> None:
    added = store.add(a_file(tmp_path, signer.root_pem), TrustTier.USER)
    store.remove(added.id)
    assert list(store.list()) == []
    assert not any((store.folder / "user").iterdir())
    with pytest.raises(TrustError, match="inspector trust list"):
        store.remove(added.id)


def test_that_an_update_replaces_the_older_official_lists(
    store: TrustStore, signer: TestSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = {address: lote(signer.root_pem).encode() for address in OFFICIAL_LISTS}
    published[OFFICIAL_LISTS[1]] += b"\n"
    monkeypatch.setattr("inspector.adapters.c2pa.trust.download", published.__getitem__)
    first = store.update()
    assert [listed.origin for listed in first] == list(OFFICIAL_LISTS)
    assert store.update() == first
    published[OFFICIAL_LISTS[0]] = lote(TestSigner.create().root_pem).encode()
    second = store.update()
    assert second[1] == first[1]
    assert {listed.id for listed in store.list()} == {listed.id for listed in second}


def test_that_a_failed_update_leaves_the_older_lists(
    store: TrustStore, signer: TestSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = {address: lote(signer.root_pem).encode() for address in OFFICIAL_LISTS}
    published[OFFICIAL_LISTS[1]] += b"\n"
    monkeypatch.setattr("inspector.adapters.c2pa.trust.download", published.__getitem__)
    before = store.update()
    published[OFFICIAL_LISTS[1]] = b"<html>not found</html>"
    with pytest.raises(TrustError):
        store.update()
    assert list(store.list()) == sorted(before, key=lambda listed: listed.id)


def test_that_only_the_official_addresses_are_fetched() -> None:
    with pytest.raises(TrustError, match="not where"):
        download("http://127.0.0.1/list.pem")


@pytest.mark.parametrize("where", ["127.0.0.1", "10.1.2.3", "::1", "fe80::1%eth0", "169.254.1.1"])
def test_that_an_address_that_leads_to_a_private_network_is_refused(
    monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(
        trust_download.socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", (where, 443))]
    )
    with pytest.raises(TrustError, match="private"):
        download(OFFICIAL_LISTS[0])
