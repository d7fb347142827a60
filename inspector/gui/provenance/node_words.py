"""A node of the manifest tree in words: what it is, what it says, and everything behind it."""

from PySide6.QtCore import QCoreApplication

from inspector.domain.provenance import (
    Action,
    AiDeclared,
    ManifestNode,
    Permission,
    Relationship,
    Signal,
    SoftBinding,
    ValidationCode,
)
from inspector.gui.evidence.facts import Fact, Mark
from inspector.gui.evidence.words import permission_words, shown, source_type_words, use_words

translate = QCoreApplication.translate

_MISMATCH = ".mismatch"
_GOOD = (".match", ".validated", ".trusted", ".insideValidity", ".accessible", ".notRevoked")
_UNLISTED = "signingCredential.untrusted"
_STATEMENTS = "/c2pa.assertions/"
_EXPIRED = ("signingCredential.expired", "claimSignature.outsideValidity")


def name_words(node: ManifestNode) -> str:
    """Return what a node is called in the tree."""
    return shown(node.title or node.claim_generator or node.label or "") or translate(
        "Manifest", "(without a title)"
    )


def relationship_words(relationship: Relationship | None) -> str:
    """Return what a node is to the one above, in a word or two."""
    match relationship:
        case Relationship.PARENT:
            return translate("Manifest", "parent")
        case Relationship.COMPONENT:
            return translate("Manifest", "part")
        case Relationship.INPUT:
            return translate("Manifest", "input")
        case None:
            return translate("Manifest", "ingredient")


def says(node: ManifestNode) -> tuple[tuple[Mark, str], ...]:
    """Return the marks of a node with their words, the weightiest first."""
    marks = _fault_marks(node)
    if node.ai_declared is AiDeclared.WHOLE:
        marks.append((Mark.AI, translate("Manifest", "AI-generated")))
    elif node.ai_declared is AiDeclared.PART:
        marks.append((Mark.AI_PART, translate("Manifest", "AI-edited")))
    if node.captured:
        marks.append((Mark.CAMERA, translate("Manifest", "camera-captured")))
    if any(permission is not Permission.ALLOWED for _, permission in node.training):
        marks.append((Mark.REFUSES, translate("Manifest", "training limited")))
    if node.label is None:
        marks.append((Mark.NOTHING, translate("Manifest", "no credential")))
    elif node.trusted:
        marks.append((Mark.MATCHES, translate("Manifest", "trusted signer")))
    else:
        marks.append((Mark.INFO, translate("Manifest", "signer on no list")))
    if node.repeated:
        marks.append((Mark.INFO, translate("Manifest", "stands above already")))
    if node.cut:
        marks.append((Mark.INFO, translate("Manifest", "more below, not shown")))
    return tuple(marks)


def _fault_marks(node: ManifestNode) -> list[tuple[Mark, str]]:
    """Return marks for real faults: a signer on no list is no fault of the file."""
    faults = [code.code for code in node.codes if code.fault and code.code != _UNLISTED]
    if any(code.endswith(_MISMATCH) for code in faults):
        return [(Mark.DIFFERS, translate("Manifest", "does not match"))]
    if faults and all(code in _EXPIRED for code in faults):
        return [(Mark.NOTICE, translate("Manifest", "certificate expired"))]
    if faults:
        return [(Mark.NOTICE, translate("Manifest", "problems"))]
    return []


def node_facts(node: ManifestNode, *, is_active: bool) -> tuple[Fact, ...]:
    """Return everything known of one node, in reading order; actions keep their own order.

    Args:
        is_active: it is the active manifest, the file's own.
    """
    facts = [*_identity(node, is_active), *_signer(node)]
    facts += [_action_fact(number, action) for number, action in enumerate(node.actions, start=1)]
    facts += _training(node)
    facts += _beside(node)
    facts += [_code_fact(code) for code in node.codes]
    facts += _lists(node)
    return tuple(facts)


def _identity(node: ManifestNode, is_active: bool) -> list[Fact]:
    untitled = translate("Manifest", "(without a title)")
    facts = [
        Fact(translate("Manifest", "Title"), shown(node.title or "") or untitled),
        Fact(translate("Manifest", "Place"), place_words(node, is_active=is_active)),
    ]
    facts += [Fact(translate("Manifest", "Says"), words, mark) for mark, words in says(node)]
    if node.format:
        facts.append(Fact(translate("Manifest", "Format"), shown(node.format)))
    if node.claim_generator:
        facts.append(Fact(translate("Manifest", "Made with"), shown(node.claim_generator)))
    return facts


def place_words(node: ManifestNode, *, is_active: bool) -> str:
    """Return where a node stands, with C2PA's own word for it."""
    if is_active:
        return translate("Manifest", "the file itself (active manifest)")
    match node.relationship:
        case Relationship.PARENT:
            return translate("Manifest", "the file above was edited from it (parentOf)")
        case Relationship.COMPONENT:
            return translate("Manifest", "part of the file above (componentOf)")
        case Relationship.INPUT:
            return translate("Manifest", "input of the file above (inputTo)")
        case None:
            return translate("Manifest", "ingredient of the file above, its part not stated")


def _signer(node: ManifestNode) -> list[Fact]:
    if node.label is None:
        words = translate("Manifest", "No credential: that proves nothing.")
        return [Fact(translate("Manifest", "Signer"), words, Mark.NOTHING)]
    listed = (
        translate("Manifest", "on a trust list")
        if node.trusted
        else translate("Manifest", "on no trust list")
    )
    signer = shown(node.signer) if node.signer else translate("Manifest", "not named")
    mark = Mark.MATCHES if node.trusted else Mark.NOTHING
    facts = [Fact(translate("Manifest", "Signer"), f"{signer} ({listed})", mark)]
    if node.signed_at:
        facts.append(Fact(translate("Manifest", "Signed at"), shown(node.signed_at)))
    facts.append(Fact(translate("Manifest", "Label"), shown(node.label)))
    return facts


def _action_fact(number: int, action: Action) -> Fact:
    known = bool(action.words) and action.words != action.label
    lines = [f"{shown(action.words)} ({shown(action.label)})" if known else shown(action.label)]
    if action.software:
        lines.append(
            translate("Manifest", "with {software}").format(software=shown(action.software))
        )
    if action.when:
        lines.append(translate("Manifest", "at {when}").format(when=shown(action.when)))
    if action.digital_source_type:
        lines.append(source_type_words(action.digital_source_type))
    name = translate("Manifest", "Action {number}").format(number=number)
    return Fact(name, "\n".join(lines))


def _training(node: ManifestNode) -> list[Fact]:
    by = shown(node.signer) if node.signer else translate("Manifest", "the signer of this node")
    stated = dict.fromkeys(node.training)  # often under two labels, in the same words
    return [
        Fact(
            use_words(use),
            translate("Manifest", "{permission}, stated by {signer}").format(
                permission=permission_words(permission), signer=by
            ),
            None if permission is Permission.ALLOWED else Mark.REFUSES,
        )
        for use, permission in stated
    ]


def signal_words(signal: Signal) -> str:
    """Return what C2PA's Asset Signals Rubric calls a signal, by its own names."""
    match signal:
        case Signal.BLANK_CANVAS:
            return translate("Signal", "Blank Canvas")
        case Signal.CAPTURED:
            return translate("Signal", "Captured Media")
        case Signal.CAPTURED_STITCHED:
            return translate("Signal", "Stitched Captured Media")
        case Signal.COMPOSITION:
            return translate("Signal", "Composition which may contain GenAI content")
        case Signal.FULLY_GEN_AI:
            return translate("Signal", "Fully GenAI Media")
        case Signal.UNKNOWN_PROVENANCE:
            return translate("Signal", "Media of Unknown Provenance")
        case Signal.NON_GEN_AI_CREATION:
            return translate("Signal", "Non-GenAI digital creation")
        case Signal.PARTLY_GEN_AI:
            return translate("Signal", "Partly GenAI Creation")
        case Signal.SCREEN_CAPTURE:
            return translate("Signal", "Screen Capture Which May Contain GenAI Content")
        case Signal.AMBIGUOUS:
            return translate("Signal", "Ambiguous Actions")
        case Signal.NON_EDITORIAL:
            return translate("Signal", "Non-Editorial Transformations")
        case Signal.GEN_AI_CHANGE:
            return translate("Signal", "Perceptible GenAI Transformations")
        case Signal.NON_GEN_AI_CHANGE:
            return translate("Signal", "Perceptible Non-GenAI Transformations")
        case Signal.POSSIBLY_GEN_AI_CHANGE:
            return translate("Signal", "Perceptible Transformations Possibly Using GenAI")


def _beside(node: ManifestNode) -> list[Fact]:
    """Return what a manifest states beside its history: signals, soft bindings, identities."""
    facts = []
    if node.signals:
        words = "\n".join(signal_words(signal) for signal in node.signals)
        facts.append(Fact(translate("Manifest", "Signals (C2PA rubric)"), words))
    facts += [
        Fact(translate("Manifest", "Soft binding"), _binding_words(binding))
        for binding in node.soft_bindings
    ]
    for identity in node.identities:
        lines = [translate("Manifest", "identity not checked")]
        lines += [shown(claim) for claim in identity.claims]
        if identity.issuer:
            lines.append(
                translate("Manifest", "stated by {issuer}").format(issuer=shown(identity.issuer))
            )
        lines.append(shown(identity.kind))
        facts.append(Fact(translate("Manifest", "Identity"), "\n".join(lines), Mark.NOTHING))
    return facts


def _binding_words(binding: SoftBinding) -> str:
    match binding.kind:
        case "watermark":
            kind = translate("Manifest", "invisible watermark")
        case "fingerprint":
            kind = translate("Manifest", "fingerprint of the content")
        case _:
            kind = translate("Manifest", "of a kind that is not known")
    named = ", ".join(shown(text) for text in (binding.name, binding.vendor) if text)
    lines = [f"{named}: {kind}" if named else kind, shown(binding.algorithm)]
    return "\n".join(lines)


def _code_fact(code: ValidationCode) -> Fact:
    same = not code.meaning or code.meaning == code.code
    words = shown(code.code) if same else f"{shown(code.meaning)}\n{shown(code.code)}"
    if code.code == _UNLISTED:
        return Fact(translate("Manifest", "Trust"), words, Mark.INFO)
    if code.fault:
        mark = Mark.DIFFERS if code.code.endswith(_MISMATCH) else Mark.NOTICE
        return Fact(translate("Manifest", "Fault"), words, mark)
    if code.code.endswith(_GOOD):
        return Fact(translate("Manifest", "Check"), words, Mark.MATCHES)
    return Fact(translate("Manifest", "Note"), words, Mark.INFO)


def _lists(node: ManifestNode) -> list[Fact]:
    facts = []
    if node.redactions:
        removed = "\n".join(_removed_words(redaction) for redaction in node.redactions)
        facts.append(Fact(translate("Manifest", "Redacted"), removed, Mark.INFO))
    if node.assertions:
        stated = "\n".join(shown(assertion) for assertion in node.assertions)
        facts.append(Fact(translate("Manifest", "Assertions"), stated))
    if node.ingredients:
        facts.append(Fact(translate("Manifest", "Ingredients"), str(len(node.ingredients))))
    if node.cut:
        words = translate("Manifest", "too many or too deep to show; the raw JSON lists more")
        facts.append(Fact(translate("Manifest", "Not shown"), words, Mark.INFO))
    return facts


def _removed_words(redaction: str) -> str:
    """Return which statement was taken out of which manifest, for an address inside a store."""
    manifest, found, statement = redaction.partition(_STATEMENTS)
    if not found:
        return shown(redaction)
    label = manifest.rpartition("/")[2]
    return translate("Manifest", "{statement}\nfrom {label}").format(
        statement=shown(statement), label=shown(label)
    )
