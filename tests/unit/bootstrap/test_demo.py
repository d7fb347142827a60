from pathlib import Path

import pytest
from PIL import Image

from inspector.adapters.c2pa.reader import ProvenanceReader
from inspector.adapters.c2pa.trust import TrustStore
from inspector.adapters.traces import read_traces
from inspector.bootstrap.demo import DemoFolder, make_demo
from inspector.domain.errors import UsageError
from inspector.domain.provenance import (
    AiDeclared,
    Location,
    Permission,
    Provenance,
    ProvenanceState,
    TrainingUse,
    TrustTier,
)
from inspector.domain.traces import Says

FORMATS = {".jpg": "jpeg", ".png": "png", ".mp4": "mp4"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFolder:
    return make_demo(tmp_path_factory.mktemp("demo") / "new" / "folder")


@pytest.fixture(scope="module")
def reader(demo: DemoFolder, tmp_path_factory: pytest.TempPathFactory) -> ProvenanceReader:
    store = TrustStore(tmp_path_factory.mktemp("trust"))
    store.add(demo.test_root, TrustTier.USER)
    return ProvenanceReader(store.folder)


def read(demo: DemoFolder, reader: ProvenanceReader, name: str) -> Provenance:
    assert demo.folder / name in demo.files
    return reader.read(demo.folder / name, FORMATS[Path(name).suffix])


def test_that_some_twenty_files_are_made_and_nothing_else_is_left(demo: DemoFolder) -> None:
    assert 18 <= len(demo.files) <= 26
    assert all(path.is_file() for path in demo.files)
    beside = {demo.test_root, demo.folder / "credential beside it.c2pa"}
    assert set(demo.folder.iterdir()) == set(demo.files) | beside
    assert sum(path.stat().st_size for path in demo.files) < 8 << 20


def test_that_the_camera_is_trusted_once_its_root_is_added(
    demo: DemoFolder, reader: ProvenanceReader
) -> None:
    without = read(demo, ProvenanceReader(None), "signed by a camera.jpg")
    assert without.state is ProvenanceState.VALID
    for name in ("signed by a camera.jpg", "signed by a camera, then cropped.jpg"):
        found = read(demo, reader, name)
        assert found.state is ProvenanceState.TRUSTED
        assert found.capture_trusted
        assert found.codes == ()


def test_that_ai_is_declared_where_the_names_say_so(
    demo: DemoFolder, reader: ProvenanceReader
) -> None:
    whole = read(demo, reader, "says it is AI, signed.jpg")
    assert whole.ai_declared is AiDeclared.WHOLE
    for name in (
        "photo with an AI fill, signed.jpg",
        "collage with an AI ingredient, signed.jpg",
    ):
        found = read(demo, reader, name)
        assert found.ai_declared is AiDeclared.PART
        assert found.state is ProvenanceState.TRUSTED
        assert not found.capture_trusted


def test_that_every_other_state_is_shown_once(demo: DemoFolder, reader: ProvenanceReader) -> None:
    refused = read(demo, reader, "training not allowed, signed.jpg")
    assert refused.permission(TrainingUse.AI_GENERATIVE_TRAINING) is Permission.NOT_ALLOWED
    changed = read(demo, reader, "changed after signing.jpg")
    assert changed.hash_ok is False
    assert changed.signature_ok is True
    remote = read(demo, reader, "credential kept elsewhere.jpg")
    assert remote.state is ProvenanceState.REMOTE
    beside = read(demo, reader, "credential beside it.jpg")
    assert beside.location is Location.SIDECAR
    assert beside.state is ProvenanceState.TRUSTED


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("A1111 parameters.png", Says.AI),
        ("A1111 parameters.jpg", Says.AI),
        ("ComfyUI workflow.png", Says.AI),
        ("IPTC says AI.jpg", Says.AI),
        ("data mining refused.jpg", Says.OPT_OUT),
        ("photo of a lake.jpg", Says.CAMERA),
    ],
)
def test_that_the_marks_are_found(demo: DemoFolder, name: str, says: Says) -> None:
    path = demo.folder / name
    assert [trace.says for trace in read_traces(path, FORMATS[path.suffix])] == [says]


def test_that_the_broken_files_are_broken_and_the_others_open(demo: DemoFolder) -> None:
    for path in demo.files:
        if path.suffix == ".mp4":
            continue
        try:
            with Image.open(path) as picture:
                picture.load()
            opened = True
        except OSError:
            opened = False
        assert opened is (path.name not in ("cut off half way.jpg", "not a picture at all.jpg"))


def test_that_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(UsageError, match="not empty"):
        make_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_that_a_demo_can_be_made_again_in_its_own_folder(tmp_path: Path) -> None:
    first = make_demo(tmp_path / "demo")
    again = make_demo(tmp_path / "demo")
    assert again.files == first.files
