"""`inspector teach` from folders to a detector that everything else takes."""

import json
import shutil
import signal
import subprocess
import sys
import tomllib

import numpy as np
import pytest

from inspector.__main__ import main
from inspector.adapters.samples import encode_clip, encode_png
from inspector.bootstrap.teaching import detector_name
from inspector.domain.figures import Interval
from inspector.domain.teaching import BeforeAfter, SetFigures, comparison_rows
from tests.lessons import a_teachable_folder, draw, some_pictures, two_folders

SOME_FIGURES = BeforeAfter(*[SetFigures(1, 1, *[Interval(0.5, 0.4, 0.6)] * 2, 0.0, 0.0)] * 2)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A detector that can be taught, two folders, and the detector they made of it."""
    parent = tmp_path_factory.mktemp("teach")
    patch = pytest.MonkeyPatch()
    patch.setenv("INSPECTOR_HOME", str(parent / "home"))
    base = a_teachable_folder(parent / "base", some_pictures(1600, tells=3, sources=40))
    real, synthetic = two_folders(parent)
    out = parent / "my own detector"
    try:
        code = main(arguments(base, real, synthetic, out))
        yield base, real, synthetic, out, code
    finally:
        patch.undo()


def arguments(base, real, synthetic, out):
    folders = ["--real", str(real), "--synthetic", str(synthetic), "--out", str(out)]
    return ["teach", *folders, "--model", str(base), "--device", "cpu"]


def test_that_a_detector_is_written_with_its_card_and_its_figures(built):
    base, _, _, out, code = built
    assert code == 0
    assert sorted(path.name for path in out.iterdir()) == ["CARD.md", "card.toml", "tower.onnx"]
    assert (out / "tower.onnx").read_bytes() == (base / "tower.onnx").read_bytes()
    card = tomllib.loads((out / "card.toml").read_text("utf-8"))
    assert card["id"] == "my-own-detector"
    assert card["report"]["own_auc_after"] > card["report"]["own_auc_before"] + 0.1
    text = (out / "CARD.md").read_text("utf-8")
    for said in ("36 real and 36 synthetic", "`real 0` 12", "`synthetic 2` 12", "| AUC |"):
        assert said in text
    assert not list(out.parent.glob(".*"))


def test_that_the_other_commands_take_it(built, tmp_path, capsys):
    _, real, synthetic, out, _ = built
    assert main(["models", "check", str(out)]) == 0
    rows = tmp_path / "items.jsonl"
    scan = ["scan", str(real), str(synthetic), "--model", str(out), "--jsonl", str(rows)]
    assert main([*scan, "--device", "cpu"]) == 0
    found = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
    reals = [row["likelihood"] for row in found if "/real/" in row["path"]]
    fakes = [row["likelihood"] for row in found if "/synthetic/" in row["path"]]
    assert np.mean(np.array(fakes)[:, None] > np.array(reals)) > 0.8
    assert {row["model"]["id"] for row in found} == {"my-own-detector"}


def test_that_it_is_listed_once_it_lies_among_the_users_own(built, capsys):
    out = built[3]
    mine = out.parent / "home" / "data" / "models" / "my-own-detector"
    shutil.copytree(out, mine)
    assert main(["models", "list"]) == 0
    assert "my-own-detector" in capsys.readouterr().out
    assert main(["models", "info", "my-own-detector"]) == 0
    assert "own auc after" in capsys.readouterr().out


def test_that_words_and_what_is_left_out_are_said_beside_the_table(built, tmp_path, capsys):
    base, real, synthetic, _, _ = built
    more, out = tmp_path / "real", tmp_path / "empty"
    out.mkdir()
    shutil.copytree(real, more)
    (more / "notes.txt").write_text("no picture")
    (more / "broken.png").write_bytes(next(more.rglob("0.png")).read_bytes()[:200])
    (more / "small.png").write_bytes(encode_png(draw(np.random.default_rng(1), 0, side=20)))
    (more / "copy.png").write_bytes(next(more.rglob("0.png")).read_bytes())
    encode_clip(more / "clip.mp4", [np.zeros((64, 64, 3), np.uint8)] * 4)
    assert main(arguments(base, more, synthetic, out)) == 1
    said = capsys.readouterr()
    for words in ("1 clips", "1 no pictures", "1 too small or too flat", "1 unreadable"):
        assert words in said.err
    assert "inspector scan --model" in said.err
    names = [line.split("  ")[0] for line in said.out.splitlines()[1:]]
    assert names == [row[0] for row in comparison_rows(SOME_FIGURES, SOME_FIGURES)]
    assert "36 real and 36 synthetic" in (out / "CARD.md").read_text("utf-8")


def refused(given, out, capsys, code=3):
    """Return the one sentence of a refusal that wrote nothing."""
    before = sorted(out.parent.rglob("*"))
    assert main(given) == code
    assert sorted(out.parent.rglob("*")) == before
    lines = [line for line in capsys.readouterr().err.splitlines() if "inspector:" in line]
    assert len(lines) == 1
    return lines[0]


def test_that_a_taken_place_is_refused(built, tmp_path, capsys):
    base, real, synthetic, out, _ = built
    assert "not empty" in refused(arguments(base, real, synthetic, out), out, capsys)
    file = tmp_path / "file"
    file.write_text("x")
    assert "no folder" in refused(arguments(base, real, synthetic, file), file, capsys)
    taken = tmp_path / "inspector-fast"
    assert "built-in" in refused(arguments(base, real, synthetic, taken), taken, capsys)


def test_that_too_few_pictures_or_none_are_refused(built, tmp_path, capsys):
    base, real, _, _, _ = built
    few, none, out = tmp_path / "few", tmp_path / "none", tmp_path / "out"
    few.mkdir()
    none.mkdir()
    generator = np.random.default_rng(3)
    for number in range(5):
        (few / f"{number}.png").write_bytes(encode_png(draw(generator, 60)))
    assert "25 are missing" in refused(arguments(base, real, few, out), out, capsys)
    assert "no synthetic picture" in refused(arguments(base, real, none, out), out, capsys)
    missing = tmp_path / "missing"
    assert "no folder" in refused(arguments(base, real, missing, out), out, capsys, code=2)


def test_that_one_picture_in_both_folders_is_refused(built, tmp_path, capsys):
    base, real, synthetic, _, _ = built
    both = tmp_path / "both"
    shutil.copytree(synthetic, both)
    shutil.copy(next(real.rglob("*.png")), both / "mine.png")
    assert "in both folders" in refused(
        arguments(base, real, both, tmp_path / "out"), tmp_path / "out", capsys
    )


def test_that_a_detector_without_training_features_is_refused(built, tmp_path, capsys):
    _, real, synthetic, taught, _ = built
    given = arguments(taught, real, synthetic, tmp_path / "out")
    assert "cannot be taught" in refused(given, tmp_path / "out", capsys)


@pytest.fixture
def _heard_ctrl_c():
    """Undo what a shell does to commands in its background: they and theirs ignore Ctrl-C."""
    earlier = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, earlier)


@pytest.mark.usefixtures("_heard_ctrl_c")
def test_that_ctrl_c_ends_it_and_leaves_nothing(built, tmp_path):
    base, real, synthetic, _, _ = built
    out = tmp_path / "out"
    child = subprocess.Popen(
        [sys.executable, "-m", "inspector", *arguments(base, real, synthetic, out)],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    first = child.stderr.readline()  # the detector is loaded, and pictures are being read
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert "Detector teachable" in first
    assert child.returncode == 3
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_that_an_id_is_made_of_the_letters_it_may_have(tmp_path):
    assert detector_name(tmp_path / "Meine Fotos (2026)") == "Meine-Fotos-2026"
    assert detector_name(tmp_path / "写真") == "taught"
