"""Sessions and lists as the command line and the desk use them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from inspector.adapters.lists import export as write_export
from inspector.adapters.lists import format_names, read_decisions, read_items
from inspector.adapters.sqlite import SessionStore, open_or_look
from inspector.domain.errors import StoreError, UsageError
from inspector.domain.item import Item
from inspector.domain.verdict import Decision, PersonDecision
from inspector.ports import ExportFacts, Store, WrittenList


@contextmanager
def open_session(path: Path, *, to_write: bool = True) -> Iterator[Store]:
    """Open an existing session; one that is only read may be open elsewhere or write-protected.

    Raises:
        UsageError: there is no such file.
        StoreError: it cannot be opened.
    """
    try:
        opened: Store = SessionStore.open(path) if to_write else open_or_look(path)
    except StoreError as error:
        if path.exists() or error.backup is not None:
            raise
        raise UsageError(f"There is no session {path}.") from error
    with opened as store:
        yield store


def list_formats() -> Sequence[str]:
    """Return the names of the list formats."""
    return format_names()


def export_lists(
    source: Path, formats: Sequence[str], folder: Path, only: Decision | None, command: str
) -> Sequence[WrittenList]:
    """Write lists from a session or from an items.jsonl.

    Raises:
        UsageError: ``source`` is not there.
        ListError: it cannot be read, or a list cannot be written.
    """
    if source.suffix == ".jsonl":
        if not source.exists():
            raise UsageError(f"There is no list {source}.")
        facts = ExportFacts(str(source.resolve()), command)
        return write_export(lambda: read_items(source), formats, folder, only, facts)
    with open_session(source, to_write=False) as store:
        return export_store(store, formats, folder, only, command)


def export_store(
    store: Store, formats: Sequence[str], folder: Path, only: Decision | None, command: str
) -> Sequence[WrittenList]:
    """Write lists from an open session.

    Raises:
        ListError: a list cannot be written; older ones are whole.
    """
    facts = ExportFacts(str(store.path), command, store.info().details)
    return write_export(store.items, formats, folder, only, facts)


def decisions_of_list(store: Store, file: Path) -> tuple[list[PersonDecision], list[str]]:
    """Return a list's decisions on files of the session, and paths that are not in it.

    A decision joins by path; where the path is unknown, by sha256.

    Raises:
        ListError: the file is no list Inspector wrote.
    """
    wanted = list(read_decisions(file))
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    by_hash: dict[str, list[Item]] = {}
    known: dict[str, Item] = {}
    for item in store.items():
        known[item.path] = item
        if item.sha256:
            by_hash.setdefault(item.sha256, []).append(item)
    decisions: list[PersonDecision] = []
    strangers: list[str] = []
    for given in wanted:
        here = known.get(given.path)
        same_bytes = by_hash.get(given.sha256, []) if given.sha256 else []
        targets: Iterable[Item] = (
            [here] if here and given.sha256 in (None, here.sha256) else same_bytes
        )
        joined = [
            replace(given, path=item.path, sha256=item.sha256, at=given.at or at)
            for item in targets
        ]
        decisions += joined
        if not joined:
            strangers.append(given.path)
    return decisions, strangers
