"""The search box's little language: ``likelihood:>0.7 signer:Adobe decision:review dog``."""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.domain.errors import UsageError
from inspector.gui.models.columns import NONE, Choices, Column, Names
from inspector.gui.models.kin import mask_of
from inspector.gui.models.rows import (
    DECISIONS,
    FINDINGS,
    MAX_KINDS,
    MEDIA,
    RULES,
    STATED,
    STATES,
    STATUSES,
    LibraryRows,
)

Mask = NDArray[np.bool_]
Term = Callable[[LibraryRows, slice], Mask]

_WORD = re.compile(r'(?P<no>-)?(?:(?P<field>[A-Za-z_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>\S+))')
_COMPARED = re.compile(r"(?P<sign><=|>=|<|>|=)?(?P<number>\d*\.?\d+)(?P<unit>%|[kmg]?b|s|m|h)?$")
_UNITS = {"%": 0.01, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "s": 1, "m": 60, "h": 3600}
_COMPARE: dict[str, Callable[[NDArray[np.generic], float], Mask]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
}
FIELDS = (
    "likelihood",
    "finding",
    "decision",
    "by",
    "signer",
    "generator",
    "trace",
    "stated",
    "disagreement",
    "ingredient",
    "credential",
    "media",
    "format",
    "rule",
    "status",
    "size",
    "duration",
    "name",
    "path",
)
"""Fields that a search can name, for the completer and the help."""


@dataclass(frozen=True, slots=True)
class Query:
    """A search that was understood: every term must match. ``fields`` are those it names."""

    terms: tuple[Term, ...] = ()
    fields: frozenset[str] = frozenset()

    def matches(self, rows: LibraryRows, part: slice) -> Mask | None:
        """Return which rows of a part match; None where every row does."""
        mask: Mask | None = None
        for term in self.terms:
            found = term(rows, part)
            mask = found if mask is None else mask & found
        return mask


def parse_query(text: str) -> Query:
    """Read a search.

    Raises:
        UsageError: a field or its value means nothing; one sentence.
    """
    terms: list[Term] = []
    fields: set[str] = set()
    for word in _WORD.finditer(text):
        value = word["quoted"] if word["quoted"] is not None else word["plain"]
        term = _field_term(word["field"], value) if word["field"] else _name_term(value)
        terms.append(_negated(term) if word["no"] else term)
        fields.add((word["field"] or "name").lower())
    return Query(tuple(terms), frozenset(fields))


def _field_term(field: str, value: str) -> Term:
    match field.lower():
        case "likelihood":
            return _number_term("likelihood", value)
        case "size":
            return _number_term("size", value)
        case "duration":
            return _number_term("duration_s", value)
        case "finding":
            return _choice_term("finding", FINDINGS, value)
        case "rule":
            return _choice_term("rule", RULES, value)
        case "media":
            return _choice_term("media", MEDIA, value)
        case "status":
            return _choice_term("status", STATUSES, value)
        case "credential" | "provenance":
            return _choice_term("state", STATES, value)
        case "decision":
            return _decision_term(value)
        case "by":
            return _by_term(value)
        case "signer":
            return _names_term("signer", "signers", value)
        case "generator":
            return _names_term("generator", "generators", value)
        case "trace":
            return _trace_term(value)
        case "stated":
            return _choice_term("stated", STATED, value)
        case "disagreement":
            return _disagreement_term(value)
        case "ingredient":
            return _ingredient_term(value)
        case "format":
            return _names_term("format", "formats", value)
        case "name":
            return _name_term(value)
        case "path" | "folder":
            return _path_term(value)
        case _:
            known = ", ".join(FIELDS)
            raise UsageError(f"There is no field “{field}”. Fields are {known}.")


def _number_term(column: str, value: str) -> Term:
    compared = _compared(value)

    def term(rows: LibraryRows, part: slice) -> Mask:
        values: Column[np.float32] = getattr(rows, column)
        return compared(values.values[part])

    return term


def _disagreement_term(value: str) -> Term:
    compared = _compared(value)
    return lambda rows, part: compared(rows.disagreements(part))


def _compared(value: str) -> Callable[[NDArray[np.generic]], Mask]:
    found = _COMPARED.match(value.lower())
    if found is None:
        raise UsageError(f"“{value}” is no number; write >0.7, for example.")
    compare = _COMPARE[found["sign"] or "="]
    number = float(found["number"]) * _UNITS.get(found["unit"] or "", 1.0)
    return lambda values: compare(values, number)


def _ingredient_term(value: str) -> Term:
    """Match files that rest on a manifest or ingredient: by its id, or any that others share."""

    def term(rows: LibraryRows, part: slice) -> Mask:
        shared = value.lower() == "shared"
        found = rows.kin.shared() if shared else rows.kin.resting_on(value)
        return mask_of(found, len(rows), part)

    return term


def _choice_term(column: str, choices: Choices, value: str) -> Term:  # type: ignore[type-arg]
    codes = _codes_named(choices.members, value)

    def term(rows: LibraryRows, part: slice) -> Mask:
        values: Column[np.uint8] = getattr(rows, column)
        return np.isin(values.values[part], codes)

    return term


def _codes_named(members: Sequence[str], value: str) -> NDArray[np.uint8]:
    """Return the codes of the members that a word names, whole or by its beginning."""
    wanted = value.lower().replace("-", "_")
    if wanted == "none":
        return np.array([NONE], np.uint8)
    names = [member.lower() for member in members]
    codes = [code for code, name in enumerate(names) if name == wanted]
    codes = codes or [code for code, name in enumerate(names) if name.startswith(wanted)]
    if not codes:
        raise UsageError(f"“{value}” is none of {', '.join(names)}.")
    return np.array(codes, np.uint8)


def _decision_term(value: str) -> Term:
    codes = _codes_named(DECISIONS.members, value)

    def term(rows: LibraryRows, part: slice) -> Mask:
        person = rows.person.values[part]
        in_force = np.where(person == NONE, rows.by_rule.values[part], person)
        return np.isin(in_force, codes)

    return term


def _by_term(value: str) -> Term:
    wanted = value.lower()
    if wanted not in ("me", "person", "rule"):
        raise UsageError(f"“{value}” is none of rule, person.")

    def term(rows: LibraryRows, part: slice) -> Mask:
        by_person: Mask = rows.person.values[part] != NONE
        by_rule: Mask = rows.by_rule.values[part] != NONE
        return by_rule & ~by_person if wanted == "rule" else by_person

    return term


def _names_term(column: str, table: str, value: str) -> Term:
    wanted = value.lower()

    def term(rows: LibraryRows, part: slice) -> Mask:
        names: Names = getattr(rows, table)
        codes = [code for code, name in enumerate(names.all) if wanted in name.lower()]
        values: Column[np.int32] = getattr(rows, column)
        return np.isin(values.values[part], codes)

    return term


def _trace_term(value: str) -> Term:
    """Match files with a trace whose kind holds the text, whatever else they carry."""
    wanted = value.lower()

    def term(rows: LibraryRows, part: slice) -> Mask:
        kinds = enumerate(rows.trace_kinds.all[1:MAX_KINDS])
        bits = sum(1 << place for place, kind in kinds if wanted in kind.lower())
        holding: Mask = (rows.traces.values[part] & np.uint64(bits)) != 0
        return holding

    return term


def _name_term(value: str) -> Term:
    wanted = value.casefold()
    return lambda rows, part: _containing(rows.folded_names()[part], wanted)


def _path_term(value: str) -> Term:
    wanted = value.casefold()
    return lambda rows, part: _containing([path.casefold() for path in rows.paths[part]], wanted)


def _containing(texts: Sequence[str], wanted: str) -> Mask:
    return np.array([wanted in text for text in texts], np.bool_)


def _negated(term: Term) -> Term:
    return lambda rows, part: ~term(rows, part)
