"""The provenance lane: what the credential says, each axis apart."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from inspector.domain.provenance import AiDeclared, Permission, Provenance, ProvenanceState
from inspector.gui.evidence.facts import Fact, Lane, Mark
from inspector.gui.evidence.words import (
    location_words,
    permission_words,
    shown,
    source_type_words,
    tier_words,
    use_words,
)

translate = QCoreApplication.translate

_SIGNED = (ProvenanceState.VALID, ProvenanceState.TRUSTED, ProvenanceState.INVALID)


def provenance_lane(provenance: Provenance) -> Lane:
    """Return the lane of one file's credential."""
    headline, mark = state_words(provenance)
    facts: list[Fact] = []
    if provenance.state in _SIGNED:
        facts += [*_axes(provenance), *_who(provenance), *_statements(provenance)]
        facts += _faults(provenance)
    elif provenance.location is not None:
        facts.append(Fact(translate("Lanes", "Where"), location_words(provenance.location)))
    if provenance.remote_url:
        facts.append(Fact(translate("Lanes", "Address"), shown(provenance.remote_url)))
    if provenance.message and provenance.state is not ProvenanceState.ABSENT:
        facts.append(Fact(translate("Lanes", "Reader says"), shown(provenance.message)))
    title = translate("Lanes", "Provenance")
    return Lane(title, headline, mark, tuple(facts), state_note(provenance))


def state_words(provenance: Provenance) -> tuple[str, Mark]:
    """Return the state of a credential in one line, every state told apart."""
    words, mark = _STATES[provenance.state]
    if provenance.state is ProvenanceState.INVALID and provenance.hash_ok is False:
        words, mark = _OTHER_CONTENT, Mark.TAMPERED
    elif provenance.state is ProvenanceState.INVALID and provenance.signature_ok is False:
        words, mark = _OTHER_SIGNATURE, Mark.TAMPERED
    return translate("Lanes", words), mark


_OTHER_CONTENT = "Tampered: not the content that was signed"
_OTHER_SIGNATURE = "Tampered: the signature does not match"
_STATES: Mapping[ProvenanceState, tuple[str, Mark]] = MappingProxyType(
    {
        ProvenanceState.ABSENT: ("No credential", Mark.NO_EVIDENCE),
        ProvenanceState.TRUSTED: ("Credential of a trusted signer", Mark.MATCHES),
        ProvenanceState.VALID: ("Credential of a signer on no trust list", Mark.INFO),
        ProvenanceState.INVALID: ("Credential with problems", Mark.NOTICE),
        ProvenanceState.REMOTE: ("Credential kept elsewhere, not fetched", Mark.INFO),
        ProvenanceState.CORRUPT: ("Damaged credential, cannot be read", Mark.NOTICE),
        ProvenanceState.UNSUPPORTED: ("Format without a readable credential", Mark.NO_EVIDENCE),
        ProvenanceState.UNREADABLE: (
            "Read error while the credential was checked",
            Mark.UNREADABLE,
        ),
    }
)


def state_note(provenance: Provenance) -> str:
    """Return what must not be concluded from the state."""
    match provenance.state:
        case ProvenanceState.ABSENT | ProvenanceState.UNSUPPORTED:
            return translate(
                "Lanes", "No credential proves nothing: most authentic files have none."
            )
        case ProvenanceState.REMOTE:
            return translate(
                "Lanes", "Nothing was sent; the address is shown as the file gives it."
            )
        case ProvenanceState.CORRUPT | ProvenanceState.UNREADABLE:
            return translate("Lanes", "That is neither “no credential” nor “tampered”.")
        case ProvenanceState.INVALID if not provenance.broken:
            return translate("Lanes", "Content and signature were not found altered.")
        case ProvenanceState.VALID:
            return translate(
                "Lanes",
                "What it says against itself (AI) counts; what it says in its favour does not.",
            )
        case _:
            return ""


def _axes(provenance: Provenance) -> list[Fact]:
    matches = translate("Lanes", "matches")
    differs = translate("Lanes", "does not match")
    unchecked = translate("Lanes", "nothing to check")

    def axis(name: str, good: bool | None) -> Fact:
        if good is None:
            return Fact(name, unchecked, Mark.NOTHING)
        return Fact(name, matches if good else differs, Mark.MATCHES if good else Mark.DIFFERS)

    listed = provenance.trust_tier is not None
    return [
        axis(translate("Lanes", "Content hash"), provenance.hash_ok),
        axis(translate("Lanes", "Signature"), provenance.signature_ok),
        _certificate(provenance.certificate_expired),
        Fact(
            translate("Lanes", "Trust"),
            tier_words(provenance.trust_tier),
            Mark.MATCHES if listed else Mark.NOTHING,
        ),
    ]


def _certificate(expired: bool | None) -> Fact:
    name = translate("Lanes", "Certificate")
    if expired is None:
        return Fact(name, translate("Lanes", "nothing to check"), Mark.NOTHING)
    if expired:
        words = translate("Lanes", "expired, and no time stamp shows when it signed")
        return Fact(name, words, Mark.NOTICE)
    return Fact(name, translate("Lanes", "in force when it signed"), Mark.MATCHES)


def _who(provenance: Provenance) -> list[Fact]:
    named = (
        (translate("Lanes", "Signer"), provenance.signer),
        (translate("Lanes", "Signed at"), provenance.signed_at),
        (translate("Lanes", "Generator"), provenance.claim_generator),
    )
    facts = [Fact(name, shown(value)) for name, value in named if value]
    facts.append(Fact(translate("Lanes", "Where"), location_words(provenance.location)))
    steps = translate("Lanes", "{manifests} manifests, {depth} deep").format(
        manifests=provenance.manifests, depth=provenance.depth
    )
    if provenance.manifests == 1:
        steps = translate("Lanes", "one manifest, {depth} deep").format(depth=provenance.depth)
    facts.append(Fact(translate("Lanes", "Chain"), steps))
    return facts


def _statements(provenance: Provenance) -> list[Fact]:
    facts = [_ai_statement(provenance)]
    if provenance.ai_declared_by:
        facts.append(Fact(translate("Lanes", "Stated in"), shown(provenance.ai_declared_by)))
    if provenance.digital_source_types:
        words = "\n".join(source_type_words(code) for code in provenance.digital_source_types)
        facts.append(Fact(translate("Lanes", "Source types"), words))
    for use, permission in provenance.training:
        mark = None if permission is Permission.ALLOWED else Mark.REFUSES
        facts.append(Fact(use_words(use), permission_words(permission), mark))
    if provenance.training_by:
        facts.append(Fact(translate("Lanes", "Permission by"), shown(provenance.training_by)))
    return facts


def _ai_statement(provenance: Provenance) -> Fact:
    name = translate("Lanes", "AI statement")
    signed = (
        translate("Lanes", "signed")
        if provenance.ai_signed
        else translate("Lanes", "its own signature does not match")
    )
    match provenance.ai_declared:
        case AiDeclared.WHOLE:
            words = translate("Lanes", "made by a generative model ({signed})")
            return Fact(name, words.format(signed=signed), Mark.AI)
        case AiDeclared.PART:
            words = translate("Lanes", "partly made by a generative model ({signed})")
            return Fact(name, words.format(signed=signed), Mark.AI_PART)
        case AiDeclared.NONE:
            return Fact(name, translate("Lanes", "none"), Mark.NOTHING)


def _faults(provenance: Provenance) -> list[Fact]:
    facts = []
    if provenance.ingredient_problems:
        problems = "\n".join(shown(problem) for problem in provenance.ingredient_problems)
        facts.append(Fact(translate("Lanes", "In ingredients"), problems, Mark.NOTICE))
    if provenance.codes:
        codes = "\n".join(shown(code) for code in provenance.codes)
        facts.append(Fact(translate("Lanes", "Status codes"), codes))
    return facts
