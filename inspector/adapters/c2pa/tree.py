"""The credential as the tree that the desk shows: manifests, ingredients, actions in words."""

from collections.abc import Mapping

from inspector.adapters.c2pa.claims import Ingredient, Manifest, StatedAction
from inspector.adapters.c2pa.signals import signals_of
from inspector.adapters.c2pa.statements import (
    Chain,
    ingredient_failures,
    own_capture,
    own_training,
)
from inspector.adapters.c2pa.words import action_words, code_meaning
from inspector.domain.provenance import (
    Action,
    AiDeclared,
    ManifestNode,
    Permission,
    Relationship,
    Thumbnail,
    TrainingUse,
    ValidationCode,
)

MAX_NODES = 2000
MAX_DEPTH = 60
"""Deeper chains are cut: the tree crosses a pipe as JSON, whose parsers stop at 200 levels."""


class TreeBuilder:
    """Builds the tree of one chain, at most ``MAX_NODES`` nodes and ``MAX_DEPTH`` deep.

    A manifest that several others rest on stands below each of them, so that every branch reads
    whole; one that stands higher in its own branch is marked and not opened again.
    """

    def __init__(self, chain: Chain, pictures: Mapping[str, Thumbnail] | None = None) -> None:
        self._chain = chain
        self._pictures = pictures or {}
        self._ai = chain.ai_by_label()
        self._left = MAX_NODES

    def build(self) -> ManifestNode | None:
        label = self._chain.store.active
        if label is None or label not in self._chain.store.manifests:
            return None
        codes = self._chain.store.codes
        status = (
            *_statuses(codes.failure, fault=True),
            *_statuses(codes.informational, fault=False),
            *_statuses(codes.success, fault=False),
        )
        return self._manifest(label, None, status, ())

    def _manifest(
        self,
        label: str,
        taken_in: Ingredient | None,
        codes: tuple[ValidationCode, ...],
        above: tuple[str, ...],
    ) -> ManifestNode:
        self._left -= 1
        manifest = self._chain.store.manifests[label]
        repeated = label in above
        opened = not repeated and len(above) < MAX_DEPTH
        below = self._ingredients(manifest, (*above, label)) if opened else ()
        return ManifestNode(
            label=manifest.label,
            title=(taken_in.title if taken_in else None) or manifest.title,
            format=(taken_in.format if taken_in else None) or manifest.format,
            relationship=taken_in.relationship if taken_in else None,
            claim_generator=manifest.claim_generator,
            signer=manifest.signer,
            signed_at=manifest.signed_at,
            trusted=self._chain.trusted(label),
            ai_declared=self._ai[label].declared if label in self._ai else AiDeclared.NONE,
            captured=own_capture(manifest),
            actions=tuple(_action(action) for action in manifest.actions),
            assertions=manifest.assertions,
            training=_training(manifest),
            codes=codes,
            redactions=manifest.redactions,
            ingredients=below,
            repeated=repeated,
            cut=not repeated and len(below) < len(manifest.ingredients),
            thumbnail=self._picture(manifest.thumbnail) or self._taken_in(taken_in, above),
            signals=signals_of(manifest),
            soft_bindings=manifest.soft_bindings,
            identities=manifest.identities,
        )

    def _ingredients(self, manifest: Manifest, above: tuple[str, ...]) -> tuple[ManifestNode, ...]:
        nodes = []
        for ingredient in sorted(manifest.ingredients, key=_rank):
            if self._left <= 0:
                break
            codes = (
                *_statuses(ingredient_failures(ingredient), fault=True),
                *_statuses(ingredient.current.informational, fault=False),
                *_statuses(ingredient.current.success, fault=False),
            )
            if ingredient.manifest in self._chain.store.manifests:
                nodes.append(self._manifest(str(ingredient.manifest), ingredient, codes, above))
            else:
                nodes.append(self._leaf(ingredient, codes, above))
        return tuple(nodes)

    def _leaf(
        self, ingredient: Ingredient, codes: tuple[ValidationCode, ...], above: tuple[str, ...]
    ) -> ManifestNode:
        self._left -= 1
        return ManifestNode(
            label=None,
            title=ingredient.title,
            format=ingredient.format,
            relationship=ingredient.relationship,
            codes=codes,
            thumbnail=self._taken_in(ingredient, above),
        )

    def _picture(self, place: str | None) -> Thumbnail | None:
        return self._pictures.get(place) if place is not None else None

    def _taken_in(self, ingredient: Ingredient | None, above: tuple[str, ...]) -> Thumbnail | None:
        """Return a parent's picture of an ingredient: anybody could put anything there, so only
        a trusted parent's is shown.
        """
        if ingredient is None or not above or not self._chain.trusted(above[-1]):
            return None
        return self._picture(ingredient.thumbnail)


def thumbnail_places(chain: Chain, limit: int) -> tuple[str, ...]:
    """Return where the pictures of a tree stand, nearest to the active manifest first."""
    places: dict[str, None] = {}
    for manifest in chain.reached():
        found = [manifest.thumbnail, *(i.thumbnail for i in manifest.ingredients)]
        places.update(dict.fromkeys(place for place in found if place is not None))
    return tuple(places)[:limit]


_ORDER = {relationship: index for index, relationship in enumerate(Relationship)}


def _rank(ingredient: Ingredient) -> int:
    """Order ingredients: parent, components, inputs, others; alike ones stay as written."""
    return len(_ORDER) if ingredient.relationship is None else _ORDER[ingredient.relationship]


def _statuses(codes: tuple[str, ...], *, fault: bool) -> tuple[ValidationCode, ...]:
    return tuple(ValidationCode(code, code_meaning(code), fault) for code in codes)


def _action(action: StatedAction) -> Action:
    words = action_words(action.label)
    return Action(
        label=action.label,
        words=f"{words}: {action.description}" if action.description else words,
        software=action.software,
        when=action.when,
        digital_source_type=action.source_type,
    )


def _training(manifest: Manifest) -> tuple[tuple[TrainingUse, Permission], ...]:
    return tuple((use, permission) for _, use, permission in own_training(manifest))
