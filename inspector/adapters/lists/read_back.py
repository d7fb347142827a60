"""Lists read back: items to export again, and decisions to take over."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from inspector.adapters.lists.csv_table import plain_cell, table_text
from inspector.adapters.lists.record_shape import RECORD, RecordShape, bytes_of, item_of
from inspector.domain.errors import ListError
from inspector.domain.item import Item
from inspector.domain.media import ItemStatus
from inspector.domain.verdict import Decision, PersonDecision

_LONGEST_LINE = 64 << 20
_CSV_NEEDS = frozenset({"path", "path_hex", "sha256", "status", "decision"})


def read_items(path: Path) -> Iterator[Item]:
    """Yield the items of an items.jsonl, each line checked against the contract.

    Raises:
        ListError: the file cannot be read, or a line is no item (its number is named).
    """
    for number, record in _records(path):
        try:
            yield item_of(record)
        except ValueError as error:
            raise _wrong_line(path, number, str(error)) from error


def read_decisions(path: Path) -> Iterator[PersonDecision]:
    """Yield the decisions of a list: ``keep``, ``drop`` or ``review`` (.txt, .nul), csv or jsonl.

    Plain lists say nothing of hashes or times: ``sha256`` is None and ``at`` is empty there.

    Raises:
        ListError: the file cannot be read, or is no list that Inspector writes.
    """
    match path.suffix.lower():
        case ".txt":
            return _of_lines(path, b"\n")
        case ".nul":
            return _of_lines(path, b"\0")
        case ".csv":
            return _of_csv(path)
        case ".jsonl":
            return _of_records(path)
        case _:
            raise ListError(
                f"{path.name} is no list that can be read back: give keep.txt, drop.txt, "
                "review.txt, items.csv or items.jsonl."
            )


def _of_lines(path: Path, end: bytes) -> Iterator[PersonDecision]:
    try:
        decision = Decision(path.stem.lower())
    except ValueError as error:
        raise ListError(
            f"{path.name} does not say what was decided: name it keep, drop or review."
        ) from error
    for number, line in enumerate(_lines(path, end), 1):
        if line:
            given = os.fsdecode(line)
            if not Path(given).is_absolute():
                raise _wrong_line(path, number, "it is no absolute path")
            yield PersonDecision(given, None, decision, "")


def _of_records(path: Path) -> Iterator[PersonDecision]:
    for number, record in _records(path):
        if record.decision is not None and record.status is not ItemStatus.SKIPPED:
            try:
                whole = record.whole_path
            except ValueError as error:
                raise _wrong_line(path, number, str(error)) from error
            yield PersonDecision(whole, record.sha256, record.decision, "")


def _of_csv(path: Path) -> Iterator[PersonDecision]:
    try:
        with path.open("rb") as file, table_text(file) as text:
            rows = csv.DictReader(text)
            if not _CSV_NEEDS.issubset(rows.fieldnames or ()):
                raise ListError(f"{path.name} is no items.csv: columns are missing.")
            for number, row in enumerate(rows, 2):
                try:
                    decision = _of_row(row)
                except ValueError as error:
                    raise _wrong_line(path, number, str(error)) from error
                if decision is not None:
                    yield decision
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from error


def _of_row(row: dict[str, str | None]) -> PersonDecision | None:
    cells = {name: plain_cell(row.get(name) or "") for name in _CSV_NEEDS}
    if not cells["decision"] or cells["status"] == ItemStatus.SKIPPED:
        return None
    whole = os.fsdecode(bytes_of(cells["path_hex"])) if cells["path_hex"] else cells["path"]
    return PersonDecision(whole, cells["sha256"] or None, Decision(cells["decision"]), "")


def _records(path: Path) -> Iterator[tuple[int, RecordShape]]:
    for number, line in enumerate(_lines(path, b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, RECORD.validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            what = f"{where}: {first['msg']}" if where else first["msg"]
            raise _wrong_line(path, number, what) from error


def _lines(path: Path, end: bytes) -> Iterator[bytes]:
    """Yield pieces between ends, without them; a file may lack the last end."""
    held = b""
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                *whole, held = (held + block).split(end)
                yield from whole
                if len(held) > _LONGEST_LINE:
                    raise ListError(f"{path.name} is no list: a line of it never ends.")
    except OSError as error:
        raise _unreadable(path, error) from error
    if held:
        yield held


def _wrong_line(path: Path, number: int, what: str) -> ListError:
    return ListError(f"Line {number} of {path.name} is not right ({what}); nothing was taken over.")


def _unreadable(path: Path, error: OSError | UnicodeDecodeError | csv.Error) -> ListError:
    why = getattr(error, "strerror", None) or str(error)
    return ListError(f"{path} cannot be read: {why}.")
