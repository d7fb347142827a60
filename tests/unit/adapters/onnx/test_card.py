"""What a card may say."""

import pytest

from inspector.adapters.onnx import read_card
from inspector.domain.detector import TrainingFile
from inspector.domain.errors import ModelError
from tests.unit.adapters.onnx.graphs import FEATURES, SCORE, a_model_folder, brightness_graph


@pytest.fixture
def folder(tmp_path):
    return a_model_folder(tmp_path, brightness_graph())


def test_that_a_good_card_is_read(folder):
    spec = read_card(folder)
    assert (spec.id, spec.views[0].input.size, spec.fusion[0].view) == ("tiny", 64, "view")
    assert len(spec.sha256) == 64


def test_that_a_missing_card_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"card\.toml cannot be read"):
        read_card(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "tiny"', "id = ", "not valid TOML"),
        ("inspector.card/1", "inspector.card/9", "schema"),
        ("size = 64", "size = 0", "size"),
        ("size = 64", "size = 60", "multiple"),
        ('"view.onnx"', '"../view.onnx"', "beside the card"),
        ('"view.onnx"', '"sub/view.onnx"', "beside the card"),
        ("weights = [1.0]", "weights = [1.0, 2.0]", "one weight"),
        ("weights = [1.0]", "weights = [nan]", "weights"),
        ('"view.mean"', '"view.median"', "no view gives"),
        ('"view.mean"', '"other.mean"', "no view gives"),
        ('role = "image_score"', 'role = "patch_map"', "stride"),
        ('source = "tests"', 'source = "tests"\nlicense = "typo"', "license"),
    ],
)
def test_that_a_wrong_card_is_refused_in_one_sentence(folder, old, new, said):
    card = folder / "card.toml"
    card.write_text(card.read_text().replace(old, new, 1))
    with pytest.raises(ModelError, match=said):
        read_card(folder)


def test_that_a_card_of_absurd_size_is_not_parsed(folder):
    (folder / "card.toml").write_bytes(b"#" * (1 << 20) + b"\n")
    with pytest.raises(ModelError, match="larger than a card"):
        read_card(folder)


HEAD = FEATURES + "weights = [0.5, 1.0]\nbias = 0.25\n"


def test_that_a_head_over_features_is_read(tmp_path):
    view = read_card(a_model_folder(tmp_path, b"", HEAD)).views[0]
    assert view.image_output is view.features_output
    assert (view.image_output.weights, view.image_output.bias) == ((0.5, 1.0), 0.25)


def test_that_a_head_may_add_to_a_score(tmp_path):
    view = read_card(a_model_folder(tmp_path, b"", SCORE.format(kind="logit") + HEAD)).views[0]
    assert (view.image_output.name, view.head_output.name) == ("score", "features")


def test_that_features_without_weights_stand_beside_a_score(tmp_path):
    view = read_card(a_model_folder(tmp_path, b"", SCORE.format(kind="logit") + FEATURES)).views[0]
    assert (view.image_output.name, view.features_output.name) == ("score", "features")


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        (FEATURES, "gives no score"),
        (FEATURES + 'kind = "prob"\nweights = [1.0]\n', "gives a logit"),
        (FEATURES + "weights = [1.0, nan]\n", "weights"),
        (FEATURES + "weights = [1.0, inf]\n", "weights"),
        (FEATURES + f"weights = [{', '.join(['1.0'] * 8193)}]\n", "weights"),
        (FEATURES + "weights = [1.0]\nbias = nan\n", "bias"),
        (FEATURES + "weights = [1.0]\nstride = 16\n", "stride"),
        (HEAD + HEAD.replace('"features"', '"more"', 1), "one output of features"),
        (SCORE.format(kind="logit") + "weights = [1.0]\n", "nothing else"),
        (SCORE.replace('kind = "{kind}"', ""), "has a kind"),
    ],
)
def test_that_a_wrong_head_is_refused_in_one_sentence(tmp_path, outputs, said):
    with pytest.raises(ModelError, match=said):
        read_card(a_model_folder(tmp_path, b"", outputs))


TEACH = f'[teach]\nfile = "training.npz"\nsha256 = "{"a" * 64}"\n'


def test_that_a_card_says_what_it_can_be_taught_with(tmp_path):
    folder = a_model_folder(tmp_path, b"", SCORE.format(kind="logit") + FEATURES)
    card = folder / "card.toml"
    assert read_card(folder).training is None
    tiled = card.read_text() + TEACH
    card.write_text(tiled.replace("native_tiles", "centre_crop"))
    assert read_card(folder).training == TrainingFile("training.npz", "a" * 64)
    card.write_text(card.read_text().replace("training.npz", "../training.npz"))
    with pytest.raises(ModelError, match="beside the card"):
        read_card(folder)
    card.write_text(tiled)
    with pytest.raises(ModelError, match="sees the whole picture"):
        read_card(folder)


def test_that_what_gives_no_features_cannot_be_taught(folder):
    card = folder / "card.toml"
    card.write_text(card.read_text() + TEACH)
    with pytest.raises(ModelError, match="gives features"):
        read_card(folder)
