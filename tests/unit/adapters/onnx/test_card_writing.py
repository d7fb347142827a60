"""A taught detector's card says what the first one said, but for its head."""

import shutil
import tomllib
from dataclasses import replace

import numpy as np
import pytest

from inspector.adapters.onnx import load_detector, read_card
from inspector.adapters.onnx.card_writing import TaughtCard, taught_card
from inspector.domain.detector import Calibration
from inspector.domain.teaching import LinearHead
from tests.lessons import a_teachable_folder

TAUGHT = TaughtCard(
    id="mine",
    version="1+taught",
    source='Words with "quotes", a \\ and é.',
    head=LinearHead(np.array([1 / 3, -2e-7, 1e9, 0.0]), 0.1),
    fusion=LinearHead(np.array([0.5, -1.25]), -0.75),
    calibration=Calibration(review=0.71234, drop=0.9, n_real=500, n_real_over_drop=2),
    report={"own_auc_after": 0.9},
)


@pytest.fixture
def base(tmp_path):
    return a_teachable_folder(tmp_path / "base")


@pytest.fixture
def written(base, tmp_path):
    folder = tmp_path / "taught"
    folder.mkdir()
    shutil.copy(base / "tower.onnx", folder)
    (folder / "card.toml").write_text(taught_card(base, TAUGHT), encoding="utf-8")
    return folder


def test_that_the_card_says_what_was_taught(written):
    spec = read_card(written)
    assert (spec.id, spec.version, spec.source) == ("mine", "1+taught", TAUGHT.source)
    assert [term.weight for term in spec.fusion] == [0.5, -1.25]
    assert spec.fusion_bias == -0.75
    assert spec.calibration == TAUGHT.calibration
    assert spec.report == {"own_auc_after": 0.9}
    assert spec.training is None
    head = spec.views[0].head_output
    assert head.weights == pytest.approx(TAUGHT.head.weights)
    assert head.bias == 0.1


def test_that_everything_else_stays(base, written):
    before, after = (tomllib.loads((f / "card.toml").read_text("utf-8")) for f in (base, written))
    assert after["scope"] == before["scope"]
    assert after["abstain"] == before["abstain"]
    assert after["views"][1] == before["views"][1]
    assert after["views"][0]["input"] == before["views"][0]["input"]
    assert [o["name"] for o in after["views"][0]["outputs"]] == ["logit", "features"]


def test_that_the_written_head_is_the_one_that_was_fitted(base, tmp_path):
    head = LinearHead(np.array([0.3, -0.7, 0.11, 1.9]), -0.4)
    taught = tmp_path / "taught"
    taught.mkdir()
    shutil.copy(base / "tower.onnx", taught)
    (taught / "card.toml").write_text(taught_card(base, replace(TAUGHT, head=head)), "utf-8")
    pictures = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), np.uint8)
    asked = load_detector(base, "cpu", with_features=True).run("scene", pictures)
    given = load_detector(taught, "cpu").run("scene", pictures)
    assert given.logits == pytest.approx(asked.logits + head(asked.features), abs=1e-5)


def test_that_what_was_taught_before_stays(written, base):
    card = taught_card(written, TAUGHT)
    (written / "card.toml").write_text(card, encoding="utf-8")
    head = read_card(written).views[0].head_output
    assert head.weights == pytest.approx(2 * TAUGHT.head.weights)
    assert head.bias == pytest.approx(0.2)
