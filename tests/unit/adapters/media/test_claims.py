import pytest

from inspector.adapters.media.claims import claims_of, in_words
from tests.unit.adapters.media.drawing import clip, encoded, photo


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (12_000_000, 40_000_000, ("12", "40 MB")),
        (1_200_000, 40_000_000, ("1.2", "40.0 MB")),
        (3_000_000_000, 5_000_000_000, ("3.0", "5.0 GB")),
        (500, 900, ("500", "900 bytes")),
    ],
)
def test_that_sizes_are_said_in_one_unit(part, whole, words):
    assert in_words(part, whole) == words


@pytest.mark.parametrize(("name", "codec"), [("mp4", "libx264"), ("mkv", "libx264")])
def test_that_a_whole_clip_misses_nothing_and_a_cut_one_does(tmp_path, name, codec):
    path = clip(tmp_path / f"a.{name}", codec=codec)
    whole = path.read_bytes()
    with path.open("rb") as file:
        assert claims_of(file, name).missing_bytes == 0
    path.write_bytes(whole[:-100])
    with path.open("rb") as file:
        assert claims_of(file, name).missing_bytes == 100


def test_that_garbage_behind_a_clip_is_not_missing(tmp_path):
    path = clip(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes() + b"\xff\xfe\xfd\xfc" * 500)
    with path.open("rb") as file:
        assert claims_of(file, "mp4").fault() is None


def test_that_a_cut_webp_says_what_is_missing(tmp_path):
    path = tmp_path / "a.webp"
    data = encoded(photo(), "WEBP")
    path.write_bytes(data[:-200])
    with path.open("rb") as file:
        assert claims_of(file, "webp").missing_bytes == 200
