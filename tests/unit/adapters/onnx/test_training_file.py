"""What a detector was trained on is read without trust."""

import hashlib
import pickle
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from inspector.adapters.onnx import read_card, read_training, training_file
from inspector.domain.detector import TrainingFile
from inspector.domain.errors import ModelError
from tests.lessons import a_teachable_folder, a_training_file, some_pictures


@pytest.fixture
def folder(tmp_path):
    return a_teachable_folder(tmp_path / "model", some_pictures(60, tells=3))


def spec_of(folder):
    """The card, naming the training file as it lies there now."""
    sha256 = hashlib.sha256((folder / "training.npz").read_bytes()).hexdigest()
    return replace(read_card(folder), training=TrainingFile("training.npz", sha256))


def test_that_training_pictures_are_read_as_they_were(folder):
    made, read = some_pictures(60, tells=3), read_training(folder, read_card(folder))
    assert read.features == pytest.approx(made.features, abs=1e-2)
    assert read.terms == pytest.approx(made.terms)
    assert (read.synthetic == made.synthetic).all()
    assert (read.source == made.source).all()
    assert (read.group == made.group).all()
    assert read.sources == made.sources


def test_that_a_detector_without_them_cannot_be_taught(folder):
    with pytest.raises(ModelError, match="cannot be taught"):
        read_training(folder, replace(read_card(folder), training=None))


def test_that_a_missing_or_another_file_is_named(folder):
    spec = read_card(folder)
    file = folder / "training.npz"
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(ModelError, match="not the one its card names"):
        read_training(folder, spec)
    file.unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        read_training(folder, spec)


def rewritten(folder, **changes):
    with np.load(folder / "training.npz") as stored:
        arrays = {name: stored[name] for name in stored.files}
    arrays |= changes
    kept = {name: value for name, value in arrays.items() if value is not None}
    np.savez(folder / "training.npz", **kept)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scene": None}, "lacks an array: .*scene"),
        ({"features": np.zeros((59, 4), np.float16)}, "wrong array: features"),
        ({"features": np.zeros(60, np.float16)}, "wrong array: features"),
        ({"features": np.full((60, 4), np.nan, np.float16)}, "no number: features"),
        ({"pools": np.full((60, 1), np.inf, np.float32)}, "no number: pools"),
        ({"pools": np.zeros((60, 2), np.float32)}, "wrong array: pools"),
        ({"synthetic": np.zeros(60, np.int8)}, "wrong array: synthetic"),
        ({"synthetic": np.zeros(60, bool)}, "both labels"),
        ({"group": np.zeros(60, np.int16)}, "several groups"),
        ({"source": np.full(60, 99, np.int16)}, "source that it does not list"),
        ({"source": np.full(60, -1, np.int16)}, "source that it does not list"),
        ({"sources": np.array([1, 2])}, "wrong array: sources"),
    ],
)
def test_that_a_wrong_file_is_refused_in_one_sentence(folder, changes, said):
    rewritten(folder, **changes)
    with pytest.raises(ModelError, match=said):
        read_training(folder, spec_of(folder))


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("it was unpickled",))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no more", pickle.dumps(Trap())])
def test_that_what_is_no_archive_is_refused(folder, data):
    (folder / "training.npz").write_bytes(data)
    with pytest.raises(ModelError, match="no plain arrays"):
        read_training(folder, spec_of(folder))


def test_that_nothing_is_ever_unpickled(folder):
    rewritten(folder, sources=np.array([Trap()], object))
    with pytest.raises(ModelError, match="no plain arrays"):
        read_training(folder, spec_of(folder))


def test_that_an_archive_that_swells_is_refused_before_it_is_unpacked(folder, monkeypatch):
    monkeypatch.setattr(training_file, "UNPACKED_BYTES", 1 << 20)
    with zipfile.ZipFile(folder / "training.npz", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("features.npy", bytes(2 << 20))
    with pytest.raises(ModelError, match="unpacks to more"):
        read_training(folder, spec_of(folder))


def test_that_a_file_of_absurd_size_is_not_read(folder, monkeypatch):
    monkeypatch.setattr(training_file, "FILE_BYTES", 100)
    with pytest.raises(ModelError, match="larger than one can be"):
        read_training(folder, spec_of(folder))


def test_that_arrays_of_any_whole_type_will_do(folder):
    a_training_file(some_pictures(80, tells=3), folder / "training.npz")
    rewritten(folder, source=np.arange(80) % 8, group=(np.arange(80) % 8).astype(np.uint8))
    assert read_training(folder, spec_of(folder)).n_real == 40
