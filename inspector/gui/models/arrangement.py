"""Which rows are shown and in what order: pure functions of columns, filter and sort."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from inspector.domain.media import ItemStatus
from inspector.domain.provenance import ProvenanceState
from inspector.gui.models.columns import NONE, Names
from inspector.gui.models.query import Mask, Query
from inspector.gui.models.rows import CLAIMS, STATES, STATUSES, Claim, LibraryRows

SKIPPED = STATUSES.code(ItemStatus.SKIPPED)
ABSENT = STATES.code(ProvenanceState.ABSENT)

ALL_ROWS = slice(None)


class Facet(StrEnum):
    """What the left panel filters by."""

    FINDING = "finding"
    DECISION = "decision"
    CREDENTIAL = "credential"
    MEDIA = "media"
    SIGNER = "signer"
    GENERATOR = "generator"
    TRACE = "trace"
    CLAIM = "claim"
    CONTRADICTION = "contradiction"
    FAMILY = "family"
    STATUS = "status"


class SortKey(StrEnum):
    ARRIVAL = "arrival"
    LIKELIHOOD = "likelihood"
    NAME = "name"
    SIZE = "size"
    DATE = "date"
    FINDING = "finding"
    DECISION = "decision"
    DISAGREEMENT = "disagreement"
    CREDENTIAL = "credential"
    SIGNER = "signer"
    GENERATOR = "generator"
    SAYS = "says"
    TRAINING = "training"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Sort:
    key: SortKey = SortKey.ARRIVAL
    descending: bool = False

    @property
    def is_arrival(self) -> bool:
        """Whether new rows simply come last."""
        return self.key is SortKey.ARRIVAL and not self.descending

    @property
    def is_settled(self) -> bool:
        """Whether the verdict of a row does not move it."""
        return self.key in (SortKey.ARRIVAL, SortKey.NAME, SortKey.SIZE, SortKey.DATE)


@dataclass(frozen=True, slots=True)
class Filter:
    """A search and, for each facet, the codes of which one must match (none: all do)."""

    query: Query = field(default_factory=Query)
    facets: Mapping[Facet, frozenset[int]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether nothing was asked for."""
        return not self.query.terms and not any(self.facets.values())

    @property
    def hides_skipped(self) -> bool:
        """Whether files that are no media stay out; asking for a status shows them."""
        return "status" not in self.query.fields and SKIPPED not in self.facets.get(
            Facet.STATUS, frozenset()
        )


def facet_codes(rows: LibraryRows, facet: Facet, part: slice = ALL_ROWS) -> NDArray[np.integer]:
    """Return the code of every row under a facet; ``NONE`` where it is not known.

    Under ``TRACE`` and ``CLAIM`` a row may have several values: bits stand for them.
    """
    match facet:
        case Facet.FINDING:
            return rows.finding.values[part]
        case Facet.DECISION:
            person = rows.person.values[part]
            return np.where(person == NONE, rows.by_rule.values[part], person)
        case Facet.CREDENTIAL:
            return rows.state.values[part]
        case Facet.MEDIA:
            return rows.media.values[part]
        case Facet.SIGNER:
            return rows.signer.values[part]
        case Facet.GENERATOR:
            return rows.generator.values[part]
        case Facet.TRACE:
            return rows.traces.values[part]
        case Facet.CLAIM:
            return rows.claims.values[part]
        case Facet.CONTRADICTION:
            return rows.contradictions(part)
        case Facet.FAMILY:
            return rows.family.values[part]
        case Facet.STATUS:
            return rows.status.values[part]


def matching(rows: LibraryRows, wanted: Filter, part: slice = ALL_ROWS) -> Mask | None:
    """Return which rows of a part are shown; None where all are."""
    facets = (_facet_mask(rows, facet, codes, part) for facet, codes in _chosen(wanted))
    return _both(_base_mask(rows, wanted, part), *facets)


def facet_counts(rows: LibraryRows, wanted: Filter) -> dict[Facet, NDArray[np.int64]]:
    """Count rows by code under every facet.

    A facet counts what the search and the *other* facets leave, so that a number says how
    many rows choosing it would show.
    """
    base = _base_mask(rows, wanted, ALL_ROWS)
    masks = {facet: _facet_mask(rows, facet, codes, ALL_ROWS) for facet, codes in _chosen(wanted)}
    counts = {}
    for facet in Facet:
        mask = _both(base, *(mask for other, mask in masks.items() if other is not facet))
        if facet is Facet.STATUS and wanted.hides_skipped:
            mask = _both(
                wanted.query.matches(rows, ALL_ROWS),
                *(mask for other, mask in masks.items() if other is not facet),
            )
        codes = facet_codes(rows, facet)
        codes = codes if mask is None else codes[mask]
        counts[facet] = _count_bits(codes, facet) if facet in _FIRST_CODE else _count(codes)
    return counts


def arrange(rows: LibraryRows, wanted: Filter, sort: Sort) -> NDArray[np.int32]:
    """Return the ids of the rows that are shown, in order; equal rows in order of arrival."""
    mask = matching(rows, wanted)
    if sort.key is SortKey.NAME:
        order = rows.name_order()[:: -1 if sort.descending else 1]
        return order.copy() if mask is None else order[mask[order]]
    shown = (
        np.arange(len(rows), dtype=np.int32)
        if mask is None
        else np.flatnonzero(mask).astype(np.int32)
    )
    if sort.key is SortKey.ARRIVAL:
        return shown[::-1].copy() if sort.descending else shown
    keys = _sort_keys(rows, sort.key)
    keys = keys if mask is None else keys[shown]
    return shown[np.argsort(-keys if sort.descending else keys, kind="stable")]


def _sort_keys(rows: LibraryRows, key: SortKey) -> NDArray[np.float32] | NDArray[np.int64]:
    """Return numbers to sort by; NaN, which NumPy puts last both ways, where nothing is known."""
    match key:
        case SortKey.LIKELIHOOD:
            return rows.likelihood.values
        case SortKey.DISAGREEMENT:
            return rows.disagreements()
        case SortKey.SIZE:
            return rows.size.values
        case SortKey.DATE:
            return rows.mtime_s.values
        case SortKey.FINDING:
            return _known(rows.finding.values)
        case SortKey.DECISION:
            return _known(rows.decisions())
        case SortKey.CREDENTIAL:
            keys = _known(rows.state.values)
            keys[rows.state.values == ABSENT] = np.nan
            return keys
        case SortKey.SIGNER:
            return _by_name(rows.signer.values, rows.signers)
        case SortKey.GENERATOR:
            return _by_name(rows.generator.values, rows.generators)
        case SortKey.SAYS:
            return _first_claim(rows, Claim.AI, Claim.AI_PART, Claim.CAPTURED)
        case SortKey.TRAINING:
            return _first_claim(rows, Claim.TRAINING)
        case SortKey.BROKEN:
            return _first_claim(rows, Claim.BROKEN)
        case _:
            raise AssertionError(f"{key} has an order of its own")


def _known(codes: NDArray[np.uint8]) -> NDArray[np.float32]:
    keys = codes.astype(np.float32)
    keys[codes == NONE] = np.nan
    return keys


def _by_name(codes: NDArray[np.int32], names: Names) -> NDArray[np.float32]:
    """Return the place of each row's name in the alphabet; NaN for rows without a name."""
    known = names.all
    places = np.empty(len(known), np.float32)
    places[sorted(range(len(known)), key=lambda code: known[code].casefold())] = range(len(known))
    places[0] = np.nan
    return places[codes]


def _first_claim(rows: LibraryRows, *claims: Claim) -> NDArray[np.float32]:
    """Return the place of the first of these claims that holds for each row; NaN for none."""
    keys = np.full(len(rows), np.nan, np.float32)
    for place, claim in reversed(list(enumerate(claims))):
        keys[(rows.claims.values >> CLAIMS.code(claim) & 1) == 1] = place
    return keys


def _chosen(wanted: Filter) -> list[tuple[Facet, frozenset[int]]]:
    return [(facet, codes) for facet, codes in wanted.facets.items() if codes]


def _count(codes: NDArray[np.integer]) -> NDArray[np.int64]:
    return np.bincount(codes, minlength=NONE + 1)


def _count_bits(bits: NDArray[np.integer], facet: Facet) -> NDArray[np.int64]:
    counts = np.zeros(NONE + 1, np.int64)
    told = bits[bits != 0]
    for place in range(8 * bits.itemsize if len(told) else 0):
        bit = bits.dtype.type(1 << place)
        counts[place + _FIRST_CODE[facet]] = np.count_nonzero(told & bit)
    return counts


_FIRST_CODE = {Facet.TRACE: 1, Facet.CLAIM: 0}
"""Facets under which a row may have several values, with the code of the lowest bit."""


def _facet_mask(rows: LibraryRows, facet: Facet, codes: frozenset[int], part: slice) -> Mask:
    found = facet_codes(rows, facet, part)
    if facet not in _FIRST_CODE:
        return np.isin(found, list(codes))
    wanted = sum(1 << (code - _FIRST_CODE[facet]) for code in codes)
    holding: Mask = (found & found.dtype.type(wanted)) != 0
    return holding


def _base_mask(rows: LibraryRows, wanted: Filter, part: slice) -> Mask | None:
    mask = wanted.query.matches(rows, part)
    if not wanted.hides_skipped:
        return mask
    not_skipped: Mask = rows.status.values[part] != SKIPPED
    return _both(mask, not_skipped)


def _both(*masks: Mask | None) -> Mask | None:
    result: Mask | None = None
    for mask in masks:
        if mask is not None:
            result = mask if result is None else result & mask
    return result
