"""Files of many signers against what is known of them, apart from what depends on the date."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.adapters.c2pa.reader import ProvenanceReader
from inspector.adapters.c2pa.trust import TrustStore
from inspector.domain.provenance import AiDeclared, Location, Provenance, TrustTier

pytestmark = pytest.mark.shared

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"
FORMATS = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".webp": "webp", ".mp4": "mp4"}
LISTS = {
    "state_no_list": (),
    "state_official": (TrustTier.OFFICIAL,),
    "state_official_and_interim": (TrustTier.OFFICIAL, TrustTier.INTERIM),
}
FILES = {
    TrustTier.OFFICIAL: ("official.pem", "official-tsa.pem"),
    TrustTier.INTERIM: ("interim-anchors.pem", "interim-allowed.pem", "interim-ekus.cfg"),
}
STATES = {
    "none": {"absent"},
    "remote(not fetched)": {"remote"},
    "error _C2paNotSupported": {"unsupported"},
    "error _C2paOther": {"corrupt"},
}
DATED = frozenset({"signingCredential.expired"})
IDENTITY = "cloudscape-ACA-Cr.jpeg"
"""Reads Invalid where identities are looked up; they are not, so its own state shows."""


def rows() -> list[dict[str, str]]:
    table = SHARED / "c2pa" / "SUBSET.tsv"
    if not table.is_file():
        return []
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


ROWS = rows()
by_row = pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])


@pytest.fixture(scope="module", autouse=True)
def _present() -> None:
    if not ROWS:
        pytest.skip("the development data folder is not beside the checkout")


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ProvenanceReader]:
    readers = {}
    for column, tiers in LISTS.items():
        store = TrustStore(tmp_path_factory.mktemp(column))
        for tier in tiers:
            for name in FILES[tier]:
                store.add(SHARED / "trust" / name, tier)
        readers[column] = ProvenanceReader(store.folder)
    return readers


def read(readers: dict[str, ProvenanceReader], column: str, row: dict[str, str]) -> Provenance:
    path = SHARED / "c2pa" / row["file"]
    return readers[column].read(path, FORMATS.get(path.suffix, "c2pa"))


def of_manifests(row: dict[str, str]) -> Iterator[str]:
    """Yield the statements on training as the table has them: use=permission."""
    for part in row["training"].split("||"):
        stated = part.split("training-mining:")[-1]
        yield from (entry.strip() for entry in stated.split(";") if "=" in entry)


@by_row
@pytest.mark.parametrize("column", LISTS)
def test_that_the_state_is_as_known(
    readers: dict[str, ProvenanceReader], column: str, row: dict[str, str]
) -> None:
    if row["file"] == "sidecar.jpg":
        pytest.skip("the table has it without its sidecar")
    if row["file"] == IDENTITY:
        pytest.skip("the table has it with identities looked up")
    wanted = STATES.get(row[column], {row[column].lower()})
    assert read(readers, column, row).state.value in wanted


@by_row
def test_that_counts_depth_ai_and_training_are_as_known(
    readers: dict[str, ProvenanceReader], row: dict[str, str]
) -> None:
    found = read(readers, "state_official_and_interim", row)
    if row["manifests"]:
        assert found.manifests == int(row["manifests"])
        assert found.depth == int(row["depth"])
        assert found.signer == row["issuer"]
    types = [t.split("(")[0] for t in row["digital_source_types"].split(",") if t]
    if row["file"] != "sidecar.jpg":
        assert set(found.digital_source_types) == set(types)
    if row["ai"] == "AI":
        assert found.ai_declared is not AiDeclared.NONE
        assert found.ai_signed
    stated = {f"{use.value}={permission.value}" for use, permission in found.training}
    assert stated == set(of_manifests(row))


@by_row
def test_that_codes_are_as_known_apart_from_the_clock(
    readers: dict[str, ProvenanceReader], row: dict[str, str]
) -> None:
    if row["file"] in (IDENTITY, "sidecar.jpg"):
        pytest.skip("read otherwise than in the table")
    known = row["codes_official_and_interim"].split(",")
    wanted = {code for code in known if code and not code.startswith("ing:")}
    found = read(readers, "state_official_and_interim", row).codes
    assert set(found) - DATED == wanted - DATED


def test_that_an_old_bing_picture_is_ai_without_a_source_type(
    readers: dict[str, ProvenanceReader],
) -> None:
    row = next(row for row in ROWS if row["file"].startswith("bing"))
    found = read(readers, "state_official_and_interim", row)
    assert found.ai_declared is AiDeclared.WHOLE
    assert found.trust_tier is TrustTier.INTERIM


def test_that_a_gemini_picture_names_the_official_tier(
    readers: dict[str, ProvenanceReader],
) -> None:
    row = next(row for row in ROWS if row["file"] == "lady.png")
    assert read(readers, "state_official_and_interim", row).trust_tier is TrustTier.OFFICIAL


def test_that_the_sidecar_is_found(readers: dict[str, ProvenanceReader]) -> None:
    row = next(row for row in ROWS if row["file"] == "sidecar.jpg")
    found = read(readers, "state_no_list", row)
    assert found.location is Location.SIDECAR
    assert found.hash_ok is True


@by_row
def test_that_every_tree_can_be_built(
    readers: dict[str, ProvenanceReader], row: dict[str, str]
) -> None:
    path = SHARED / "c2pa" / row["file"]
    store = readers["state_official"].read_store(path, FORMATS.get(path.suffix, "c2pa"))
    assert (store.root is None) == (store.summary.manifests == 0)


def test_that_bindings_and_the_unchecked_identity_of_a_real_file_are_shown(
    readers: dict[str, ProvenanceReader],
) -> None:
    root = readers["state_no_list"].read_store(SHARED / "c2pa" / IDENTITY, "jpeg").root
    assert root is not None
    assert [binding.name for binding in root.soft_bindings] == [
        "TrustMark P",
        "Image Comparator Network",
    ]
    (identity,) = root.identities
    assert identity.kind == "cawg.identity_claims_aggregation"
    assert len(identity.claims) == 4
