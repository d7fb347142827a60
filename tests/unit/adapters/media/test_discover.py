import os
import sys
from pathlib import Path
from threading import Event

import pytest

from inspector.adapters.media.discover import find_files
from inspector.domain.events import PathTrouble
from inspector.domain.media import FoundFile

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")


def names(*roots: Path) -> list[str]:
    met = find_files([str(root) for root in roots], Event())
    return [os.path.basename(file.path) for file in met if isinstance(file, FoundFile)]


def troubles(*roots: Path) -> list[PathTrouble]:
    met = find_files([str(root) for root in roots], Event())
    return [trouble for trouble in met if isinstance(trouble, PathTrouble)]


def test_that_files_come_in_name_order_and_before_subfolders(tmp_path):
    (tmp_path / "a").mkdir()
    for name in ("b.jpg", "c.jpg", "a/z.jpg", "a/y.jpg"):
        (tmp_path / name).write_bytes(b"x")
    assert names(tmp_path) == ["b.jpg", "c.jpg", "y.jpg", "z.jpg"]


def test_that_every_regular_file_is_found_whatever_its_name(tmp_path):
    for name in (".hidden", "a.inspection", "b.c2pa", "noext"):
        (tmp_path / name).write_bytes(b"x")
    assert len(names(tmp_path)) == 4


def test_that_size_and_time_are_those_of_the_file(tmp_path):
    file = tmp_path / "a.jpg"
    file.write_bytes(b"12345")
    (met,) = find_files([str(tmp_path)], Event())
    assert isinstance(met, FoundFile)
    assert (met.size, met.mtime_ns) == (5, file.stat().st_mtime_ns)
    assert met.root == os.path.realpath(tmp_path)


def test_that_overlapping_roots_give_each_file_once(tmp_path):
    below = tmp_path / "below"
    below.mkdir()
    (below / "a.jpg").write_bytes(b"x")
    assert names(below, tmp_path) == ["a.jpg"]
    assert names(tmp_path, below) == ["a.jpg"]
    assert names(below / "a.jpg", tmp_path, below / "a.jpg") == ["a.jpg"]
    assert names(tmp_path, below / "a.jpg") == ["a.jpg"]


def test_that_a_root_that_is_not_there_is_named_as_dropped(tmp_path):
    (trouble,) = troubles(tmp_path / "nowhere")
    assert trouble.dropped
    assert "nowhere is gone" in trouble.message


@posix
def test_that_loops_end(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "up").symlink_to("..")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    assert names(tmp_path).count("a.jpg") == 1
    assert [t for t in troubles(tmp_path) if "leads nowhere" in t.message]


@posix
def test_that_a_linked_file_is_found_once(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.jpg").write_bytes(b"x")
    (tmp_path / "link.jpg").symlink_to("real/a.jpg")
    assert names(tmp_path) == ["a.jpg"]


@posix
def test_that_pipes_and_sockets_are_named_and_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "zero.jpg").symlink_to("/dev/zero")
    assert names(tmp_path) == []
    assert all("no regular file" in trouble.message for trouble in troubles(tmp_path))
    assert len(troubles(tmp_path)) == 2


@posix
def test_that_names_outside_utf8_survive(tmp_path):
    odd = os.fsencode(tmp_path) + b"/bad\xff\xfe.jpg"
    Path(os.fsdecode(odd)).write_bytes(b"x")
    (met,) = find_files([str(tmp_path)], Event())
    assert os.fsencode(met.path) == os.fsencode(os.path.realpath(tmp_path)) + b"/bad\xff\xfe.jpg"


@pytest.mark.skipif(
    sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="the owner may read everything",
)
def test_that_a_forbidden_folder_is_named(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    try:
        (trouble,) = troubles(tmp_path)
    finally:
        closed.chmod(0o700)
    assert "may not be read" in trouble.message


def test_that_cancelling_ends_the_walk(tmp_path):
    for number in range(5):
        (tmp_path / f"{number}.jpg").write_bytes(b"x")
    cancel = Event()
    walk = find_files([str(tmp_path)], cancel)
    next(walk)
    cancel.set()
    assert list(walk) == []
