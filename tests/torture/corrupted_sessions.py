"""Sessions damaged in every way: kept as they are, a backup offered, never silently emptied."""

import importlib.util
import random
import shutil
import sqlite3
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from inspector.adapters.sqlite import SessionStore, restore_backup
from inspector.domain.errors import StoreError
from inspector.domain.verdict import Decision
from tests.builders import a_decision, a_thumbnail, an_item
from tests.torture.app import App
from tests.torture.bad_files import BAD
from tests.torture.outcome import Checks, Outcome

ITEMS, DECIDED = 400, 25
Variant = tuple[str, Callable[[Path], None]]


def run(scratch: Path, *, quick: bool) -> Outcome:
    """Damage copies of one session with backups, and see what opening and restoring give."""
    checks = Checks("7 corrupted sessions", "variants")
    good = _good_session(scratch / "good")
    refused = restored = whole = 0
    with App(scratch / "app") as app:
        for number, (name, damage) in enumerate(_variants(good, flips=5 if quick else 200)):
            folder = scratch / str(number)
            shutil.copytree(good.parent, folder)
            session = folder / good.name
            damage(session)
            before = session.read_bytes() if session.exists() else None
            error = _opened(session)
            after = session.read_bytes() if session.exists() else None
            if error is None:
                whole += 1
                checks.trial(*_told(name, _differences(session, allow_row_faults=True)))
                continue
            refused += 1
            faults = [] if before == after else ["the original was changed"]
            if number % 10 == 0:
                ended = app.run("export", session, "--format", "txt", "--out", folder / "out")
                fine = ended.is_one_sentence or ended.code == 2
                faults += [] if fine else [f"the command line said {ended.err[-150:]!r}"]
            if error.backup is not None:
                restored += 1
                faults += _restore_faults(session, before)
            elif "newer Inspector" not in str(error):
                faults += [f"no backup was offered: {error}"]
            checks.trial(*_told(name, faults))
            shutil.rmtree(folder)
    return checks.outcome(
        f"{refused} refused and kept, {restored} restored with every decision, "
        f"{whole} opened with nothing lost or wrong"
    )


def _told(name: str, faults: list[str]) -> list[str]:
    return [f"{name}: {fault}" for fault in faults]


def _good_session(folder: Path) -> Path:
    folder.mkdir()
    path = folder / "set.inspection"
    with SessionStore.create(path) as store:
        for n in range(ITEMS):
            store.put(an_item(n), a_thumbnail(n))
    for start in (0, 10):
        with SessionStore.open(path) as store:
            numbers = range(start, start + 10)
            store.decide([a_decision(an_item(n), Decision.DROP) for n in numbers])
    with SessionStore.open(path) as store:  # these come after the last backup was begun
        store.decide([a_decision(an_item(n), Decision.DROP) for n in range(20, DECIDED)])
    return path


def _opened(session: Path) -> StoreError | None:
    try:
        SessionStore.open(session).close()
    except StoreError as error:
        return error
    return None


def _differences(session: Path, *, allow_row_faults: bool = False) -> list[str]:
    """Return what an opened session lost; a row that says it is damaged is not lost in silence."""
    good = {an_item(n).path: an_item(n) for n in range(ITEMS)}
    decided = {an_item(n).path for n in range(DECIDED)}
    faults = []
    with SessionStore.open(session) as store:
        if store.count() != ITEMS:
            faults.append(f"{store.count()} items of {ITEMS} are left")
        for path, was in good.items():
            try:
                now = store.item(path)
            except StoreError as error:
                if not allow_row_faults:
                    faults.append(str(error))
                continue
            if now is None or (now.verdict, now.sha256) != (was.verdict, was.sha256):
                faults.append(f"{path} is another item")
            elif (now.person is Decision.DROP) != (path in decided):
                faults.append(f"the decision on {path} is {now.person}")
    return faults


def _restore_faults(session: Path, before: bytes | None) -> list[str]:
    try:
        aside = restore_backup(session)
    except StoreError as error:
        return [f"the backup that was offered cannot be restored: {error}"]
    if before is not None and (aside is None or aside.read_bytes() != before):
        return ["the damaged file was not put aside whole"]
    return _differences(session)


def _variants(good: Path, flips: int) -> Iterator[Variant]:
    data = good.read_bytes()
    for name, content in _shared_variants(data):
        yield name, lambda path, content=content: _write(path, content)  # type: ignore[misc]
    for name, content in _own_variants(data):
        yield name, lambda path, content=content: _write(path, content)  # type: ignore[misc]
    for statement in _STATEMENTS:
        yield statement[:40], lambda path, words=statement: _execute(path, words)  # type: ignore[misc]
    yield "gone", lambda path: path.unlink()
    yield (
        "write-ahead log of noise",
        lambda path: (
            path.with_name(path.name + "-wal").write_bytes(random.Random(5).randbytes(40_000))
            and None
        ),
    )
    for seed in range(flips):
        yield f"flips {seed}", lambda path, seed=seed: _write(path, _flipped(data, seed))  # type: ignore[misc]


_STATEMENTS = (
    "CREATE TRIGGER t AFTER INSERT ON decisions BEGIN DELETE FROM decisions; END",
    "CREATE VIEW v AS SELECT load_extension('x')",
    "DROP TABLE decisions",
    "DROP TABLE decision_log",
    "DROP TABLE items",
    "DROP INDEX decision_log_by_path",
    "ALTER TABLE items ADD COLUMN more TEXT",
    "DELETE FROM meta",
    "PRAGMA application_id = 7",
    "PRAGMA user_version = 2147483647",
    "UPDATE items SET path = path || x'00' WHERE id = 7",
    "UPDATE decisions SET decision = 'keep'",
)


def _own_variants(data: bytes) -> Iterator[tuple[str, bytes]]:
    pages = len(data) // 4096
    for page in sorted({0, 1, 2, pages // 3, pages // 2, pages - 1}):
        at = page * 4096 + (100 if page == 0 else 0)
        for name, fill in (("zero", bytes(3000)), ("noise", random.Random(page).randbytes(3000))):
            yield f"page {page} {name}", data[:at] + fill + data[at + 3000 :]
    yield "pages swapped", data[:8192] + data[12288:16384] + data[8192:12288] + data[16384:]
    yield "first half twice", data[: pages // 2 * 4096] * 2
    yield "page missing", data[:8192] + data[12288:]
    yield "file of zeros", bytes(len(data))
    yield "header cut", data[:50]
    yield "older version number", data[:60] + struct.pack(">I", 0) + data[64:]


def _shared_variants(data: bytes) -> Iterator[tuple[str, bytes]]:
    if not BAD.is_dir():
        return
    spec = importlib.util.spec_from_file_location("make_bad", BAD / "make_bad.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, content, _ in module.corrupt_db(data):
        yield name, content


def _flipped(data: bytes, seed: int) -> bytes:
    content, chance = bytearray(data), random.Random(seed)
    for _ in range(chance.choice((1, 1, 3, 50))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _execute(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
