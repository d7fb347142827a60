"""The reader's JSON, parsed once into frozen values: capped, cleaned, in a stable order.

Every text in it was written by whoever made the file, so lengths and counts are limited and
characters that hide or turn text are taken out.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inspector.adapters.c2pa.bindings import soft_bindings, stated_identities
from inspector.adapters.c2pa.json_values import (
    MAX_TEXT,
    MAX_TITLE,
    Json,
    as_list,
    as_mapping,
    as_text,
)
from inspector.adapters.c2pa.words import CODE_MEANINGS
from inspector.domain.provenance import Relationship, SoftBinding, StatedIdentity
from inspector.domain.text import plain_line

MAX_INGREDIENTS = 1000
MAX_MANIFESTS = 1000
MAX_ACTIONS = 1000
MAX_ASSERTIONS = 1000
MAX_CODES = 500


class StoreSyntaxError(Exception):
    """The credential's JSON cannot be understood."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Validation codes of one manifest, each list in the order the reader gave them, unique."""

    success: tuple[str, ...] = ()
    informational: tuple[str, ...] = ()
    failure: tuple[str, ...] = ()

    def has(self, code: str) -> bool:
        return code in self.success or code in self.informational or code in self.failure


@dataclass(frozen=True, slots=True)
class StatedAction:
    """One action; ``source_type`` is a short code ("digitalCapture")."""

    label: str
    assertion: str
    source_type: str | None = None
    software: str | None = None
    description: str | None = None
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One ingredient assertion.

    Attributes:
        manifest: label of its own manifest; None where it is unsigned.
        recorded: codes that the tool which took it in wrote down.
        current: what has changed since, as validated now.
        thumbnail: where in the store a picture of it stands.
        ids: instance and document id, as written.
    """

    label: str
    title: str | None
    format: str | None
    relationship: Relationship | None
    manifest: str | None
    recorded: Codes
    current: Codes
    thumbnail: str | None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest of the store.

    Attributes:
        assertions: labels, in order.
        training: (assertion label, use, permission) as written.
        source_types: (assertion label, short code) from metadata assertions.
        all_actions: the list of actions says that it is complete.
    """

    label: str
    title: str | None
    format: str | None
    claim_generator: str | None
    signer: str | None
    signed_at: str | None
    actions: tuple[StatedAction, ...]
    assertions: tuple[str, ...]
    training: tuple[tuple[str, str, str], ...]
    source_types: tuple[tuple[str, str], ...]
    redactions: tuple[str, ...]
    ingredients: tuple[Ingredient, ...]
    thumbnail: str | None
    all_actions: bool = False
    soft_bindings: tuple[SoftBinding, ...] = ()
    identities: tuple[StatedIdentity, ...] = ()


@dataclass(frozen=True, slots=True)
class Store:
    """All manifests by label (as written), the active one first, and the reader's codes for it.

    Attributes:
        count: how many manifests the file holds, parsed or not.
        trusted_by: the reader's own words on where it found the active signer.
    """

    active: str | None
    manifests: Mapping[str, Manifest]
    count: int
    codes: Codes
    trusted_by: str | None


def parse_store(text: str) -> Store:
    """Parse what ``Reader.json()`` returned.

    Raises:
        StoreSyntaxError: it is no JSON object, or nested too deep.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StoreSyntaxError(f"not valid JSON: {error}") from error
    if not isinstance(data, dict):
        raise StoreSyntaxError("not a JSON object")
    results = as_mapping(data.get("validation_results"))
    deltas = _deltas(results)
    manifests = as_mapping(data.get("manifests"))
    stated = data.get("active_manifest")
    active = stated if isinstance(stated, str) else None
    labels = sorted(manifests, key=lambda label: (label != active, label))[:MAX_MANIFESTS]
    return Store(
        active=active,
        manifests={
            label: _manifest(label, as_mapping(manifests[label]), deltas) for label in labels
        },
        count=len(manifests),
        codes=_codes(as_mapping(results.get("activeManifest")))
        if results
        else Codes(failure=_code_list(data.get("validation_status"))),
        trusted_by=_trusted_by(as_mapping(results.get("activeManifest"))),
    )


def short_code(source_type: str) -> str:
    """Return the last part of a digital source type: "digitalCapture" of its full address."""
    return plain_line(source_type.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1], 80)


def _ordered(manifests: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for label in sorted(manifests):
        yield label, manifests[label]


def _manifest(label: str, body: Mapping[str, Json], deltas: Mapping[str, Codes]) -> Manifest:
    signature = as_mapping(body.get("signature_info"))
    assertions = [as_mapping(a) for a in as_list(body.get("assertions"))[:MAX_ASSERTIONS]]
    labelled = [(as_text(a.get("label"), MAX_TITLE) or "?", a.get("data")) for a in assertions]
    listed = [(name, content) for name, content in labelled if name.startswith("c2pa.actions")]
    actions = [action for name, content in listed for action in _actions(name, content)]
    others = [(name, content) for name, content in labelled if not name.startswith(_PLAIN)]
    return Manifest(
        label=plain_line(label, MAX_TITLE),
        title=as_text(body.get("title"), MAX_TITLE),
        format=as_text(body.get("format"), 80),
        claim_generator=_claim_generator(body),
        signer=as_text(signature.get("issuer"), MAX_TITLE)
        or as_text(signature.get("common_name"), MAX_TITLE),
        signed_at=as_text(signature.get("time"), 40),
        actions=tuple(actions[:MAX_ACTIONS]),
        assertions=tuple(name for name, _ in labelled),
        training=tuple(entry for name, content in others for entry in _training(name, content)),
        source_types=tuple(
            (name, code) for name, content in others for code in _metadata_types(name, content)
        ),
        redactions=tuple(
            text
            for uri in as_list(body.get("redactions"))[:MAX_ASSERTIONS]
            if (text := as_text(uri, MAX_TEXT)) is not None
        ),
        ingredients=tuple(
            _ingredient(label, as_mapping(i), deltas)
            for i in as_list(body.get("ingredients"))[:MAX_INGREDIENTS]
        ),
        thumbnail=_thumbnail(body),
        all_actions=any(as_mapping(data).get("allActionsIncluded") is True for _, data in listed),
        soft_bindings=soft_bindings(others) if others else (),
        identities=stated_identities(others) if others else (),
    )


def _claim_generator(body: Mapping[str, Json]) -> str | None:
    for info in as_list(body.get("claim_generator_info")):
        name = as_text(as_mapping(info).get("name"), MAX_TITLE)
        if name is not None:
            version = as_text(as_mapping(info).get("version"), 80)
            return f"{name} {version}" if version else name
    return as_text(body.get("claim_generator"), MAX_TITLE)


def _actions(label: str, content: Json) -> Iterator[StatedAction]:
    if label.split("__", 1)[0] not in ("c2pa.actions", "c2pa.actions.v2"):
        return
    for entry in as_list(as_mapping(content).get("actions")):
        action = as_mapping(entry)
        source_type = as_text(action.get("digitalSourceType"), MAX_TEXT)
        agent = action.get("softwareAgent")
        software = agent if isinstance(agent, str) else as_mapping(agent).get("name")
        yield StatedAction(
            label=as_text(action.get("action"), MAX_TITLE) or "?",
            assertion=label,
            source_type=short_code(source_type) if source_type else None,
            software=as_text(software, MAX_TITLE),
            description=as_text(action.get("description"), MAX_TEXT),
            when=as_text(action.get("when"), 40),
        )


def _training(label: str, content: Json) -> Iterator[tuple[str, str, str]]:
    """Yield permissions of both layouts: below ``entries``, or flat in the assertion itself."""
    if not label.split("__", 1)[0].endswith("training-mining"):
        return
    data = as_mapping(content)
    for layout in (as_mapping(data.get("entries")), data):
        for key, value in list(_ordered(layout))[:100]:
            stated = value if isinstance(value, str) else as_mapping(value).get("use")
            use = key.removeprefix("c2pa.").removeprefix("cawg.")
            if isinstance(stated, str) and key != "entries":
                yield label, use, stated[:40]


def _metadata_types(label: str, content: Json) -> Iterator[str]:
    """Yield digital source types of metadata assertions (JSON-LD of IPTC fields)."""
    if not label.startswith(("stds.iptc", "c2pa.metadata", "cawg.metadata", "stds.metadata")):
        return
    for key, value in list(_ordered(as_mapping(content)))[:1000]:
        if key.rsplit(":", 1)[-1].rsplit("/", 1)[-1].lower() == "digitalsourcetype":
            text = as_text(value, MAX_TEXT) or as_text(as_mapping(value).get("@id"), MAX_TEXT)
            if text:
                yield short_code(text)


def _ingredient(parent: str, body: Mapping[str, Json], deltas: Mapping[str, Codes]) -> Ingredient:
    label = as_text(body.get("label"), MAX_TITLE) or "c2pa.ingredient"
    manifest = body.get("active_manifest")
    results = as_mapping(as_mapping(body.get("validation_results")).get("activeManifest"))
    older = _code_list(body.get("validation_status"))
    recorded = _codes(results)
    if not results and older:
        recorded = _codes({"failure": body.get("validation_status")})
    relationship = body.get("relationship")
    return Ingredient(
        label=label,
        title=as_text(body.get("title"), MAX_TITLE),
        format=as_text(body.get("format"), 80),
        relationship=Relationship(relationship) if relationship in _RELATIONSHIPS else None,
        manifest=manifest if isinstance(manifest, str) else None,
        recorded=recorded,
        current=deltas.get(f"{parent}/c2pa.assertions/{label}", Codes()),
        thumbnail=_thumbnail(body),
        ids=tuple(
            text
            for name in ("instance_id", "document_id")
            if (text := as_text(body.get(name), MAX_TITLE)) is not None
        ),
    )


_PLAIN = ("c2pa.actions", "c2pa.hash.", "c2pa.thumbnail.", "c2pa.ingredient")
"""Assertions that nearly every manifest has, and that state none of the rarer things."""

_RELATIONSHIPS = frozenset(relationship.value for relationship in Relationship)


def _thumbnail(body: Mapping[str, Json]) -> str | None:
    place = as_mapping(body.get("thumbnail")).get("identifier")
    return place if isinstance(place, str) and len(place) <= MAX_TEXT else None


def _deltas(results: Mapping[str, Json]) -> dict[str, Codes]:
    """Return today's codes of each ingredient by "<manifest>/c2pa.assertions/<label>"."""
    deltas: dict[str, Codes] = {}
    for entry in as_list(results.get("ingredientDeltas"))[: MAX_INGREDIENTS * 4]:
        uri = as_mapping(entry).get("ingredientAssertionURI")
        if isinstance(uri, str):
            where = uri.split("/c2pa/", 1)[-1]
            deltas[where] = _codes(as_mapping(as_mapping(entry).get("validationDeltas")))
    return deltas


def _codes(results: Mapping[str, Json]) -> Codes:
    return Codes(
        success=_code_list(results.get("success")),
        informational=_code_list(results.get("informational")),
        failure=_code_list(results.get("failure")),
    )


def _trusted_by(results: Mapping[str, Json]) -> str | None:
    for entry in as_list(results.get("success"))[: MAX_CODES * 4]:
        status = as_mapping(entry)
        if status.get("code") == "signingCredential.trusted":
            return as_text(status.get("explanation"), MAX_TEXT)
    return None


def _code_list(value: Json) -> tuple[str, ...]:
    codes = dict.fromkeys(map(_code, as_list(value)[: MAX_CODES * 4]))
    codes.pop("", None)
    return tuple(codes)[:MAX_CODES]


def _code(entry: Json) -> str:
    code = as_mapping(entry).get("code")
    if isinstance(code, str) and code in CODE_MEANINGS:
        return code
    return as_text(code, 120) or ""
