"""One demo folder, scanned once, for every test of the command line."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from inspector.__main__ import main
from inspector.bootstrap.demo import make_demo


@dataclass(frozen=True)
class Scanned:
    """A demo folder with its session and rows; do not write into it."""

    media: Path
    home: Path
    session: Path
    rows: dict[str, dict]
    code: int


@pytest.fixture(scope="session")
def scanned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    patch = pytest.MonkeyPatch()
    patch.setenv("INSPECTOR_HOME", str(folder / "home"))
    try:
        made = make_demo(folder / "media")
        assert main(["trust", "add", "--tier", "user", str(made.test_root)]) == 0
        session, rows = folder / "demo.inspection", folder / "items.jsonl"
        arguments = ["scan", str(folder / "media"), "--session", str(session)]
        code = main([*arguments, "--jsonl", str(rows), "--device", "cpu"])
    finally:
        patch.undo()
    read = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
    by_name = {Path(row["path"]).name: row for row in read}
    assert len(by_name) == len(read)
    return Scanned(folder / "media", folder / "home", session, by_name, code)


@pytest.fixture
def home(scanned, monkeypatch):
    """Use the trust store that knows the demo's test root."""
    monkeypatch.setenv("INSPECTOR_HOME", str(scanned.home))
    return scanned.home
