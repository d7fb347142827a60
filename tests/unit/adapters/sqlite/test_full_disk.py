"""A disk that fills up: one sentence, what was acknowledged stays, and work goes on after."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.adapters.sqlite import SessionStore
from inspector.domain.errors import StoreError
from inspector.domain.verdict import Decision
from tests.fakes import a_decision, a_file, a_thumbnail, an_item


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes, where this process may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a small file system needs Linux and root")
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine does not let a small file system be mounted")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return ballast


def test_that_items_fail_with_a_sentence_and_go_on_when_there_is_room(small_disk):
    with SessionStore.create(small_disk / "set.inspection") as store:
        for n in range(10):
            store.put(an_item(n), None)
        store.flush()
        ballast = fill(small_disk)
        with pytest.raises(StoreError, match="full"):
            for n in range(10, 2000):
                store.put(an_item(n), a_thumbnail(n))
            store.flush()
        assert store.count() >= 10
        ballast.unlink()
        store.put(an_item(5000), None)
        store.flush()
        assert store.item(a_file(5000).path) is not None
    with SessionStore.open(small_disk / "set.inspection") as store:
        assert store.item(a_file(9).path) is not None


def test_that_a_decision_that_does_not_fit_does_not_count_then_or_later(small_disk):
    path = small_disk / "set.inspection"
    with SessionStore.create(path) as store:
        store.put(an_item(0), None)
        store.flush()
        store.decide([a_decision(an_item(0), Decision.DROP)])
        ballast = fill(small_disk)
        many = [a_decision(a_file(n).path, Decision.DROP) for n in range(1, 5000)]
        with pytest.raises(StoreError, match="full"):
            store.decide(many)
        assert store.history(a_file(1).path) == ()
        assert store.item(a_file(0).path).person is Decision.DROP
        ballast.unlink()
        store.decide([a_decision(a_file(3).path, Decision.KEEP)])
    with SessionStore.open(path) as store:
        assert store.replayed == 0
        assert store.history(a_file(1).path) == ()
        assert len(store.history(a_file(3).path)) == 1
        assert len(store.history(a_file(0).path)) == 1


def test_that_a_session_cannot_be_begun_on_a_full_disk(small_disk):
    fill(small_disk)
    with pytest.raises(StoreError):
        SessionStore.create(small_disk / "set.inspection")
    assert {path.name for path in small_disk.iterdir()} <= {"ballast"}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_that_a_limit_on_file_size_is_a_sentence_too(tmp_path):
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from inspector.adapters.sqlite import SessionStore\n"
        "from inspector.domain.errors import StoreError\n"
        "from inspector.domain.verdict import Decision\n"
        "from tests.fakes import a_decision, an_item\n"
        "store = SessionStore.create(Path(sys.argv[1]))\n"
        "store.put(an_item(0), None); store.flush()\n"
        "store.decide([a_decision(an_item(0), Decision.DROP)])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "try: store.decide([a_decision(f'/set/{n}', Decision.KEEP) for n in range(9000)])\n"
        "except StoreError as error: print(error)\n"
        "store.close()\n"
    )
    path = tmp_path / "set.inspection"
    said = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.count("\n") == 1
    assert "cannot be written" in said
    with SessionStore.open(path) as store:
        assert store.item(a_file(0).path).person is Decision.DROP
        assert store.history("/set/1") == ()
