"""``inspector show FILE --json`` of files of many makers against what is known of them."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.__main__ import main
from tests.torture.materials import tiny_detector

pytestmark = pytest.mark.shared

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
TABLE = SHARED / "c2pa" / "SUBSET.tsv"
LISTS = {
    "official": ("official.pem", "official-tsa.pem"),
    "interim": ("interim-anchors.pem", "interim-allowed.pem", "interim-ekus.cfg"),
}
STATES = {
    "none": "absent",
    "remote(not fetched)": "remote",
    "error _C2paOther": "corrupt",
    "error _C2paNotSupported": "absent",  # a sidecar by itself is no media, so nothing reads it
}
OTHERWISE = {"sidecar.jpg": "valid", "cloudscape-ACA-Cr.jpeg": None}
"""Read with its sidecar; and without the identity that the table has looked up, by its date."""

DATED = "signingCredential.expired"


def rows() -> list[dict[str, str]]:
    if not TABLE.is_file():
        return []
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


ROWS = rows()


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Iterator[Path]:
    """A detector that costs nothing, in a home where both kinds of lists are installed."""
    if not ROWS:
        pytest.skip("the development data folder is not beside the checkout")
    folder = tmp_path_factory.mktemp("known")
    patch = pytest.MonkeyPatch()
    patch.setenv("INSPECTOR_HOME", str(folder / "home"))
    for tier, names in LISTS.items():
        for name in names:
            assert main(["trust", "add", str(SHARED / "trust" / name), "--tier", tier]) == 0
    yield tiny_detector(folder / "model")
    patch.undo()


def stated(row: dict[str, str]) -> set[str]:
    parts = [part.split("training-mining:")[-1] for part in row["training"].split("||")]
    return {use.strip() for part in parts for use in part.split(";") if "=" in use}


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_that_show_agrees_with_what_is_known(row, model, capsys) -> None:
    capsys.readouterr()
    code = main(["show", str(SHARED / "c2pa" / row["file"]), "--json", "--model", str(model)])
    shown = json.loads(capsys.readouterr().out)
    assert code == (1 if shown["status"] == "unreadable" else 0)
    found, name = shown["provenance"], row["file"]
    known = row["state_official_and_interim"]
    state = OTHERWISE.get(name, STATES.get(known, known.lower()))
    if state is not None:
        assert found["state"] == state
    if row["manifests"]:
        assert (found["manifests"], found["depth"]) == (int(row["manifests"]), int(row["depth"]))
        assert found["signer"] == row["issuer"]
        codes = {c for c in row["codes_official_and_interim"].split(",") if not c.startswith("ing")}
        if name not in OTHERWISE:
            assert set(found["codes"]) - {DATED} == codes - {DATED, ""}
    if name != "sidecar.jpg":
        types = {t.split("(")[0] for t in row["digital_source_types"].split(",") if t}
        assert set(found["digital_source_types"]) == types
    if row["ai"]:
        assert found["ai_declared"] in ("whole", "part")
        assert found["ai_declared_by"]
        assert shown["rule"] in ("AI_DECLARED_SIGNED", "AI_PART_DECLARED")
    assert {f"{use}={said}" for use, said in found["training"].items() if said} == stated(row)
    if "notAllowed" in row["training"]:
        assert shown["rule"] == "TRAINING_NOT_ALLOWED"
    if state == "remote":
        assert found["remote_url"].startswith("https://")
    if "Mismatch" in known or "mismatch" in row["codes_official_and_interim"]:
        assert shown["rule"] == "PROVENANCE_BROKEN"
