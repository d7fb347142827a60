"""The detectors on a real CUDA device: what they get, what they give, and what they survive."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from inspector.__main__ import main
from inspector.adapters.onnx import load_detector, providers
from inspector.adapters.onnx.faults import DeviceFaultError
from inspector.adapters.onnx.runners import BoundRunner
from inspector.adapters.samples import draw_photo, draw_synthetic, encode_jpeg
from inspector.bootstrap.detectors import FAST, FULL, open_detector
from inspector.domain.media import Frame
from inspector.pipeline.scoring import FrameScorer
from inspector.settings import Places, data_folder

pytestmark = [pytest.mark.gpu, pytest.mark.slow]

AGREEMENT = 1e-3
"""Float32 on both sides; only the order of sums differs."""


def folder(model):
    return data_folder("models") / model


def drawn(count, side=512):
    return [(draw_photo, draw_synthetic)[n % 2](n, side, side) for n in range(count)]


def tiles(count, seed=0):
    cut = [picture[:224, :224] for picture in drawn(8)]
    return np.stack([cut[(seed + n) % 8] for n in range(count)])


@pytest.fixture(params=[FAST, FULL])
def both(request, cuda):
    """One detector on the device and on the CPU."""
    on_device, on_cpu = (
        load_detector(folder(request.param), cuda),
        load_detector(folder(request.param), "cpu"),
    )
    yield on_device, on_cpu
    on_device.close()
    on_cpu.close()


def test_that_the_session_is_real_and_says_what_it_is(both):
    report = both[0].device
    assert (report.name, report.fallback_reason) == ("CUDA", None)
    assert report.tiles_per_s > 0
    assert report.batch >= 1


def test_that_inputs_are_kept_on_the_device_and_bound(both):
    lanes = both[0]._engine._lanes.values()
    assert all(isinstance(lane._runner, BoundRunner) for lane in lanes)


def test_that_scores_are_those_of_the_cpu(both):
    on_device, on_cpu = (FrameScorer(detector) for detector in both)
    for picture in drawn(6):
        here, there = on_device.score(Frame(picture)), on_cpu.score(Frame(picture))
        assert here.likelihood == pytest.approx(there.likelihood, abs=AGREEMENT)
        assert np.nan_to_num(here.likelihoods) == pytest.approx(
            np.nan_to_num(there.likelihoods), abs=5 * AGREEMENT
        )


def test_that_company_changes_no_score(both):
    detector = both[0]
    for view in detector.spec.views:
        many = tiles(23)
        together = detector.run(view.name, many)
        for n in range(len(many)):
            alone = detector.run(view.name, many[n : n + 1])
            for all_, one in (
                (together.logits, alone.logits),
                (together.map_logits, alone.map_logits),
            ):
                if one is not None:
                    assert all_[n] == pytest.approx(one[0], abs=AGREEMENT)


def test_that_many_callers_get_their_own_scores(both):
    detector = both[0]
    view = detector.spec.views[0].name
    expected = [detector.run(view, tiles(1, seed)).logits[0] for seed in range(8)]
    with ThreadPoolExecutor(16) as pool:
        got = pool.map(lambda n: detector.run(view, tiles(1, n % 8)).logits[0], range(400))
        assert list(got) == pytest.approx([expected[n % 8] for n in range(400)], abs=AGREEMENT)


def test_that_a_card_with_little_room_runs_small_batches_and_gives_the_same(cuda, monkeypatch):
    roomy = load_detector(folder(FULL), cuda)
    view, many = roomy.spec.views[0].name, tiles(64)
    expected = roomy.run(view, many).logits
    roomy.close()
    for mebibytes in range(400, 2100, 100):  # the least room in which one picture runs
        monkeypatch.setattr(providers, "DEVICE_BYTES", mebibytes << 20)
        tight = load_detector(folder(FULL), cuda)
        if tight.device.name == "CUDA":
            break
        tight.close()
    for lane in tight._engine._lanes.values():
        lane.rows = 64
    assert tight.run(view, many).logits == pytest.approx(expected, abs=AGREEMENT)
    report = tight.device
    assert report.name == "CUDA", report.fallback_reason
    assert report.batch < 64
    tight.close()


def test_that_a_device_that_is_given_up_leaves_the_work_to_the_cpu(cuda, monkeypatch):
    detector = load_detector(folder(FAST), cuda)
    view = detector.spec.views[0].name
    expected = detector.run(view, tiles(3)).logits

    def fail(tensors):
        raise DeviceFaultError("CUDA failure 700")

    for lane in detector._engine._lanes.values():
        monkeypatch.setattr(lane._runner, "run", fail)
    assert detector.run(view, tiles(3)).logits == pytest.approx(expected, abs=AGREEMENT)
    assert detector.device.name == "CPU"
    assert "CUDA failed during the work" in detector.device.fallback_reason
    detector.close()


def test_that_auto_takes_the_large_detector(cuda):
    detector = open_detector("auto", "auto", Places())
    assert (detector.spec.id, detector.device.name) == (FULL, "CUDA")
    detector.close()


def test_that_a_scan_on_the_device_judges_as_one_on_the_cpu(cuda, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path / "home"))
    (tmp_path / "media").mkdir()
    for n, picture in enumerate(drawn(12, 800)):
        (tmp_path / "media" / f"{n:02d}.jpg").write_bytes(encode_jpeg(picture, quality=90))
    rows = {}
    for device in (cuda, "cpu"):
        arguments = ["scan", str(tmp_path / "media"), "--model", FULL, "--device", device]
        assert main([*arguments, "--jsonl", "-"]) == 0
        captured = capsys.readouterr()
        assert f"on {device.upper()}" in captured.err
        read = [json.loads(line) for line in captured.out.splitlines()]
        rows[device] = {row["path"]: row for row in read}
    for path, there in rows["cpu"].items():
        here = rows[cuda][path]
        assert here["likelihood"] == pytest.approx(there["likelihood"], abs=AGREEMENT)
        assert here["decision"] == there["decision"]
