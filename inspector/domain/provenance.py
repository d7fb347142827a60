"""What the Content Credentials (C2PA) of a file say, each axis apart.

The words are C2PA's own: manifest store, active manifest, ingredient, assertion, action, claim
generator, digital source type, validation status.
"""

from dataclasses import dataclass
from enum import StrEnum


class ProvenanceState(StrEnum):
    """State of the credential as a whole; only the axes say why it is invalid."""

    ABSENT = "absent"
    VALID = "valid"
    TRUSTED = "trusted"
    INVALID = "invalid"
    REMOTE = "remote"
    CORRUPT = "corrupt"
    UNSUPPORTED = "unsupported"
    UNREADABLE = "unreadable"


class TrustTier(StrEnum):
    OFFICIAL = "official"
    INTERIM = "interim"
    USER = "user"


class Location(StrEnum):
    EMBEDDED = "embedded"
    SIDECAR = "sidecar"
    REMOTE = "remote"


class AiDeclared(StrEnum):
    NONE = "none"
    PART = "part"
    WHOLE = "whole"


class Permission(StrEnum):
    """One entry of a training-and-data-mining assertion."""

    ALLOWED = "allowed"
    CONSTRAINED = "constrained"
    NOT_ALLOWED = "notAllowed"


class TrainingUse(StrEnum):
    """What a picture may or may not be used for."""

    AI_GENERATIVE_TRAINING = "ai_generative_training"
    AI_TRAINING = "ai_training"
    DATA_MINING = "data_mining"
    AI_INFERENCE = "ai_inference"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Summary of the credential; the fields of ``provenance`` in the item contract.

    Attributes:
        hash_ok: the content hash matches; None where there is nothing to check.
        signature_ok: the claim signature matches; None where there is nothing to check.
        depth: 1 for a lone manifest without ingredients, one more for each ingredient step.
        ai_declared_by: manifest label and assertion that say AI; None if none does.
        ai_signed: the AI statement stands in a manifest whose own signature matches.
        capture_trusted: a capture is stated in a manifest whose signer is on a trust list.
        digital_source_types: short codes ("digitalCapture"), active manifest first.
        training: strictest permission per use found in the chain.
        training_by: manifest label and signer that state the strictest one.
        ingredient_ids: what tells the manifests and ingredients of the chain from all others,
            the active manifest's label first; files that share one have a common origin.
    """

    state: ProvenanceState = ProvenanceState.ABSENT
    trust_tier: TrustTier | None = None
    location: Location | None = None
    hash_ok: bool | None = None
    signature_ok: bool | None = None
    certificate_expired: bool | None = None
    manifests: int = 0
    depth: int = 0
    active_label: str | None = None
    claim_generator: str | None = None
    signer: str | None = None
    signed_at: str | None = None
    digital_source_types: tuple[str, ...] = ()
    ai_declared: AiDeclared = AiDeclared.NONE
    ai_declared_by: str | None = None
    ai_signed: bool = False
    capture_trusted: bool = False
    ingredient_problems: tuple[str, ...] = ()
    training: tuple[tuple[TrainingUse, Permission], ...] = ()
    training_by: str | None = None
    remote_url: str | None = None
    codes: tuple[str, ...] = ()
    message: str | None = None
    ingredient_ids: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether hash or signature does not match: the only case called tampered."""
        return self.hash_ok is False or self.signature_ok is False

    def permission(self, use: TrainingUse) -> Permission | None:
        """Return the strictest statement found for one use, or None if nothing is said."""
        return next((permission for stated, permission in self.training if stated is use), None)


class Relationship(StrEnum):
    PARENT = "parentOf"
    COMPONENT = "componentOf"
    INPUT = "inputTo"


@dataclass(frozen=True, slots=True)
class ValidationCode:
    """One validation status: C2PA's code, its plain meaning, and whether it is a fault."""

    code: str
    meaning: str
    fault: bool


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of an actions assertion, in order.

    ``label`` is C2PA's ("c2pa.cropped"); ``words`` says it plainly ("Cropped").
    """

    label: str
    words: str
    software: str | None = None
    when: str | None = None
    digital_source_type: str | None = None


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture that a credential carries, decoded where strangers' files are.

    Attributes:
        width: pixels, at most 128; so is ``height``.
        rgb_base64: rows from the top, three bytes a pixel, in base64.
    """

    width: int
    height: int
    rgb_base64: str


class Signal(StrEnum):
    """What a manifest says of how its file began and was changed, as C2PA classifies it.

    Source: C2PA Asset Signals Rubric, 2026-08-06; the values are its own ids. It judges each
    manifest alone.
    """

    BLANK_CANVAS = "blankCanvas"
    CAPTURED = "capturedMedia"
    CAPTURED_STITCHED = "capturedMediaStitched"
    COMPOSITION = "compositionMayContainGenAI"
    FULLY_GEN_AI = "fullyGenAIMedia"
    UNKNOWN_PROVENANCE = "mediaUnknownProvenance"
    NON_GEN_AI_CREATION = "nonGenAIDigitalCreation"
    PARTLY_GEN_AI = "partlyGenAICreation"
    SCREEN_CAPTURE = "screenCaptureMayContainGenAI"
    AMBIGUOUS = "ambiguousActions"
    NON_EDITORIAL = "nonEditorial"
    GEN_AI_CHANGE = "perceptibleGenAI"
    NON_GEN_AI_CHANGE = "perceptibleNonGenAI"
    POSSIBLY_GEN_AI_CHANGE = "perceptiblePossiblyGenAI"


@dataclass(frozen=True, slots=True)
class SoftBinding:
    """A watermark or fingerprint by which the credential can be found again.

    Attributes:
        algorithm: as written ("com.adobe.trustmark.P"); ``name`` is its own in plain words.
        vendor: whose it is, where the algorithm is on C2PA's list or names a domain.
        kind: "watermark", "fingerprint", or None where the list does not know it.
    """

    algorithm: str
    name: str | None = None
    vendor: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class StatedIdentity:
    """An identity (CAWG) that somebody states; nothing of it is checked.

    Attributes:
        kind: how it is signed, in CAWG's words ("cawg.identity_claims_aggregation").
        issuer: who vouches for it, as stated.
        claims: one line each ("instagram: somebody, https://...").
    """

    kind: str
    issuer: str | None = None
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ManifestNode:
    """A manifest, or an unsigned ingredient as a leaf, in the tree the desk shows.

    Attributes:
        label: the manifest's label; None for an ingredient without a manifest.
        relationship: to the node above; None for the active manifest.
        trusted: signer on a trust list.
        codes: validation codes that belong to this node alone.
        repeated: this manifest already stands higher in its own branch (a cycle), so it is not
            opened again.
        cut: it has ingredients that the tree leaves out, as it would grow too deep or too large.
        thumbnail: its own, or its parent's picture of it where the parent's signer is trusted.
    """

    label: str | None
    title: str | None
    format: str | None
    relationship: Relationship | None
    claim_generator: str | None = None
    signer: str | None = None
    signed_at: str | None = None
    trusted: bool = False
    ai_declared: AiDeclared = AiDeclared.NONE
    captured: bool = False
    actions: tuple[Action, ...] = ()
    assertions: tuple[str, ...] = ()
    training: tuple[tuple[TrainingUse, Permission], ...] = ()
    codes: tuple[ValidationCode, ...] = ()
    redactions: tuple[str, ...] = ()
    ingredients: tuple["ManifestNode", ...] = ()
    repeated: bool = False
    cut: bool = False
    thumbnail: Thumbnail | None = None
    signals: tuple[Signal, ...] = ()
    soft_bindings: tuple[SoftBinding, ...] = ()
    identities: tuple[StatedIdentity, ...] = ()


@dataclass(frozen=True, slots=True)
class ManifestStore:
    """The whole credential of one file, for the tree and the raw view.

    Attributes:
        summary: the item's own provenance fields.
        root: the active manifest, None where there is none.
        raw_json: the reader's JSON with sorted keys, two-space indents.
    """

    summary: Provenance
    root: ManifestNode | None
    raw_json: str
