"""From a parsed store to the item's provenance: each axis apart, faults where they belong."""

from inspector.adapters.c2pa.claims import Codes
from inspector.adapters.c2pa.statements import Chain
from inspector.domain.provenance import Location, Provenance, ProvenanceState, TrustTier

_HASH_MATCH = frozenset(
    f"assertion.{kind}.match"
    for kind in ("dataHash", "bmffHash", "boxesHash", "collectionHash", "multiAssetHash")
)
_HASH_MISMATCH = frozenset(
    [code.replace(".match", ".mismatch") for code in _HASH_MATCH]
    + ["assertion.hashedURI.mismatch", "assertion.multiAssetHash.missingPart"]
)
"""Content or a statement differs from what was signed: both are called tampered."""

_SIGNATURE_BAD = frozenset({"claimSignature.mismatch", "claimSignature.missing"})
_EXPIRED = frozenset({"signingCredential.expired", "claimSignature.outsideValidity"})


def summarise(chain: Chain, tier: TrustTier | None, location: Location) -> Provenance:
    """Return the provenance of a file whose credential could be read.

    The headline rests on the active manifest alone; ``ingredient_problems`` holds the rest.
    """
    codes = chain.store.codes
    active = chain.active
    ai = chain.ai()
    training = chain.training()
    return Provenance(
        state=_state(codes, tier),
        trust_tier=tier,
        location=location,
        hash_ok=hash_ok(codes),
        signature_ok=signature_ok(codes),
        certificate_expired=_expired(codes),
        manifests=chain.store.count,
        depth=chain.depth(),
        active_label=active.label if active else None,
        claim_generator=active.claim_generator if active else None,
        signer=active.signer if active else None,
        signed_at=active.signed_at if active else None,
        digital_source_types=chain.source_types(),
        ai_declared=ai.declared,
        ai_declared_by=ai.by,
        ai_signed=ai.signed,
        capture_trusted=chain.captured(),
        ingredient_problems=chain.problems(),
        training=training.permissions,
        training_by=training.by,
        codes=codes.failure,
        message=_unchecked(chain),
        ingredient_ids=chain.ids(),
    )


def hash_ok(codes: Codes) -> bool | None:
    """Return whether content and statements are what was signed; None if nothing was checked."""
    if not _HASH_MISMATCH.isdisjoint(codes.failure):
        return False
    return True if not _HASH_MATCH.isdisjoint(codes.success) else None


def signature_ok(codes: Codes) -> bool | None:
    """Return whether the claim signature matches; None if it was not checked."""
    if not _SIGNATURE_BAD.isdisjoint(codes.failure):
        return False
    return True if "claimSignature.validated" in codes.success else None


def _unchecked(chain: Chain) -> str | None:
    """Say what was left out because it needs the network, or None."""
    for manifest in chain.reached():
        if any(label.startswith("cawg.identity") for label in manifest.assertions):
            return "It also states an identity (CAWG), which is not checked offline."
    return None


def _state(codes: Codes, tier: TrustTier | None) -> ProvenanceState:
    if set(codes.failure) - {"signingCredential.untrusted"}:
        return ProvenanceState.INVALID
    return ProvenanceState.VALID if tier is None else ProvenanceState.TRUSTED


def _expired(codes: Codes) -> bool | None:
    if not _EXPIRED.isdisjoint(codes.failure):
        return True
    return False if "claimSignature.insideValidity" in codes.success else None
