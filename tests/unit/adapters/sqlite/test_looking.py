"""A session that cannot be written is looked at, says why, and can be taken over later."""

import os
import subprocess
import sys

import pytest

from inspector.adapters.sqlite import SessionStore, open_or_look
from inspector.adapters.sqlite.looking import SessionView
from inspector.domain.errors import StoreError
from inspector.domain.verdict import Decision
from inspector.ports import SessionInfo
from tests.builders import a_decision, a_thumbnail, an_item


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_that_a_session_open_elsewhere_is_looked_at_and_shows_what_is_written(store, session_path):
    store.put(an_item(1), a_thumbnail(1))
    store.flush()
    with open_or_look(session_path) as view:
        assert isinstance(view, SessionView)
        assert f"open in another Inspector (process {os.getpid()})" in view.only_looks
        assert [item.path for item in view.items()] == [an_item(1).path]
        assert view.thumbnail(an_item(1).path) is not None
        store.put(an_item(2), None)
        store.decide([a_decision(an_item(1), Decision.DROP)])
        store.flush()
        assert view.count() == 2
        seen = view.item(an_item(1).path)
        assert seen is not None
        assert seen.person is Decision.DROP
        assert len(view.history(an_item(1).path)) == 1


def test_that_nothing_can_be_written_through_a_view(store, session_path):
    store.put(an_item(1), None)
    store.flush()
    with open_or_look(session_path) as view:
        for write in (
            lambda: view.put(an_item(3), None),
            lambda: view.decide([a_decision(an_item(1), Decision.KEEP)]),
            lambda: view.set_info(SessionInfo()),
        ):
            with pytest.raises(StoreError, match="can only be looked at"):
                write()
    assert store.count() == 1
    assert not store.history(an_item(1).path)


def test_that_a_session_is_taken_over_once_the_other_has_closed_it(session_path):
    first = SessionStore.create(session_path)
    first.put(an_item(1), None)
    with open_or_look(session_path) as view:
        assert view.only_looks
        first.close()
    with open_or_look(session_path) as own:
        assert not own.only_looks
        own.decide([a_decision(an_item(1), Decision.DROP)])


def test_that_a_session_whose_holder_was_killed_is_taken_over(session_path):
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from inspector.adapters.sqlite import SessionStore\n"
        "from tests.builders import an_item\n"
        "store = SessionStore.create(Path(sys.argv[1]))\n"
        "store.put(an_item(1), None)\n"
        "store.flush()\n"
        "print('open', flush=True)\n"
        "signal.pause()\n"
    )
    words = [sys.executable, "-c", code, str(session_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"open"
        with open_or_look(session_path) as view:
            assert f"process {holder.pid}" in view.only_looks
        holder.kill()
    with open_or_look(session_path) as own:
        assert not own.only_looks
        assert own.count() == 1


def test_that_a_damaged_session_is_not_looked_at_either(store, session_path, monkeypatch):
    store.put(an_item(1), None)
    store.flush()
    data = bytearray(session_path.read_bytes())
    data[:100] = bytes(100)
    session_path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        open_or_look(session_path)


@pytest.mark.skipif(
    sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="root writes where nobody may",
)
def test_that_a_session_in_a_closed_folder_is_looked_at_and_left_alone(session_path):
    check_write_protected(session_path)


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a disk read-only"
)
def test_that_a_session_on_a_read_only_disk_is_looked_at_and_left_alone(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this machine mounts nothing")
    try:
        path = disk / "set.inspection"
        with SessionStore.create(path) as made:
            made.put(an_item(1), None)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        check_looked_at(path)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def check_write_protected(path):
    with SessionStore.create(path) as made:
        made.put(an_item(1), None)
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        check_looked_at(path)
    finally:
        path.parent.chmod(0o755)


def check_looked_at(path):
    before = (names(path.parent), path.read_bytes())
    with open_or_look(path) as view:
        assert "nothing can be written" in view.only_looks
        assert [item.path for item in view.items()] == [an_item(1).path]
        with pytest.raises(StoreError, match="Copy it elsewhere"):
            view.decide([a_decision(an_item(1), Decision.KEEP)])
    assert (names(path.parent), path.read_bytes()) == before
