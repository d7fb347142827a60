import hashlib
import os
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
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

    def manifests(self, path: str, media_format: str, beside: str | None = None) -> ManifestStore:
        return ManifestStore(self.provenance(path, media_format), None, "{}")

    def traces(self, path: str, media_format: str) -> tuple[Trace, ...]:
        return (Trace("exif", "Software", "x", Says.INFO),)

    def pixel_traces(self, pixels: np.ndarray) -> tuple[Trace, ...]:
        return (Trace("watermark", "pixels", str(pixels.shape), Says.AI),)


class Failing(Stating):
    """Readers with a bug."""

    def provenance(self, path: str, media_format: str) -> Provenance:
        raise KeyError("bug")

    def traces(self, path: str, media_format: str) -> tuple[Trace, ...]:
        raise RecursionError

    def pixel_traces(self, pixels: np.ndarray) -> tuple[Trace, ...]:
        raise ZeroDivisionError


@pytest.fixture
def picture(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(encoded(photo(), "PNG"))
    return file


def test_that_hash_and_evidence_come_along(picture):
    seen = examined(DirectReader(Stating()), picture).seen
    assert seen.sha256 == hashlib.sha256(picture.read_bytes()).hexdigest()
    assert seen.provenance.active_label == "png"
    assert [trace.kind for trace in seen.traces] == ["exif", "watermark"]


def drawn(folder: Path, suffix: str, **how: object) -> Path:
    """Save a picture of 41 x 31 pixels in a format and return its path."""
    file = folder / f"a{suffix}"
    photo(41, 31).save(file, **how)
    return file


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff"])
@pytest.mark.parametrize("scored", [True, False])
def test_that_lossless_pixels_are_shown_whole_though_nothing_scores_them(tmp_path, suffix, scored):
    file = drawn(tmp_path, suffix)
    got = examined(DirectReader(Stating()), file, ExaminePlan(pixels=scored))
    assert "(31, 41, 3)" in [t.value for t in got.seen.traces if t.kind == "watermark"]
    assert len(got.frames) == int(scored)


@pytest.mark.parametrize(("lossless", "expected"), [(True, 1), (False, 0)])
@pytest.mark.parametrize("extra", [{}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}])
def test_that_of_webp_only_the_lossless_is_looked_into(tmp_path, lossless, expected, extra):
    file = drawn(tmp_path, ".webp", lossless=lossless, **extra)
    traces = examined(DirectReader(Stating()), file).seen.traces
    assert sum(t.kind == "watermark" for t in traces) == expected


def test_that_the_pixels_of_a_jpeg_are_not_looked_into(tmp_path):
    traces = examined(DirectReader(Stating()), drawn(tmp_path, ".jpg")).seen.traces
    assert "watermark" not in [t.kind for t in traces]


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


def test_that_a_stranger_under_a_pictures_name_is_hashed(tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"<!DOCTYPE html><html>403 Forbidden</html>")
    seen = examined(DirectReader(), file).seen
    assert seen.status is ItemStatus.UNREADABLE
    assert seen.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
