"""Rotated backups, made when a changed session is opened."""

import sqlite3

import pytest

from inspector.adapters.sqlite import SessionStore, schema
from inspector.adapters.sqlite.backups import BackupTask, backup_paths
from inspector.adapters.sqlite.examine import examine
from inspector.domain.verdict import Decision
from tests.fakes import a_clip, a_decision, a_thumbnail, an_item


def test_that_a_backup_is_made_only_when_the_session_changed(session_path):
    SessionStore.create(session_path).close()
    first, second = backup_paths(session_path)[:2]
    assert not first.exists()
    SessionStore.open(session_path).close()
    assert first.exists()
    made = first.stat().st_mtime_ns
    SessionStore.open(session_path).close()
    assert first.stat().st_mtime_ns == made
    assert not second.exists()


def test_that_five_backups_are_kept_the_newest_first(session_path):
    SessionStore.create(session_path).close()
    for n in range(8):
        with SessionStore.open(session_path) as store:
            store.put(an_item(n), None)
    counts = []
    for backup in backup_paths(session_path):
        connection = sqlite3.connect(backup)
        counts.append(connection.execute("SELECT count(*) FROM items").fetchone()[0])
        connection.close()
    assert counts == [7, 6, 5, 4, 3]
    assert len(list(session_path.parent.glob("*-backup-*"))) == 5


def test_that_a_backup_is_a_session_without_thumbnails(session_path):
    with SessionStore.create(session_path) as store:
        store.put(a_clip(1), a_thumbnail())
        store.flush()
        store.decide([a_decision(a_clip(1), Decision.KEEP)])
    SessionStore.open(session_path).close()
    backup = backup_paths(session_path)[0]
    examine(backup)
    assert not backup.with_name(backup.name + "-wal").exists()
    with SessionStore.open(backup) as store:
        (item,) = store.items()
        assert item.person is Decision.KEEP
        assert store.heatmap(item.path, 0.0) is not None
        assert store.thumbnail(item.path) is None


def test_that_a_backup_that_cannot_be_made_leaves_the_older_ones(session_path):
    SessionStore.create(session_path).close()
    SessionStore.open(session_path).close()
    with SessionStore.open(session_path) as store:
        store.put(an_item(1), None)
    before = backup_paths(session_path)[0].read_bytes()
    in_the_way = session_path.with_name(session_path.name + "-backup-new")
    in_the_way.mkdir()
    task = BackupTask(session_path)
    task.start()
    task.stop(patience_s=30)
    assert task.problem
    assert backup_paths(session_path)[0].read_bytes() == before


def test_that_an_older_session_is_backed_up_and_migrated(session_path, monkeypatch):
    SessionStore.create(session_path).close()
    newer = (*schema.MIGRATIONS, "CREATE TABLE notes (path BLOB PRIMARY KEY, note TEXT);")
    monkeypatch.setattr(schema, "MIGRATIONS", newer)
    for module in ("schema", "examine", "store"):
        monkeypatch.setattr(f"inspector.adapters.sqlite.{module}.VERSION", 2)
    with SessionStore.open(session_path) as store:
        store.put(an_item(1), None)
    assert examine(session_path) == 2
    assert any(examine(backup) == 1 for backup in backup_paths(session_path) if backup.exists())


def test_that_a_migration_that_fails_changes_nothing(session_path, monkeypatch):
    SessionStore.create(session_path).close()
    broken = (*schema.MIGRATIONS, "CREATE TABLE notes (x); CREATE TABLE notes (x);")
    monkeypatch.setattr(schema, "MIGRATIONS", broken)
    connection = sqlite3.connect(session_path, isolation_level=None)
    with pytest.raises(sqlite3.Error):
        schema.migrate(connection, 1)
    assert schema.strange_parts(connection, 1) == []
    connection.close()
