"""Writes the lists of a session, all or none, with EXPORT.json to say where they come from."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from inspector.adapters.lists.formats import find_formats
from inspector.adapters.lists.pending import PendingFolder
from inspector.adapters.lists.sink import ListSink, is_wanted
from inspector.domain.errors import ListError
from inspector.domain.item import Item
from inspector.domain.record import Json
from inspector.domain.verdict import Decision
from inspector.ports import ExportFacts, WrittenList

SCHEMA = "inspector.export/1"
NAME = "EXPORT.json"

_TRUST = "trust."


def export(
    items_factory: Callable[[], Iterable[Item]],
    formats: Sequence[str],
    folder: Path,
    only: Decision | None,
    facts: ExportFacts,
) -> Sequence[WrittenList]:
    """Write lists in several formats from one pass over the items.

    Args:
        items_factory: gives the items, once; they are streamed.
        formats: names of formats, see ``format_names``.
        folder: where the lists go; made if missing.
        only: limits every list to one decision; lists of other decisions are then not touched.
        facts: what EXPORT.json says besides the counts.

    Raises:
        ListError: a format is unknown or a list cannot be written; older lists are untouched.
    """
    chosen = find_formats(formats)
    try:
        with PendingFolder(folder) as pending:
            sinks = [format_.begin(pending, only) for format_ in chosen]
            tally = Tally()
            _fill(items_factory(), sinks, tally, only)
            written = [entry for sink in sinks for entry in sink.finish()]
            names = [format_.name for format_ in chosen]
            pending.begin(NAME).write(_export_json(names, only, facts, tally, written))
            pending.commit()
    except OSError as error:
        why = error.strerror or str(error)
        raise ListError(
            f"The lists in {folder} cannot be written: {why}; older lists there are untouched."
        ) from error
    return [*written, WrittenList(folder / NAME, tally.items, SCHEMA)]


def _fill(
    items: Iterable[Item], sinks: Sequence[ListSink], tally: "Tally", only: Decision | None
) -> None:
    for item in items:
        for sink in sinks:
            sink.add(item)
        if is_wanted(item, only):
            tally.add(item)


class Tally:
    """Counts of one export, taken while the items stream by."""

    def __init__(self) -> None:
        self.items = 0
        self._decisions: Counter[str | None] = Counter()
        self._decided_by: Counter[str | None] = Counter()
        self._findings: Counter[str | None] = Counter()
        self._statuses: Counter[str | None] = Counter()
        self._policies: Counter[tuple[str, str]] = Counter()
        self._models: Counter[tuple[str, str]] = Counter()
        self._engines: Counter[tuple[tuple[str, str], ...]] = Counter()

    def add(self, item: Item) -> None:
        self.items += 1
        self._decisions[item.decision] += 1
        self._decided_by[item.decided_by] += 1
        self._findings[item.finding] += 1
        self._statuses[item.status] += 1
        if item.policy is not None:
            self._policies[item.policy.name, item.policy.sha256] += 1
        if item.model is not None:
            self._models[item.model.id, item.model.sha256] += 1
        self._engines[tuple(item.engine_versions.items())] += 1

    def counts(self) -> dict[str, Json]:
        return {
            "items": self.items,
            "decisions": _named(self._decisions),
            "decided_by": _named(self._decided_by),
            "findings": _named(self._findings),
            "status": _named(self._statuses),
        }

    def makers(self) -> dict[str, Json]:
        """Return the policies, models and engines behind the items, each with its count."""
        met: dict[str, set[str]] = {}
        for versions in self._engines:
            for name, version in versions:
                met.setdefault(name, set()).add(version)
        engines: dict[str, Json] = {name: [*sorted(found)] for name, found in sorted(met.items())}
        return {
            "policies": [
                {"name": name, "sha256": sha256, "items": count}
                for (name, sha256), count in self._policies.most_common()
            ],
            "models": [
                {"id": name, "sha256": sha256, "items": count}
                for (name, sha256), count in self._models.most_common()
            ],
            "engine_versions": engines,
        }


def _named(counter: Counter[str | None]) -> Json:
    return {str(name or "none"): count for name, count in sorted(counter.items(), key=str)}


def _export_json(
    formats: Sequence[str],
    only: Decision | None,
    facts: ExportFacts,
    tally: Tally,
    written: Sequence[WrittenList],
) -> bytes:
    trust = {k.removeprefix(_TRUST): v for k, v in facts.details.items() if k.startswith(_TRUST)}
    document: dict[str, Json] = {
        "schema": SCHEMA,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "session": facts.session,
        "command": facts.command,
        "formats": list(formats),
        "only": only.value if only else None,
        "counts": tally.counts(),
        "lists": [
            {"file": entry.path.name, "rows": entry.rows, "checked": entry.checked}
            for entry in written
        ],
        **tally.makers(),
        "trust_lists": dict(sorted(trust.items())),
        "details": {k: v for k, v in sorted(facts.details.items()) if not k.startswith(_TRUST)},
    }
    return json.dumps(document, indent=2).encode("ascii") + b"\n"
