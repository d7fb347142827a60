"""What a detector gives, and how it refuses what it should not."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from inspector.adapters.onnx import load_detector
from inspector.adapters.onnx.outputs import feature_rows
from inspector.domain.detector import OutputRole, ViewOutput
from inspector.domain.errors import ModelError
from tests.unit.adapters.onnx.graphs import (
    FEATURES,
    MAP,
    SCORE,
    a_model_folder,
    brightness_graph,
    tower_graph,
)


def pictures(*levels, side=64):
    return np.stack([np.full((side, side, 3), level, np.uint8) for level in levels])


@pytest.mark.parametrize(
    ("tail", "kind", "expected"),
    [
        ("", "logit", [0.0, 2.0]),
        ("Sigmoid", "prob", [0.0, 2.0]),
        ("two", "logits2", [0.0, 4.0]),
        ("Softmax2", "probs2", [0.0, 4.0]),
    ],
)
def test_that_every_kind_of_score_comes_out_as_a_logit(tmp_path, tail, kind, expected):
    graph = brightness_graph(gain=0.02, tail=tail)
    detector = load_detector(a_model_folder(tmp_path, graph, SCORE.format(kind=kind)), "cpu")
    result = detector.run("view", pictures(0, 100))
    assert result.logits == pytest.approx(expected, abs=1e-4)
    assert result.map_logits is None


def test_that_the_synthetic_class_is_the_one_the_card_names(tmp_path):
    outputs = SCORE.format(kind="logits2") + "synthetic_index = 1\n"
    folder = a_model_folder(tmp_path, brightness_graph(gain=0.02, tail="two"), outputs)
    assert load_detector(folder, "cpu").run("view", pictures(100)).logits == pytest.approx([-4.0])


def test_that_a_patch_map_has_one_cell_per_stride(tmp_path):
    graph = brightness_graph(outputs=("score", "map"))
    detector = load_detector(
        a_model_folder(tmp_path, graph, SCORE.format(kind="logit") + MAP), "cpu"
    )
    batch = np.zeros((2, 32, 64, 3), np.uint8)
    batch[:, :, 48:] = 10
    cells = detector.run("view", batch).map_logits
    assert cells.shape == (2, 2, 4)
    assert cells[0, 0] == pytest.approx([0, 0, 0, 10])


def test_that_colour_order_layout_mean_and_std_are_those_of_the_card(tmp_path):
    fed = 'color = "bgr"\nscale = 0.5\nmean = [0.0, 0.0, 30.0]\nstd = [1.0, 1.0, 2.0]\n'
    detector = load_detector(a_model_folder(tmp_path, brightness_graph(), more_input=fed), "cpu")
    batch = np.zeros((1, 16, 16, 3), np.uint8)
    batch[..., 0] = 200  # red is the last channel of a BGR graph: (200 * 0.5 - 30) / 2 = 35
    assert detector.run("view", batch).logits == pytest.approx([35 / 3], abs=1e-4)


@pytest.mark.parametrize(
    ("graph", "outputs", "said"),
    [
        (brightness_graph(shift=-300, tail="Log"), SCORE.format(kind="logit"), "no number"),
        (brightness_graph(), SCORE.format(kind="prob"), "no probability"),
        (brightness_graph(tail="two"), SCORE.format(kind="probs2"), "no probability|sum to one"),
        (brightness_graph(tail="two"), SCORE.format(kind="logit"), "shape"),
        (brightness_graph(tail="flat"), SCORE.format(kind="logits2"), "shape"),
        (brightness_graph(), SCORE.format(kind="logit").replace('"score"', '"other"'), "no output"),
        (brightness_graph(outputs=("score", "map")), MAP.replace('"map"', '"score"'), "dimensions"),
        (brightness_graph(outputs=("map",)), MAP.replace("16", "8"), "shape"),
    ],
)
def test_that_a_bad_score_is_an_error_and_never_a_number(tmp_path, graph, outputs, said):
    with pytest.raises(ModelError, match=said):
        load_detector(a_model_folder(tmp_path, graph, outputs), "cpu")


def test_that_a_missing_file_is_named(tmp_path):
    folder = a_model_folder(tmp_path, brightness_graph())
    (folder / "view.onnx").unlink()
    with pytest.raises(ModelError, match=r"view\.onnx cannot be read"):
        load_detector(folder, "cpu")


def test_that_a_file_with_another_hash_is_refused(tmp_path):
    folder = a_model_folder(tmp_path, brightness_graph())
    (folder / "view.onnx").write_bytes(brightness_graph(gain=3))
    with pytest.raises(ModelError, match="not the one its card names"):
        load_detector(folder, "cpu")


def test_that_a_file_that_is_no_graph_is_refused(tmp_path):
    with pytest.raises(ModelError, match="cannot be run"):
        load_detector(a_model_folder(tmp_path, b"no graph at all"), "cpu")


def test_that_a_device_this_build_lacks_gives_the_cpu_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "inspector.adapters.onnx.graph.ort.get_available_providers",
        lambda: ["CPUExecutionProvider"],
    )
    device = load_detector(a_model_folder(tmp_path, brightness_graph()), "cuda").device
    assert (device.wanted, device.name) == ("cuda", "CPU")
    assert "CUDAExecutionProvider" in device.fallback_reason


def test_that_the_cpu_asked_for_is_no_fallback_and_its_speed_is_measured(tmp_path):
    device = load_detector(a_model_folder(tmp_path, brightness_graph()), "cpu").device
    assert device.fallback_reason is None
    assert device.tiles_per_s > 0


def test_that_an_unknown_device_is_an_error(tmp_path):
    with pytest.raises(ModelError, match="no device abacus"):
        load_detector(a_model_folder(tmp_path, brightness_graph()), "abacus")


def test_that_many_threads_get_their_own_pictures_scores(tmp_path):
    detector = load_detector(a_model_folder(tmp_path, brightness_graph()), "cpu")

    def scored(level):
        return float(detector.run("view", pictures(level)).logits[0])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(scored, range(200))) == pytest.approx(list(range(200)))


def test_that_a_closed_detector_says_so(tmp_path):
    detector = load_detector(a_model_folder(tmp_path, brightness_graph()), "cpu")
    detector.close()
    with pytest.raises(ModelError, match="closed"):
        detector.run("view", pictures(0))


def a_tower_folder(folder, outputs):
    folder.mkdir(exist_ok=True)
    return a_model_folder(folder, tower_graph(), outputs)


def test_that_a_head_on_features_gives_the_logit_of_the_same_head_in_the_graph(tmp_path):
    score = SCORE.format(kind="logit").replace('"score"', '"logit"')
    in_graph = load_detector(a_tower_folder(tmp_path / "a", score + MAP), "cpu")
    head = FEATURES + "weights = [0.0, 0.0, 0.0, 2.0]\n"
    in_card = load_detector(a_tower_folder(tmp_path / "b", head + MAP), "cpu")
    noise = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), np.uint8)
    one, other = in_graph.run("view", noise), in_card.run("view", noise)
    assert other.logits == pytest.approx(one.logits, abs=1e-5)
    assert (other.map_logits == one.map_logits).all()
    assert other.features is None


def test_that_a_head_beside_a_score_is_added_to_it(tmp_path):
    score = SCORE.format(kind="logit").replace('"score"', '"logit"')
    head = FEATURES + "weights = [0.0, 0.0, 0.0, 2.0]\nbias = 0.5\n"
    detector = load_detector(a_tower_folder(tmp_path, score + head), "cpu")
    assert detector.run("view", pictures(64, 128)).logits == pytest.approx([-3.5, -3.5])


def test_that_features_are_given_to_those_who_ask(tmp_path):
    score = SCORE.format(kind="logit").replace('"score"', '"logit"')
    folder = a_tower_folder(tmp_path, score + FEATURES)
    assert load_detector(folder, "cpu").run("view", pictures(64)).features is None
    result = load_detector(folder, "cpu", with_features=True).run("view", pictures(64, 128))
    assert result.features == pytest.approx(np.array([[-1, -1, -1, -1], [0, 0, 0, -1]]))
    assert result.logits == pytest.approx([-2, -2])


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("[1.0, 2.0]", "4 features, and its card has 2 weights"),
        ("[3e38, 3e38, 3e38, 3e38]", "no number|out of range"),
    ],
)
def test_that_a_head_that_does_not_fit_its_features_is_refused(tmp_path, weights, said):
    with pytest.raises(ModelError, match=said):
        load_detector(a_tower_folder(tmp_path, FEATURES + f"weights = {weights}\n"), "cpu")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.zeros((2, 3), np.float32), "shape"),
        (np.zeros((3, 2), np.float32), "shape"),
        (np.zeros(2, np.float32), "shape"),
        (np.array([[0.0, np.nan], [0.0, 0.0]], np.float32), "no number"),
    ],
)
def test_that_features_are_a_finite_row_for_each_picture(values, said):
    output = ViewOutput("features", OutputRole.FEATURES, weights=(1.0, 1.0))
    with pytest.raises(ModelError, match=said):
        feature_rows(output, values, 2)


def test_that_features_that_are_no_row_a_picture_are_refused(tmp_path):
    outputs = FEATURES.replace('"features"', '"score"', 1) + "weights = [1.0]\n"
    with pytest.raises(ModelError, match="1 dimensions"):
        load_detector(a_model_folder(tmp_path, brightness_graph(), outputs), "cpu")
