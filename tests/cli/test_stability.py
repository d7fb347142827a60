"""``--stability``: the same word from ``scan`` and ``show``, and what it says."""

import json
from pathlib import Path

import pytest

from inspector.__main__ import main


@pytest.fixture(scope="module")
def media(scanned):
    """Return the demo's pictures and clips that were scored without a declaration."""
    plain = ("NO_EVIDENCE", "DETECTOR_SUSPECT", "DETECTOR_SYNTHETIC", "REGION_SUSPECT")
    return [Path(row["path"]) for row in scanned.rows.values() if row["rule"] in plain]


def test_that_scan_and_show_say_the_same_of_changed_copies(media, home, capsys):
    arguments = ["scan", *map(str, media), "--stability", "--jsonl", "-", "--device", "cpu"]
    assert main(arguments) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == len(media)
    for row in rows:
        assert main(["show", row["path"], "--stability", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == row


def test_that_show_prints_what_the_copies_gave(media, home, capsys):
    assert main(["show", str(media[0]), "--stability"]) == 0
    said = capsys.readouterr().out
    assert "re-encoded as JPEG 90: 0." in said
    assert "at 0.75 of its size: 0." in said
    assert main(["show", str(media[0])]) == 0
    assert "JPEG 90" not in capsys.readouterr().out
