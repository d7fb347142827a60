"""A detector on a device: batches, what it says of itself, and what happens when it fails."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnx
import pytest

from inspector.adapters.onnx import load_detector
from inspector.adapters.onnx.pixels import TensorMaker
from inspector.domain.errors import ModelError
from tests.unit.adapters.onnx.graphs import MAP, SCORE, a_model_folder, brightness_graph
from tests.unit.adapters.onnx.pretended import CPU, CUDA, DML, pretend_device

BOTH = SCORE.format(kind="logit") + MAP


def a_folder(folder, **graph):
    return a_model_folder(folder, brightness_graph(outputs=("score", "map"), **graph), BOTH)


def pictures(count, side=64, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (count, side, side, 3), np.uint8)


@pytest.fixture(params=[DML, CUDA])
def device(request, monkeypatch):
    """A plain device, and one on which buffers are kept and bound."""
    return pretend_device(monkeypatch, request.param)


def wanted(device):
    return {DML: "dml", CUDA: "cuda"}[device.provider]


@pytest.mark.parametrize("takes_bytes", [False, True])
def test_that_batches_give_what_each_picture_gives_alone(tmp_path, device, takes_bytes):
    given = 'dtype = "uint8"\nlayout = "nhwc"\n' if takes_bytes else ""
    graph = brightness_graph(outputs=("score", "map"), gain=0.01, takes_bytes=takes_bytes)
    folder = a_model_folder(tmp_path, graph, BOTH, given)
    alone = load_detector(folder, "cpu")
    together = load_detector(folder, wanted(device))
    shown = [pictures(1 + n % 3, (64, 96)[n % 2], seed=n) for n in range(24)]
    with ThreadPoolExecutor(12) as pool:
        results = list(pool.map(lambda batch: together.run("view", batch), shown))
    for batch, result in zip(shown, results, strict=True):
        expected = alone.run("view", batch)
        assert result.logits == pytest.approx(expected.logits, abs=1e-5)
        assert result.map_logits == pytest.approx(expected.map_logits, abs=1e-5)
    device.runs.clear()
    for lane in together._engine._lanes.values():
        lane.rows = 8  # what the timing gave depends on the machine
    together.run("view", pictures(24))
    assert device.runs == [8, 8, 8]
    together.close()
    alone.close()


def test_that_a_device_that_starts_is_named_with_its_batch_and_its_speed(tmp_path, device):
    detector = load_detector(a_folder(tmp_path), wanted(device))
    report = detector.device
    assert (report.provider, report.fallback_reason) == (device.provider, None)
    assert report.name == {DML: "DirectML", CUDA: "CUDA"}[device.provider]
    assert report.batch >= 1
    assert report.tiles_per_s > 0
    detector.close()


def test_that_a_silent_fallback_to_the_cpu_is_said(tmp_path, device):
    device.starts = False
    detector = load_detector(a_folder(tmp_path), wanted(device))
    assert detector.device.provider == CPU
    assert f"{detector.device.name} is used" in detector.device.fallback_reason
    assert detector.device.batch == 1
    assert detector.run("view", pictures(2)).logits.shape == (2,)


def test_that_a_provider_that_refuses_is_quoted_and_nothing_goes_to_stdout(tmp_path, device, capfd):
    device.refuses = "CUDA failure 35: driver version is insufficient ; GPU=0 ; hostname=x"
    detector = load_detector(a_folder(tmp_path), wanted(device))
    assert "driver version is insufficient" in detector.device.fallback_reason
    assert capfd.readouterr().out == ""


def test_that_a_device_that_is_full_runs_smaller_batches_and_the_scores_stay(tmp_path, device):
    detector = load_detector(a_folder(tmp_path), wanted(device))
    shown = pictures(13)
    expected = detector.run("view", shown).logits
    device.room = 2
    assert detector.run("view", shown).logits == pytest.approx(expected, abs=1e-5)
    assert detector.device.batch <= 2
    assert detector.device.provider == device.provider
    detector.close()


def test_that_a_device_that_holds_few_is_tuned_to_few(tmp_path, device):
    device.room = 4
    detector = load_detector(a_folder(tmp_path), wanted(device))
    assert detector.device.batch <= 4
    detector.close()


def test_that_a_device_without_room_for_one_picture_leaves_the_work_to_the_cpu(tmp_path, device):
    detector = load_detector(a_folder(tmp_path), wanted(device))
    expected = detector.run("view", pictures(3)).logits
    device.room = 0
    assert detector.run("view", pictures(3)).logits == pytest.approx(expected, abs=1e-5)
    assert detector.device.provider == CPU
    assert "Failed to allocate memory" in detector.device.fallback_reason
    detector.close()


def test_that_a_device_lost_in_the_midst_of_work_is_left_by_every_caller(tmp_path, device):
    detector = load_detector(a_folder(tmp_path), wanted(device))
    shown = [pictures(2, seed=n) for n in range(40)]
    expected = [detector.run("view", batch).logits for batch in shown]

    def score(number):
        device.lost = device.lost or number == 7
        return detector.run("view", shown[number]).logits

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(score, range(40)))
    assert np.concatenate(got) == pytest.approx(np.concatenate(expected), abs=1e-5)
    report = detector.device
    assert (report.wanted, report.name, report.batch) == (wanted(device), "CPU", 1)
    assert report.fallback_reason == (
        f"{'CUDA' if device.provider == CUDA else 'DirectML'} failed during the work (CUDA failure "
        "700: an illegal memory access was encountered), so the CPU went on."
    )
    device.runs.clear()
    detector.run("view", shown[0])
    assert device.runs == []
    detector.close()
    with pytest.raises(ModelError, match="closed"):
        detector.run("view", shown[0])


def test_that_a_graph_that_fails_on_the_cpu_too_does_not_cost_the_device(tmp_path, device):
    model = onnx.load_from_string(brightness_graph(outputs=("score", "map")))
    for dimension in model.graph.input[0].type.tensor_type.shape.dim[2:]:
        dimension.dim_value = 64
    folder = a_model_folder(tmp_path, model.SerializeToString(), BOTH)
    detector = load_detector(folder, wanted(device))
    for _ in range(2):
        with pytest.raises(ModelError, match="view failed"):
            detector.run("view", pictures(1, side=80))
    assert detector.device.provider == device.provider
    assert detector.device.fallback_reason is None
    assert detector.run("view", pictures(1)).logits.shape == (1,)
    detector.close()


def test_that_a_device_that_fails_its_self_test_is_not_used(tmp_path, device):
    device.lost = True
    report = load_detector(a_folder(tmp_path), wanted(device)).device
    assert report.provider == CPU
    assert "failed its self-test (CUDA failure 700" in report.fallback_reason


def test_that_a_graph_for_one_picture_runs_one_by_one(tmp_path, device):
    detector = load_detector(a_folder(tmp_path, rows=1), wanted(device))
    assert detector.run("view", pictures(5)).logits.shape == (5,)
    assert set(device.runs) == {1}
    assert detector.device.batch == 1
    detector.close()


def test_that_detectors_share_the_one_owner_of_a_device(tmp_path, device):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    first, second = (load_detector(a_folder(folder), wanted(device)) for folder in folders)
    assert first._engine._owner is second._engine._owner
    first.close()
    assert second.run("view", pictures(3)).logits.shape == (3,)
    second.close()
    third = load_detector(a_folder(folders[0]), wanted(device))
    assert third.run("view", pictures(3)).logits.shape == (3,)
    third.close()


def test_that_bytes_are_fed_as_they_are(tmp_path):
    graph = brightness_graph(takes_bytes=True)
    given = 'dtype = "uint8"\nlayout = "nhwc"\n'
    folder = a_model_folder(tmp_path, graph, SCORE.format(kind="logit"), given)
    detector = load_detector(folder, "cpu")
    shown = pictures(2)
    tensor = TensorMaker(detector.spec.views[0].input).tensor(shown)
    assert tensor.dtype == np.uint8
    assert (tensor == shown).all()
    assert detector.run("view", shown).logits == pytest.approx(shown.mean((1, 2, 3)), abs=1e-3)
