"""Detectors as others export them load without code, score, and draw a heatmap."""

import json

import numpy as np
import pytest

from inspector.__main__ import main
from inspector.adapters.onnx import load_detector, read_card
from inspector.adapters.samples import encode_jpeg
from inspector.bootstrap.model_check import check_model
from inspector.domain.errors import ModelError
from inspector.domain.media import Frame
from inspector.pipeline.scoring import FrameScorer
from inspector.pipeline.whole_map import draw_whole_map
from tests.unit.bootstrap.imported import community_forensics, hugging_face, npr, patch_map, univfd

WIDTH, HEIGHT = 701, 523

BY_SLIDING = {univfd: 224, npr: 256, community_forensics: 440, hugging_face: 224}
"""What has no map of its own, and the side of the tiles it is slid in."""


def textured(level, seed=0):
    """Return pixels of odd sides about a brightness."""
    noise = np.random.default_rng(seed).integers(-12, 13, (HEIGHT, WIDTH, 3))
    return np.clip(level + noise, 0, 255).astype(np.uint8)


def half_bright():
    pixels = textured(40)
    pixels[:, WIDTH // 2 :] = textured(215)[:, WIDTH // 2 :]
    return pixels


@pytest.mark.parametrize("make", [univfd, community_forensics, hugging_face, patch_map])
def test_that_brightness_comes_out_as_each_reads_it(tmp_path, make):
    scorer = FrameScorer(load_detector(make(tmp_path / "model"), "cpu"))
    dark, bright = (scorer.score(Frame(textured(level))).likelihood for level in (40, 215))
    assert dark < 0.5 < bright


def test_that_npr_reads_native_pixels_of_even_sides(tmp_path):
    scorer = FrameScorer(load_detector(npr(tmp_path / "model"), "cpu"))
    upscaled = textured(128)[::2, ::2].repeat(2, axis=0).repeat(2, axis=1)[:HEIGHT, :WIDTH]
    assert scorer.score(Frame(textured(128))).likelihood < 0.3
    assert scorer.score(Frame(upscaled)).likelihood > 0.9


@pytest.mark.parametrize("make", BY_SLIDING)
def test_that_one_without_a_map_gets_its_heatmap_by_sliding_tiles(tmp_path, make):
    detector = load_detector(make(tmp_path / "model"), "cpu")
    drawn = draw_whole_map(FrameScorer(detector), half_bright())
    assert drawn.by_sliding
    assert drawn.heatmap.cell_px == BY_SLIDING[make] // 2
    if make is not npr:
        found = drawn.heatmap.likelihoods()
        assert found[:, 0].max() < found[:, -1].min()


def test_that_a_map_of_its_own_is_used_at_full_detail(tmp_path):
    detector = load_detector(patch_map(tmp_path / "model"), "cpu")
    drawn = draw_whole_map(FrameScorer(detector), half_bright())
    assert not drawn.by_sliding
    assert (drawn.heatmap.cell_px, drawn.heatmap.rows, drawn.heatmap.cols) == (8, 66, 88)
    found = drawn.heatmap.likelihoods()
    assert found[:, :43].max() < 0.5 < found[:, 44:].min()


@pytest.mark.parametrize("make", [univfd, npr, community_forensics, hugging_face, patch_map])
def test_that_each_passes_the_check_and_is_told_how_it_maps(tmp_path, make, capsys):
    folder = make(tmp_path / "model")
    findings = check_model(folder)
    is_sliding = make in BY_SLIDING
    assert any("sliding tiles" in finding for finding in findings) is is_sliding
    assert main(["models", "info", str(folder)]) == 0
    assert ("by sliding tiles" in capsys.readouterr().out) is is_sliding


def test_that_show_maps_with_an_imported_detector_and_says_how(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path / "home"))
    folder = univfd(tmp_path / "univfd")
    photo, out = tmp_path / "photo.jpg", tmp_path / "map.png"
    photo.write_bytes(encode_jpeg(half_bright()))
    assert main(["show", str(photo), "--model", str(folder), "--heatmap", str(out)]) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    assert "Heatmap of univfd by sliding tiles" in capsys.readouterr().err


def test_that_a_session_begun_with_a_folder_goes_on_with_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path / "home"))
    folder, media = univfd(tmp_path / "univfd"), tmp_path / "media"
    media.mkdir()
    session = str(tmp_path / "s.inspection")
    (media / "one.jpg").write_bytes(encode_jpeg(textured(40)))
    begun = ["scan", str(media), "--session", session, "--device", "cpu", "--jsonl", "-"]
    assert main([*begun, "--model", str(folder)]) == 0
    capsys.readouterr()
    (media / "two.jpg").write_bytes(encode_jpeg(textured(60)))
    assert main([*begun, "--resume"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["model"]["id"] for row in rows] == ["univfd", "univfd"]


class TestClassNames:
    """Hugging Face's ``id2label`` says which class is the synthetic one."""

    def spec_with(self, tmp_path, labels, more=""):
        folder = hugging_face(tmp_path / "model")
        card = folder / "card.toml"
        text = card.read_text("utf-8")
        old = '{ "0" = "artificial", "1" = "human" }'
        assert old in text
        card.write_text(text.replace(old, labels + more), "utf-8")
        return read_card(folder)

    @pytest.mark.parametrize(
        ("labels", "index"),
        [
            ('{ "0" = "artificial", "1" = "human" }', 0),
            ('{ "0" = "Real", "1" = "Fake" }', 1),
            ('{ "0" = "not ai-generated", "1" = "AI-generated" }', 1),
            ('{ "0" = "LABEL_0", "1" = "synthetic" }', 1),
            ('{ "0" = "deepfake", "1" = "LABEL_1" }', 0),
        ],
    )
    def test_that_the_names_tell(self, tmp_path, labels, index):
        assert self.spec_with(tmp_path, labels).views[0].outputs[0].synthetic_index == index

    @pytest.mark.parametrize(
        ("labels", "said"),
        [
            ('{ "0" = "cat", "1" = "dog" }', "give synthetic_index"),
            ('{ "0" = "fake", "1" = "generated" }', "give synthetic_index"),
            ('{ "0" = "real", "1" = "fake", "2" = "other" }', "two classes"),
        ],
    )
    def test_that_names_that_do_not_tell_are_refused(self, tmp_path, labels, said):
        with pytest.raises(ModelError, match=said):
            self.spec_with(tmp_path, labels)

    def test_that_a_given_index_settles_it(self, tmp_path):
        spec = self.spec_with(tmp_path, '{ "0" = "cat", "1" = "dog" }', "\nsynthetic_index = 1")
        assert spec.views[0].outputs[0].synthetic_index == 1
