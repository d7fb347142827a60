"""``evaluate`` and ``calibrate`` on what people really have: too little, odd sizes, odd formats."""

import json

import numpy as np
import pytest
from PIL import Image

from inspector.__main__ import main
from inspector.adapters.samples import draw_photo, draw_synthetic, encode_clip, encode_jpeg
from inspector.domain.figures import Treatment
from tests.unit.adapters.onnx.graphs import MAP, SCORE, a_model_folder, brightness_graph

COPIES = [treatment for treatment in Treatment if treatment is not Treatment.NONE]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Return a detector that calls bright pictures synthetic; it takes no time."""
    graph = brightness_graph(gain=0.02, shift=-2.5, outputs=("score", "map"))
    outputs = SCORE.format(kind="logit") + MAP
    return str(a_model_folder(tmp_path_factory.mktemp("bright"), graph, outputs))


@pytest.fixture
def folders(tmp_path):
    for name in ("real", "fake"):
        (tmp_path / name / "set").mkdir(parents=True)
    return tmp_path / "real", tmp_path / "fake"


@pytest.fixture
def evaluated(home, folders, model, capsys):
    """Run the command on the two folders; return its exit code, figures and words."""

    def run(*more):
        pair = ["--real", str(folders[0]), "--synthetic", str(folders[1])]
        code = main(["evaluate", *pair, "--model", model, "--device", "cpu", "--json", *more])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


def fill(folders, count=3, width=160, height=144):
    for folder, draw in zip(folders, (draw_photo, draw_synthetic), strict=True):
        for seed in range(count):
            picture = encode_jpeg(draw(seed, width, height))
            (folder / "set" / f"{seed}.jpg").write_bytes(picture)


def save(folders, picture, name):
    """Put a picture on both sides, so that each label has a file."""
    for folder in folders:
        picture.save(folder / "set" / name)


def test_that_each_degradation_is_measured_for_the_whole_and_for_each_source(
    evaluated, folders, tmp_path
):
    fill(folders)
    page = tmp_path / "report.html"
    code, figures, said = evaluated("--degradations", "--html", str(page))
    assert code == 0
    assert [t["treatment"] for t in figures["degradations"]] == [t.value for t in COPIES]
    for treated in (figures, *figures["degradations"]):
        assert (treated["n_real"], treated["n_synthetic"]) == (3, 3)
        assert [s["source"] for s in treated["sources"]] == ["set", "set"]
        for name in (
            "auc",
            "average_precision",
            "tpr_at_1",
            "tpr_at_5",
            "balanced_accuracy",
            "ece",
        ):
            assert 0 <= treated[name]["value"] <= 1
            assert treated["sources"][0][name]["low"] <= treated["sources"][0][name]["high"]
        assert len(treated["baselines"]) == 4
    assert "9 times as long" in said
    assert "x264 crf 23" in page.read_text("utf-8")


def test_that_the_tables_for_people_name_what_was_measured(home, folders, model, capsys):
    fill(folders)
    pair = ["--real", str(folders[0]), "--synthetic", str(folders[1]), "--model", model]
    assert main(["evaluate", *pair, "--device", "cpu", "--regions", "2"]) == 0
    out = capsys.readouterr().out
    for words in ("average precision", "Laplacian", "pixel AUC", "Sources, as they are"):
        assert words in out


def test_that_regions_are_pasted_and_looked_for(evaluated, folders):
    fill(folders)
    _, figures, _ = evaluated("--regions", "4")
    assert figures["regions"]["n"] == 4
    assert 0 <= figures["regions"]["pixel_auc"]["value"] <= 1


def test_that_pictures_too_small_for_a_region_are_said(evaluated, folders):
    fill(folders, width=120, height=90)
    code, figures, said = evaluated("--regions", "2")
    assert code == 2
    assert figures is None
    assert "128 px" in said


def test_that_a_folder_without_pictures_is_named(evaluated, folders):
    fill(folders)
    for file in (folders[1] / "set").iterdir():
        file.write_text("no picture")
    code, _, said = evaluated()
    assert code == 2
    assert f"No file below {folders[1]} could be scored." in said


def test_that_one_folder_for_both_labels_is_refused(home, folders, model, capsys):
    fill(folders)
    both = ["--real", str(folders[0]), "--synthetic", str(folders[0])]
    assert main(["evaluate", *both, "--model", model]) == 2
    assert "must differ" in capsys.readouterr().err


def test_that_a_label_left_out_is_asked_for(home, folders, capsys):
    assert main(["evaluate", "--real", str(folders[0])]) == 2
    assert "--synthetic" in capsys.readouterr().err


def test_that_five_photos_get_an_answer_and_a_warning(evaluated, folders):
    fill(folders, count=5)
    code, figures, said = evaluated()
    assert code == 0
    assert figures["n_real"] == 5
    assert "Only 5 real and 5 synthetic files" in said


def test_that_a_report_in_no_folder_is_refused_before_an_hour_of_scoring(evaluated, folders):
    fill(folders)
    code, figures, said = evaluated("--html", str(folders[0] / "missing" / "r.html"))
    assert (code, figures) == (2, None)
    assert "its folder is not there" in said


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("L", "grey.png"),
        ("RGBA", "alpha.png"),
        ("LA", "both.png"),
        ("I;16", "deep.png"),
        ("1", "bits.png"),
    ],
)
def test_that_grey_alpha_and_16_bit_pictures_are_scored_and_treated(evaluated, folders, mode, name):
    values = np.random.default_rng(0).integers(0, 256, (96, 130, 4), np.uint8)
    if mode == "I;16":
        picture = Image.fromarray(values[..., 0].astype(np.uint16) * 257)
    else:
        picture = Image.fromarray(values, "RGBA").convert(mode)
    save(folders, picture, name)
    code, figures, _ = evaluated("--degradations")
    assert code == 0
    assert figures["unscored"] == 0
    assert len(figures["degradations"]) == len(COPIES)
    assert figures["auc"]["value"] == 0.5


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (2, 2)])
def test_that_sides_of_a_pixel_are_scored_and_left_out_where_a_coding_cannot_hold_them(
    evaluated, folders, size
):
    save(folders, Image.new("RGB", size, (90, 90, 90)), "thin.png")
    code, figures, _ = evaluated("--degradations")
    assert code == 0
    assert figures["unscored"] == 0
    assert Treatment.X264.value not in [t["treatment"] for t in figures["degradations"]]


def test_that_mixed_sizes_are_all_scored(evaluated, folders):
    for n, side in enumerate((24, 100, 640)):
        save(folders, Image.fromarray(draw_photo(n, side, 2 * side // 3)), f"{n}.png")
    code, figures, _ = evaluated("--degradations")
    assert code == 0
    assert all(t["n_real"] == 3 for t in figures["degradations"])


@pytest.mark.slow
def test_that_a_panorama_of_100_megapixels_is_scored_as_it_is(evaluated, folders):
    save(folders, Image.fromarray(np.tile(draw_photo(1, 500, 500), (10, 40, 1))), "wide.jpg")
    fill(folders, count=1)
    code, figures, _ = evaluated("--degradations")
    assert code == 0
    assert figures["unscored"] == 0
    assert figures["n_real"] == 2
    assert [t["n_real"] for t in figures["degradations"]] == [1] * len(COPIES)


def test_that_clips_are_scored_as_they_are_and_that_is_said(evaluated, folders):
    fill(folders)
    frames = [np.full((64, 64, 3), 90 + n, np.uint8) for n in range(5)]
    encode_clip(folders[0] / "set" / "clip.mp4", frames)
    code, figures, said = evaluated("--degradations")
    assert code == 0
    assert figures["n_real"] == 4
    assert [t["n_real"] for t in figures["degradations"]] == [3] * len(COPIES)
    assert "1 clip was scored as it is only." in said


def test_that_linked_files_count_for_the_folder_that_links_to_them(evaluated, folders, tmp_path):
    fill(folders)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folders[0] / "set").rename(elsewhere / "kept")
    (folders[0] / "set").mkdir()
    for file in (elsewhere / "kept").iterdir():
        (folders[0] / "set" / file.name).symlink_to(file)
    code, figures, _ = evaluated()
    assert code == 0
    assert figures["n_real"] == 3


def calibrated(folders, model, out, rate):
    arguments = ["--real", str(folders[0]), "--model", model, "--device", "cpu"]
    return main(["calibrate", *arguments, "--false-drop", str(rate), "--out", str(out)])


@pytest.mark.parametrize(("rate", "needed"), [(0.01, 299), (0.005, 598), (0.2, 14)])
def test_that_calibrate_says_how_many_photos_are_missing(
    home, folders, model, tmp_path, capsys, rate, needed
):
    fill(folders)
    assert calibrated(folders, model, tmp_path / "c.toml", rate) == 2
    said = capsys.readouterr().err
    assert f"{needed - 3:,} are missing" in said
    assert not (tmp_path / "c.toml").exists()


def test_that_calibrate_certifies_once_there_are_enough(home, folders, model, tmp_path, capsys):
    small = draw_photo(1, 48, 48)
    for n in range(60):
        (folders[0] / "set" / f"{n}.jpg").write_bytes(encode_jpeg(small[n % 4 :]))
    assert calibrated(folders, model, tmp_path / "c.toml", 0.05) == 0
    assert "of 60 here" in capsys.readouterr().out
    assert (tmp_path / "c.toml").is_file()
