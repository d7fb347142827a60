"""One Inspector per session."""

import os
import subprocess
import sys

import pytest

from inspector.adapters.sqlite import SessionStore
from inspector.domain.errors import StoreError
from tests.fakes import an_item


def test_that_a_second_opening_is_refused_and_names_the_holder(store, session_path):
    with pytest.raises(StoreError, match=f"open in another Inspector .process {os.getpid()}."):
        SessionStore.open(session_path)
    store.put(an_item(1), None)
    store.flush()
    assert store.count() == 1


def test_that_closing_lets_the_next_one_in(session_path):
    SessionStore.create(session_path).close()
    SessionStore.open(session_path).close()
    names = {path.name for path in session_path.parent.iterdir()}
    assert names == {"set.inspection", "set.inspection-backup-1"}


def test_that_a_lock_file_left_over_keeps_nobody_out(session_path):
    SessionStore.create(session_path).close()
    session_path.with_name("set.inspection-lock").write_text("999999")
    with SessionStore.open(session_path) as store:
        assert store.count() == 0


def test_that_another_process_is_kept_out(store, session_path):
    code = (
        "import sys; from pathlib import Path; from inspector.adapters.sqlite import SessionStore\n"
        "from inspector.domain.errors import StoreError\n"
        "try: SessionStore.open(Path(sys.argv[1]))\n"
        "except StoreError as error: print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(session_path)], capture_output=True, text=True, check=True
    ).stdout
    assert "open in another Inspector" in said
