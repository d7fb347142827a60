import shutil
from pathlib import Path

import pytest

from inspector.adapters.c2pa.signing import ManifestPlan, TestSigner
from inspector.adapters.samples import draw_photo, encode_jpeg
from inspector.adapters.sqlite import SessionStore
from inspector.bootstrap.trust import trust_facts, trust_store, trust_words
from inspector.bootstrap.trust_diff import OtherLists, compare_trust
from inspector.domain.errors import TrustError, UsageError
from inspector.domain.provenance import Provenance, ProvenanceState, TrustTier
from inspector.settings import Places
from tests.builders import a_file, an_item
from tests.unit.adapters.c2pa.test_trust import lote


@pytest.fixture(scope="module")
def signers() -> tuple[TestSigner, TestSigner]:
    return TestSigner.create("First Camera"), TestSigner.create("Second Camera")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "home")


def root_of(signer: TestSigner, folder: Path, name: str) -> Path:
    path = folder / f"{name}.pem"
    path.write_text(signer.root_pem)
    return path


def lists_until_2027(places: Places, signer: TestSigner, folder: Path) -> None:
    file = folder / "list.json"
    file.write_text(lote(signer.root_pem))
    trust_store(places).add(file, TrustTier.OFFICIAL)


def test_that_a_missing_list_is_said_once(places) -> None:
    (words,) = trust_words(places)
    assert "No trust list is installed" in words


def test_that_a_list_past_its_next_update_is_warned_of(places, signers, tmp_path) -> None:
    lists_until_2027(places, signers[0], tmp_path)
    assert trust_words(places, "2027-08-05T23:00:00") == ()
    (words,) = trust_words(places, "2027-08-06")
    assert "2027-08-05" in words
    assert "official" in words


def test_that_hash_and_dates_of_lists_are_recorded(places, signers, tmp_path) -> None:
    lists_until_2027(places, signers[0], tmp_path)
    (entry,) = trust_store(places).list()
    name = f"trust.official.{entry.id}"
    assert trust_facts(places) == {
        name: entry.sha256,
        f"{name}.issued": "2026-08-05T00:11:39Z",
        f"{name}.next_update": "2027-08-05T00:11:39Z",
    }


@pytest.fixture
def media(tmp_path: Path, signers) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    plain = folder / "plain.jpg"
    plain.write_bytes(encode_jpeg(draw_photo(8, 160, 120)))
    for name, signer in zip(("first", "second"), signers, strict=True):
        signer.sign(plain, folder / f"{name}.jpg", ManifestPlan())
    (folder / "notes.txt").write_text("no media")
    return folder


def compared(media: Path, other: OtherLists, places: Places) -> dict[str, tuple]:
    return {
        Path(c.path).name: (c.before.state, c.after.state, c.after.trust_tier, c.differs)
        for c in compare_trust([str(media)], other, places)
    }


def test_that_a_list_more_changes_only_whom_it_vouches_for(
    media, places, signers, tmp_path
) -> None:
    trust_store(places).add(root_of(signers[0], tmp_path, "first"), TrustTier.USER)
    other = OtherLists((root_of(signers[1], tmp_path, "second"),), tier=TrustTier.INTERIM)
    trusted, valid = ProvenanceState.TRUSTED, ProvenanceState.VALID
    assert compared(media, other, places) == {
        "first.jpg": (trusted, trusted, TrustTier.USER, False),
        "second.jpg": (valid, trusted, TrustTier.INTERIM, True),
    }
    assert len(trust_store(places).list()) == 1


def test_that_a_list_less_is_missed(media, places, signers, tmp_path) -> None:
    added = trust_store(places).add(root_of(signers[0], tmp_path, "first"), TrustTier.USER)
    found = compared(media, OtherLists(removed=(added.id,)), places)
    assert found["first.jpg"] == (ProvenanceState.TRUSTED, ProvenanceState.VALID, None, True)
    assert not found["second.jpg"][-1]


def test_that_the_files_of_a_session_are_compared(media, places, signers, tmp_path) -> None:
    session = tmp_path / "a.inspection"
    with SessionStore.create(session) as store:
        for number, name in enumerate(("second", "plain")):
            state = ProvenanceState.ABSENT if name == "plain" else ProvenanceState.VALID
            file = a_file(number, path=str(media / f"{name}.jpg"))
            store.put(an_item(number, file=file, provenance=Provenance(state)), None)
    other = OtherLists((root_of(signers[1], tmp_path, "second"),))
    (only,) = compare_trust([str(session)], other, places)
    assert only.differs


def test_that_a_comparison_of_the_same_lists_is_refused(media, places) -> None:
    with pytest.raises(UsageError, match="--with"):
        list(compare_trust([str(media)], OtherLists(), places))


def test_that_lists_that_are_not_there_are_named(media, places, tmp_path) -> None:
    shutil.rmtree(media)
    media.mkdir()
    for other in (OtherLists((tmp_path / "none.pem",)), OtherLists(removed=("none",))):
        with pytest.raises(TrustError, match="none"):
            list(compare_trust([str(media)], other, places))
