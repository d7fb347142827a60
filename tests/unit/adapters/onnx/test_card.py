"""What a card may say."""

import pytest

from inspector.adapters.onnx import read_card
from inspector.domain.errors import ModelError
from tests.unit.adapters.onnx.graphs import a_model_folder, brightness_graph


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
