"""Is this file a whole session of ours? Asked before anything is written to it."""

import re
import sqlite3
import struct
from pathlib import Path

from inspector.adapters.sqlite.faults import is_damage, read_fault
from inspector.adapters.sqlite.rows import CHECKED, damaged_rows
from inspector.adapters.sqlite.schema import APPLICATION_ID, VERSION, strange_parts
from inspector.adapters.sqlite.writing import info_of_json
from inspector.domain.errors import StoreError

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_USER_VERSION_AT = 60
_APPLICATION_ID_AT = 68
_ALL_PAGES_UP_TO = 256 << 20
"""Up to this size, in bytes, every page is checked; over it, pictures are passed over."""

_ALL_ITEMS_UP_TO = 100_000

_REVISION = re.compile(r"\d+")
_SESSION = re.compile(r"[0-9A-F]{16}")
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)

_TABLES_THAT_MATTER = ("meta", "items", "decisions", "decision_log")


class DamagedFileError(StoreError):
    """The file was a session, and its bytes are wrong: a backup may help."""


class ForeignFileError(StoreError):
    """The file is no session, whatever it was before: a backup helps where there is one."""


def examine(path: Path, *, is_live: bool = False) -> int:
    """Return the version of a whole session, without changing a byte of it.

    Args:
        is_live: another process may be writing to it.

    Raises:
        DamagedFileError: the file is cut, overwritten or empty.
        StoreError: it is missing, no session, or from a newer Inspector.
    """
    _check_header(path)
    try:
        connection = connect_to_read(path, is_live=is_live)
    except sqlite3.Error as error:
        raise _unfit(path, error) from error
    try:
        return _check_inside(path, connection)
    except sqlite3.Error as error:
        raise _unfit(path, error) from error
    except UnicodeDecodeError as error:
        # SQLite quotes what it cannot make sense of, byte for byte.
        raise DamagedFileError(f"The session {path} is damaged (its schema is no text).") from error
    finally:
        connection.close()


def connect_to_read(path: Path, *, is_live: bool = False) -> sqlite3.Connection:
    """Open a session to read it; a clean one that nobody writes stays free of side files."""
    log = path.with_name(path.name + "-wal")
    clean = not is_live and (not log.exists() or log.stat().st_size == 0)
    connection = sqlite3.connect(
        session_uri(path, "immutable=1" if clean else "mode=ro"),
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )
    distrust(connection)
    return connection


def session_uri(path: Path, options: str) -> str:
    return f"{path.absolute().as_uri()}?{options}"


def distrust(connection: sqlite3.Connection) -> None:
    """Run nothing that a file's own schema brings along."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError as error:
        raise StoreError(f"There is no session {path}.") from error
    except IsADirectoryError as error:
        raise StoreError(f"{path} is a folder, not a session.") from error
    except OSError as error:
        raise read_fault(path, error) from error
    if not header:
        raise DamagedFileError(f"The session {path} is empty (0 bytes).")
    if header[: len(_MAGIC)].strip(b"\0") == b"":
        raise DamagedFileError(f"The session {path} is damaged: its beginning is blank.")
    if not header.startswith(_MAGIC):
        raise ForeignFileError(f"{path} is not an Inspector session.")
    if len(header) < _HEADER_BYTES:
        raise DamagedFileError(f"The session {path} is damaged: it is cut off.")
    if _number(header, _APPLICATION_ID_AT) != APPLICATION_ID:
        raise ForeignFileError(
            f"{path} is a database of another program, not an Inspector session."
        )
    _check_version(path, _number(header, _USER_VERSION_AT))


def _number(header: bytes, at: int) -> int:
    (value,) = struct.unpack_from(">I", header, at)
    return int(value)


def _check_version(path: Path, version: int) -> None:
    if version > VERSION:
        raise StoreError(
            f"The session {path} was made by a newer Inspector (session version {version}; "
            f"this one reads up to {VERSION}): open it with that one."
        )


def _check_inside(path: Path, connection: sqlite3.Connection) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    _check_version(path, version)
    strange = strange_parts(connection, version)
    if strange:
        raise ForeignFileError(
            f"{path} has parts that are not an Inspector session's ({', '.join(strange[:5])}): "
            "it was not opened."
        )
    _check_pages(path, connection)
    _check_facts(path, connection)
    _check_rows(path, connection)
    return version


def _check_pages(path: Path, connection: sqlite3.Connection) -> None:
    whole = path.stat().st_size <= _ALL_PAGES_UP_TO
    checks = (
        ["integrity_check(1)"] if whole else [f"integrity_check({t})" for t in _TABLES_THAT_MATTER]
    )
    for check in checks:
        (said,) = connection.execute(f"PRAGMA {check}").fetchone()
        if said != "ok":
            first = " ".join(str(said).split())[:120]
            raise DamagedFileError(f"The session {path} is damaged ({first}).")


def _check_facts(path: Path, connection: sqlite3.Connection) -> None:
    held = dict(connection.execute("SELECT key, value FROM meta"))
    patterns = {"revision": _REVISION, "session": _SESSION, "info": _OBJECT}
    wrong = [name for name, form in patterns.items() if not form.fullmatch(str(held.get(name)))]
    if not wrong and not _is_info(str(held["info"])):
        wrong = ["info"]
    if wrong or len(held) != len(patterns):
        raise DamagedFileError(f"The session {path} is damaged (its own facts are not whole).")


def _is_info(text: str) -> bool:
    try:
        info_of_json(text)
    except (ValueError, TypeError, AttributeError):
        return False
    return True


def _check_rows(path: Path, connection: sqlite3.Connection) -> None:
    for table in CHECKED:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        # In a larger session each item is checked when it is read.
        if table == "items" and count > _ALL_ITEMS_UP_TO:
            continue
        damaged = damaged_rows(connection, table)
        if damaged:
            raise DamagedFileError(
                f"The session {path} is damaged ({damaged:,} of {count:,} rows of {table})."
            )


def _unfit(path: Path, error: sqlite3.Error) -> StoreError:
    if is_damage(error):
        return DamagedFileError(f"The session {path} is damaged ({error}).")
    return read_fault(path, error)
