"""A device that is lost in the midst of a scan: one sentence, and the scan goes on."""

import json

import pytest

from inspector.__main__ import main
from inspector.adapters.onnx import read_card
from inspector.adapters.samples import draw_photo, encode_jpeg
from inspector.adapters.sqlite import SessionStore
from tests.unit.adapters.onnx.graphs import MAP, SCORE, a_model_folder, brightness_graph
from tests.unit.adapters.onnx.pretended import DML, pretend_device

FILES = 12


@pytest.fixture
def desk_of_one(tmp_path, monkeypatch):
    """Return a folder of photos and a checked detector, with a pretended device."""
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("inspector.adapters.onnx.tuning.LARGEST_BATCH", 1)
    media, model = tmp_path / "media", tmp_path / "model"
    media.mkdir()
    model.mkdir()
    for n in range(FILES):
        (media / f"{n}.jpg").write_bytes(encode_jpeg(draw_photo(n, 200, 150)))
    graph = brightness_graph(outputs=("score", "map"), gain=0.01)
    a_model_folder(model, graph, SCORE.format(kind="logit") + MAP)
    checked = tmp_path / "home" / "cache" / "checked-detectors"
    checked.mkdir(parents=True)
    (checked / read_card(model).sha256).touch()
    return media, model, pretend_device(monkeypatch, DML)


def test_that_a_lost_device_is_said_once_and_every_file_is_scored(desk_of_one, tmp_path, capsys):
    media, model, device = desk_of_one
    device.lost_after = 12  # eight runs are the self-test; the rest are the scan's
    session = tmp_path / "s.inspection"
    arguments = ["scan", str(media), "--model", str(model), "--device", "dml", "--jobs", "2"]
    assert main([*arguments, "--session", str(session), "--jsonl", "-"]) == 0
    captured = capsys.readouterr()
    rows = [json.loads(line) for line in captured.out.splitlines()]
    assert len(rows) == FILES
    assert all(row["likelihood"] is not None for row in rows)
    assert "on DirectML." in captured.err
    assert captured.err.count("DirectML failed during the work") == 1
    with SessionStore.open(session) as store:
        assert store.info().details["device"] == ("DmlExecutionProvider, then CPUExecutionProvider")


def test_that_a_device_that_cannot_be_had_is_said_before_the_scan(desk_of_one, capsys):
    media, model, device = desk_of_one
    device.starts = False
    arguments = ["scan", str(media), "--model", str(model), "--device", "dml", "--jobs", "1"]
    assert main([*arguments, "--jsonl", "-"]) == 0
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == FILES
    assert "DirectML did not start. The CPU is used." in captured.err
