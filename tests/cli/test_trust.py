from pathlib import Path

import pytest

from inspector.__main__ import main
from inspector.adapters.c2pa.signing import TestSigner
from inspector.adapters.samples import draw_photo, encode_jpeg
from inspector.bootstrap.trust import trust_store
from tests.unit.adapters.c2pa.test_trust import lote


@pytest.fixture(scope="module")
def signer() -> TestSigner:
    return TestSigner.create("Cam")


@pytest.fixture
def root(tmp_path: Path, signer, monkeypatch) -> Path:
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path / "home"))
    path = tmp_path / "root.pem"
    path.write_text(signer.root_pem)
    return path


@pytest.fixture
def signed(tmp_path: Path, signer) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    plain = folder / "plain.jpg"
    plain.write_bytes(encode_jpeg(draw_photo(8, 160, 120)))
    return signer.sign(plain, folder / "signed.jpg")


def test_that_trust_diff_names_the_files_that_another_list_would_change(root, signed, capsys):
    assert main(["trust", "diff", str(signed.parent), "--with", str(root)]) == 0
    said = capsys.readouterr()
    assert said.out == f"valid\ttrusted (user), camera\t{signed}\n"
    assert "1 of 1 files" in said.err
    main(["trust", "list"])
    assert "No trust list" in capsys.readouterr().err


def test_that_trust_diff_leaves_lists_out(root, signed, capsys):
    main(["trust", "add", str(root), "--tier", "interim"])
    (installed,) = trust_store().list()
    identity = installed.id
    capsys.readouterr()
    assert main(["trust", "diff", str(signed), "--without", identity]) == 0
    assert capsys.readouterr().out.startswith("trusted (interim), camera\tvalid\t")
    assert main(["trust", "diff", str(signed), "--without", "none"]) == 3
    assert main(["trust", "diff", str(signed)]) == 2


def test_that_the_list_of_lists_warns_of_old_ones(root, signer, capsys):
    text = lote(signer.root_pem).replace("2027-08-05", "2020-08-05")
    old = root.with_name("old.json")
    old.write_text(text)
    main(["trust", "add", str(old), "--tier", "official"])
    capsys.readouterr()
    assert main(["trust", "list"]) == 0
    assert "was to be replaced by 2020-08-05" in capsys.readouterr().err
