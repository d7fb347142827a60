"""A disk or a server gives errors instead of bytes: each file is named, none called damaged."""

import errno
import io
import os
import sys
from threading import Event

import pytest

from inspector.adapters.media import opened
from inspector.adapters.media.direct import DirectReader
from inspector.adapters.media.discover import find_files
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.events import PathTrouble
from inspector.domain.media import FoundFile, ItemStatus
from inspector.ports import ExaminePlan
from tests.unit.adapters.media.drawing import clip, encoded, examined, photo

READER = DirectReader()
NUMBERS = (errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ENOTCONN)


class FailingFile(io.FileIO):
    """Gives so many bytes, then the error of a lost disk or server."""

    left = 0
    number = errno.EIO

    def readinto(self, buffer) -> int:
        count = super().readinto(memoryview(buffer)[: max(0, self.left)]) if self.left > 0 else 0
        type(self).left -= count or 0
        if not count:
            raise OSError(self.number, os.strerror(self.number))
        return count


@pytest.fixture
def failing(monkeypatch):
    """Have every opened file fail after so many bytes."""

    def after(count: int, number: int) -> None:
        monkeypatch.setattr(FailingFile, "left", count)
        monkeypatch.setattr(FailingFile, "number", number)
        monkeypatch.setattr(opened.io, "FileIO", FailingFile)

    return after


def check_said(fault, number):
    assert fault is not None
    wanted = FaultCode.VANISHED if number == errno.ESTALE else FaultCode.FORBIDDEN
    assert fault.code is wanted
    assert fault.message.endswith(".")
    assert "damaged" not in fault.message


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("count", [0, 3000, 8192])
def test_that_a_picture_whose_reading_fails_is_no_damaged_picture(tmp_path, failing, number, count):
    path = tmp_path / "a.png"
    path.write_bytes(encoded(photo(300, 200), "PNG"))
    failing(count, number)
    seen = examined(READER, path).seen
    assert seen.status is ItemStatus.UNREADABLE
    check_said(seen.fault, number)


@pytest.mark.parametrize("number", NUMBERS)
def test_that_a_clip_whose_reading_fails_is_named(tmp_path, failing, number):
    path = clip(tmp_path / "a.mp4")
    failing(5000, number)
    seen = examined(READER, path).seen
    assert seen.status is ItemStatus.UNREADABLE
    check_said(seen.fault, number)


def test_that_what_a_person_waits_for_fails_in_words_too(tmp_path, failing):
    path = tmp_path / "a.png"
    path.write_bytes(encoded(photo(300, 200), "PNG"))
    for ask in (
        lambda: READER.thumbnail(str(path), 64),
        lambda: READER.picture(str(path)),
        lambda: READER.open_clip(str(path)),
        lambda: READER.manifests(str(path)),
    ):
        failing(0, errno.EIO)
        with pytest.raises(MediaError, match="Reading the file failed"):
            ask()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc gives an error at the first byte")
def test_that_a_real_file_that_cannot_be_read_is_named():
    path = "/proc/self/mem"  # a regular file by its mode, and its first page is never there
    facts = os.stat(path)
    file = FoundFile(path, facts.st_size, facts.st_mtime_ns, "/proc/self")
    seen = READER.examine(file, ExaminePlan(), lambda frame: None, Event())
    assert seen.status is ItemStatus.UNREADABLE
    assert seen.fault is not None
    assert seen.fault.message == "Reading the file failed: Input/output error."


@pytest.mark.parametrize("number", NUMBERS)
def test_that_a_file_that_cannot_be_opened_is_named(tmp_path, monkeypatch, number):
    path = tmp_path / "a.png"
    path.write_bytes(encoded(photo(), "PNG"))

    def lost(*args):
        raise OSError(number, os.strerror(number))

    facts = path.stat()
    file = FoundFile(str(path), facts.st_size, facts.st_mtime_ns, str(tmp_path))
    monkeypatch.setattr(opened.os, "open", lost)
    seen = READER.examine(file, ExaminePlan(), lambda frame: None, Event())
    monkeypatch.undo()
    assert seen.status is ItemStatus.UNREADABLE
    assert seen.fault is not None
    assert seen.fault.message.endswith(".")


@pytest.mark.parametrize("number", NUMBERS)
def test_that_a_folder_that_cannot_be_listed_is_named_and_the_walk_goes_on(
    tmp_path, monkeypatch, number
):
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "photo.jpg").write_bytes(b"x")
    listing = os.scandir

    def sometimes(folder):
        if os.path.basename(folder) == "b":
            raise OSError(number, os.strerror(number))
        return listing(folder)

    monkeypatch.setattr(os, "scandir", sometimes)
    met = list(find_files([str(tmp_path)], Event()))
    troubles = [entry for entry in met if isinstance(entry, PathTrouble)]
    assert [os.path.basename(os.path.dirname(m.path)) for m in met if m not in troubles] == [
        "a",
        "c",
    ]
    assert [os.path.basename(trouble.path) for trouble in troubles] == ["b"]
    assert troubles[0].message.endswith(".")
