"""Files that are no whole session of ours: one sentence each, and not a byte changed."""

import hashlib
import re
import sqlite3
import struct
from pathlib import Path
from random import Random

import pytest

from inspector.adapters.sqlite import SessionStore, examine, restore_backup
from inspector.adapters.sqlite.journal import journal_path
from inspector.domain.errors import StoreError
from inspector.domain.verdict import Decision
from tests.fakes import a_decision, a_file, a_thumbnail, an_item

ITEMS = 120


@pytest.fixture
def whole(session_path: Path) -> Path:
    """A closed session with items, a backup, and decisions that only came after the backup."""
    with SessionStore.create(session_path) as store:
        for n in range(ITEMS):
            store.put(an_item(n), a_thumbnail(n))
    SessionStore.open(session_path).close()
    with SessionStore.open(session_path) as store:
        store.decide([a_decision(an_item(n), Decision.DROP) for n in range(5)])
    return session_path


def refused(path: Path) -> StoreError:
    """Open a file that must be refused without being changed, and return what was said."""
    before = hashlib.sha256(path.read_bytes()).digest()
    with pytest.raises(StoreError) as caught:
        SessionStore.open(path)
    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert not path.with_name(path.name + "-lock").exists()
    assert str(caught.value).endswith(".")
    return caught.value


def overwrite(path: Path, at: int, data: bytes) -> None:
    content = bytearray(path.read_bytes())
    content[at : at + len(data)] = data
    path.write_bytes(content)


@pytest.mark.parametrize("percent", [1, 10, 50, 90, 99])
def test_that_a_cut_session_is_damaged_and_a_backup_is_offered(whole, percent):
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) * percent // 100])
    error = refused(whole)
    assert error.backup is not None
    assert error.backup.name in str(error)


def test_that_an_empty_file_is_not_taken_for_a_new_session(whole):
    whole.write_bytes(b"")
    error = refused(whole)
    assert "empty" in str(error)
    assert error.backup is not None


def test_that_a_blank_header_is_damage(whole):
    overwrite(whole, 0, bytes(100))
    assert "damaged" in str(refused(whole))


def test_that_noise_in_a_page_is_damage(whole):
    overwrite(whole, 4096, Random(1).randbytes(4096))
    assert "damaged" in str(refused(whole))


def test_that_an_impossible_page_size_is_damage(whole):
    overwrite(whole, 16, b"\x00\x03")
    assert "damaged" in str(refused(whole))


def test_that_a_session_from_the_future_is_left_to_a_newer_inspector(whole):
    overwrite(whole, 60, struct.pack(">I", 99))
    error = refused(whole)
    assert "newer Inspector" in str(error)
    assert error.backup is None


def test_that_text_is_no_session(session_path):
    session_path.write_bytes(b"not a database" * 99)
    assert "is not an Inspector session" in str(refused(session_path))


def test_that_another_programs_database_is_no_session(session_path):
    connection = sqlite3.connect(session_path)
    connection.executescript("CREATE TABLE decision (path BLOB PRIMARY KEY);")
    connection.close()
    assert "another program" in str(refused(session_path))


@pytest.mark.parametrize(
    "extra",
    [
        "CREATE TRIGGER t AFTER INSERT ON decisions BEGIN DELETE FROM decisions; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE more (x)",
        "DROP INDEX decision_log_by_path",
        "ALTER TABLE items ADD COLUMN more TEXT",
    ],
)
def test_that_a_foreign_schema_is_refused(whole, extra):
    connection = sqlite3.connect(whole)
    connection.execute(extra)
    connection.close()
    assert "parts that are not an Inspector session's" in str(refused(whole))


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM meta",
        "DELETE FROM meta WHERE key = 'session'",
        "UPDATE meta SET value = '{\"roots' WHERE key = 'info'",
        "UPDATE meta SET value = '{\"roots\": 7}' WHERE key = 'info'",
        "UPDATE meta SET value = 'many' WHERE key = 'revision'",
    ],
)
def test_that_facts_of_its_own_that_are_not_whole_are_damage(whole, change):
    connection = sqlite3.connect(whole)
    connection.execute(change)
    connection.commit()
    connection.close()
    error = refused(whole)
    assert "its own facts" in str(error)
    assert error.backup is not None


@pytest.mark.parametrize("content", [b"not a database" * 99, None])
def test_that_a_backup_is_offered_where_a_stranger_took_the_sessions_place(whole, content):
    if content is not None:
        whole.write_bytes(content)
    else:
        connection = sqlite3.connect(whole)
        connection.execute("DROP TABLE decisions")
        connection.close()
    assert refused(whole).backup is not None


def test_that_a_schema_that_is_no_text_is_damage(whole):
    """SQLite's own complaint quotes the bytes, which are no text either."""
    content = whole.read_bytes()
    at = content.index(b"CREATE INDEX decision_log_by_path")
    overwrite(whole, at + 13, b"\xf4(")
    assert refused(whole).backup is not None


def test_that_text_that_is_none_is_damage(whole):
    content = whole.read_bytes()
    overwrite(whole, content.index(b"drop2026"), b"dro\xff2026")
    assert refused(whole).backup is not None


def test_that_an_index_that_lost_a_row_is_damage(whole):
    """A row that its index lacks would be taken for a file that was never scanned."""
    connection = sqlite3.connect(whole)
    (root,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_items_1'"
    ).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content = whole.read_bytes()
    start = (root - 1) * size
    at = content.index(a_file(60).path.encode(), start)
    overwrite(whole, at + 1, b"x")
    error = refused(whole)
    assert "index" in str(error)
    assert error.backup is not None


def test_that_a_missing_session_is_missing_and_not_made(session_path):
    with pytest.raises(StoreError, match="no session"):
        SessionStore.open(session_path)
    assert list(session_path.parent.iterdir()) == []


def test_that_a_missing_session_with_a_backup_says_so(whole):
    whole.unlink()
    with pytest.raises(StoreError, match="no session") as caught:
        SessionStore.open(whole)
    assert caught.value.backup is not None


def test_that_a_folder_is_no_session(tmp_path):
    with pytest.raises(StoreError, match="folder"):
        SessionStore.open(tmp_path)


@pytest.mark.parametrize("seed", range(8))
def test_that_flipped_bits_are_found_at_opening_or_in_the_row_and_never_read_as_data(whole, seed):
    good = {n: an_item(n) for n in range(ITEMS)}
    content, random = bytearray(whole.read_bytes()), Random(seed)
    for _ in range(50):
        content[random.randrange(100, len(content))] ^= 1 << random.randrange(8)
    whole.write_bytes(content)
    try:
        store = SessionStore.open(whole)
    except StoreError:
        return
    with store:
        for n in range(ITEMS):
            try:
                item = store.item(a_file(n).path)
            except StoreError:
                continue
            if item is not None:
                assert item.verdict == good[n].verdict
                assert item.sha256 == good[n].sha256


@pytest.mark.parametrize(
    ("text", "changed"),
    [(b'"finding":"no', b'"finding":"su'), (b"drop2026", b"keep2026"), (b"drop2026", b"droq2026")],
)
@pytest.mark.parametrize("which", [0, -1])
def test_that_a_changed_word_inside_a_row_is_damage(whole, text, changed, which):
    content = whole.read_bytes()
    places = [m.start() for m in re.finditer(re.escape(text), content)]
    overwrite(whole, places[which], changed)
    error = refused(whole)
    assert "1 of" in str(error)
    assert error.backup is not None


def test_that_items_of_a_large_session_are_checked_when_they_are_read(whole, monkeypatch):
    monkeypatch.setattr(examine, "_ALL_ITEMS_UP_TO", 10)
    overwrite(whole, whole.read_bytes().index(b'"finding":"no'), b'"finding":"su')
    with SessionStore.open(whole) as store, pytest.raises(StoreError, match="damaged"):
        list(store.items())


def test_that_a_restored_backup_has_the_decisions_taken_since(whole):
    overwrite(whole, 4096, Random(1).randbytes(4096))
    damaged = whole.read_bytes()
    aside = restore_backup(whole)
    assert aside is not None
    assert aside.read_bytes() == damaged
    with SessionStore.open(whole) as store:
        assert store.replayed == 5
        assert store.count() == ITEMS
        people = [item.person for item in store.items()]
        assert people == [Decision.DROP] * 5 + [None] * (ITEMS - 5)


def test_that_copying_the_backup_by_hand_does_the_same(whole):
    overwrite(whole, 4096, Random(1).randbytes(4096))
    backup = refused(whole).backup
    assert backup is not None
    whole.write_bytes(backup.read_bytes())
    with SessionStore.open(whole) as store:
        assert store.replayed == 5


def test_that_nothing_is_restored_where_no_backup_is_whole(session_path):
    SessionStore.create(session_path).close()
    overwrite(session_path, 4096, Random(1).randbytes(4096))
    content = session_path.read_bytes()
    assert "no backup" in str(refused(session_path))
    with pytest.raises(StoreError, match="No backup"):
        restore_backup(session_path)
    assert session_path.read_bytes() == content


def test_that_a_torn_or_strange_journal_line_is_passed_over(whole):
    journal = journal_path(whole)
    lines = journal.read_bytes()
    whole.write_bytes(whole.with_name(whole.name + "-backup-1").read_bytes())
    journal.write_bytes(b"\xff\xfe\n[]\n" + lines + b'{"session":"')
    with SessionStore.open(whole) as store:
        assert store.replayed == 5
        store.decide([a_decision(an_item(9), Decision.KEEP)])
    whole.write_bytes(whole.with_name(whole.name + "-backup-1").read_bytes())
    with SessionStore.open(whole) as store:
        assert store.item(an_item(9).path).person is Decision.KEEP


def test_that_the_journal_of_an_older_session_of_that_name_is_not_taken_over(whole):
    whole.unlink()
    with SessionStore.create(whole) as store:
        store.put(an_item(0), None)
        store.flush()
        assert store.replayed == 0
        assert store.item(an_item(0).path).person is None
        store.decide([a_decision(an_item(0), Decision.KEEP)])
    assert len(journal_path(whole).read_bytes().splitlines()) == 6
