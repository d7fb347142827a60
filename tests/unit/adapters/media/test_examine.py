import hashlib
import os
from dataclasses import replace
from threading import Event

import pytest

from inspector.adapters.media.direct import DirectReader
from inspector.domain.errors import FaultCode
from inspector.domain.media import ItemStatus
from inspector.domain.provenance import ManifestStore, Provenance, ProvenanceState
from inspector.domain.traces import Says, Trace
from inspector.ports import ExaminePlan, ScanCancelled
from tests.unit.adapters.media.drawing import clip, encoded, examined, found, photo


class Stating:
    """Readers that always find something."""

    def provenance(self, path: str, media_format: str) -> Provenance:
        return Provenance(state=ProvenanceState.VALID, active_label=media_format)

    def manifests(self, path: str, media_format: str) -> ManifestStore:
        return ManifestStore(self.provenance(path, media_format), None, "{}")

    def traces(self, path: str, media_format: str) -> tuple[Trace, ...]:
        return (Trace("exif", "Software", "x", Says.INFO),)


class Failing(Stating):
    """Readers with a bug."""

    def provenance(self, path: str, media_format: str) -> Provenance:
        raise KeyError("bug")

    def traces(self, path: str, media_format: str) -> tuple[Trace, ...]:
        raise RecursionError


@pytest.fixture
def picture(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(encoded(photo(), "PNG"))
    return file


def test_that_hash_and_evidence_come_along(picture):
    seen = examined(DirectReader(Stating()), picture).seen
    assert seen.sha256 == hashlib.sha256(picture.read_bytes()).hexdigest()
    assert seen.provenance.active_label == "png"
    assert [trace.kind for trace in seen.traces] == ["exif"]


def test_that_the_hash_of_a_clip_is_that_of_its_bytes(tmp_path):
    path = clip(tmp_path / "a.mp4")
    seen = examined(DirectReader(), path).seen
    assert seen.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_that_a_bug_in_a_reader_of_evidence_costs_no_pixels(picture):
    got = examined(DirectReader(Failing()), picture)
    assert got.seen.status is ItemStatus.OK
    assert len(got.frames) == 1
    assert got.seen.provenance.state is ProvenanceState.UNREADABLE


def test_that_evidence_is_read_although_the_picture_is_not(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    seen = examined(DirectReader(Stating()), file).seen
    assert seen.status is ItemStatus.UNREADABLE
    assert seen.provenance.state is ProvenanceState.VALID


def test_that_a_file_that_changed_before_is_noticed(picture):
    old = found(picture)
    picture.write_bytes(encoded(photo(50, 50), "PNG"))
    seen = DirectReader().examine(old, ExaminePlan(), lambda frame: None, Event())
    assert seen.fault is not None
    assert (seen.status, seen.fault.code) == (
        ItemStatus.UNREADABLE,
        FaultCode.CHANGED_DURING_SCAN,
    )


def test_that_a_file_that_changes_while_it_is_read_is_noticed(picture):
    def touch(frame):
        os.utime(picture, ns=(1, 1))

    seen = examined(DirectReader(), picture, on_frame=touch).seen
    assert seen.fault is not None
    assert seen.fault.code is FaultCode.CHANGED_DURING_SCAN


def test_that_a_vanished_file_is_named(picture):
    old = found(picture)
    picture.unlink()
    seen = DirectReader().examine(old, ExaminePlan(), lambda frame: None, Event())
    assert seen.fault is not None
    assert seen.fault.code is FaultCode.VANISHED


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_that_a_pipe_is_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.mp4")
    seen = examined(DirectReader(), tmp_path / "a.mp4").seen
    assert seen.fault is not None
    assert seen.fault.code is FaultCode.NOT_A_FILE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs sparse files")
def test_that_a_vast_picture_is_not_even_hashed(tmp_path):
    file = tmp_path / "a.jpg"
    file.write_bytes(encoded(photo(), "JPEG"))
    os.truncate(file, 8 << 30)
    seen = examined(DirectReader(), file).seen
    assert seen.fault is not None
    assert seen.fault.code is FaultCode.TOO_LARGE
    assert seen.sha256 is None


def test_that_a_cancelled_examination_stops(tmp_path):
    path = clip(tmp_path / "a.mp4")
    cancel = Event()
    frames = []

    def stop(frame):
        frames.append(frame.index)
        cancel.set()

    plan = replace(ExaminePlan(), frames=None)
    with pytest.raises(ScanCancelled):
        DirectReader().examine(found(path), plan, stop, cancel)
    assert frames == [0]


def test_that_text_is_skipped_and_not_hashed(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_bytes(b"hello\n")
    seen = examined(DirectReader(), file).seen
    assert (seen.status, seen.sha256, seen.info) == (ItemStatus.SKIPPED, None, None)
