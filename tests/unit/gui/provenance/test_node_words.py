"""A node in words: its marks, its place, its actions in order, and no cry of tampering."""

from dataclasses import replace

from inspector.domain.provenance import (
    Action,
    AiDeclared,
    ManifestNode,
    Permission,
    Relationship,
    Signal,
    SoftBinding,
    StatedIdentity,
    TrainingUse,
    ValidationCode,
)
from inspector.gui.evidence.facts import Mark
from inspector.gui.provenance.node_words import name_words, node_facts, says, signal_words

SIGNED = ManifestNode("urn:a", "a.jpg", "image/jpeg", None, "Editor 1", "Example Ltd")


def marks(node) -> set[Mark]:
    return {mark for mark, _ in says(node)}


def values(node, name: str) -> list[str]:
    return [fact.value for fact in node_facts(node, is_active=True) if fact.name == name]


def a_code(code: str, *, fault: bool) -> ValidationCode:
    return ValidationCode(code, f"Meaning of {code}.", fault)


def test_that_a_signer_on_no_list_is_no_fault_of_the_file():
    node = replace(SIGNED, codes=(a_code("signingCredential.untrusted", fault=True),))
    assert marks(node) == {Mark.INFO}


def test_that_a_mismatch_an_expiry_and_another_fault_are_told_apart():
    mismatch = replace(SIGNED, codes=(a_code("assertion.dataHash.mismatch", fault=True),))
    expired = replace(SIGNED, codes=(a_code("signingCredential.expired", fault=True),))
    other = replace(SIGNED, codes=(a_code("assertion.action.malformed", fault=True),))
    assert says(mismatch)[0] == (Mark.DIFFERS, "does not match")
    assert says(expired)[0] == (Mark.NOTICE, "certificate expired")
    assert says(other)[0] == (Mark.NOTICE, "problems")


def test_that_every_statement_has_its_mark():
    node = replace(
        SIGNED,
        trusted=True,
        ai_declared=AiDeclared.PART,
        captured=True,
        repeated=True,
        training=((TrainingUse.AI_TRAINING, Permission.CONSTRAINED),),
    )
    assert marks(node) == {Mark.AI_PART, Mark.CAMERA, Mark.REFUSES, Mark.MATCHES, Mark.INFO}


def test_that_an_unsigned_ingredient_proves_nothing():
    leaf = ManifestNode(None, "b.jpg", None, Relationship.COMPONENT)
    assert says(leaf) == ((Mark.NOTHING, "no credential"),)
    assert values(leaf, "Signer") == ["No credential: that proves nothing."]


def test_that_actions_keep_their_order_with_software_time_and_source_type():
    node = replace(
        SIGNED,
        actions=(
            Action("c2pa.created", "Created", "Camera 2", "2026-01-01T00:00:00Z", "digitalCapture"),
            Action("c2pa.cropped", "Cropped"),
            Action("com.example.odd", "com.example.odd"),
        ),
    )
    assert values(node, "Action 1") == [
        "Created (c2pa.created)\nwith Camera 2\nat 2026-01-01T00:00:00Z\n"
        "captured by a digital camera (digitalCapture)"
    ]
    assert values(node, "Action 2") == ["Cropped (c2pa.cropped)"]
    assert values(node, "Action 3") == ["com.example.odd"]


def test_that_permissions_name_who_states_them():
    node = replace(SIGNED, training=((TrainingUse.DATA_MINING, Permission.NOT_ALLOWED),))
    assert values(node, "Data mining") == ["not allowed, stated by Example Ltd"]


def test_that_codes_come_with_their_meaning_and_redactions_are_listed():
    node = replace(
        SIGNED,
        codes=(
            a_code("claimSignature.validated", fault=False),
            a_code("signingCredential.ocsp.skipped", fault=False),
        ),
        redactions=("self#jumbf=gps",),
    )
    assert values(node, "Check") == [
        "Meaning of claimSignature.validated.\nclaimSignature.validated"
    ]
    assert len(values(node, "Note")) == 1
    assert values(node, "Redacted") == ["self#jumbf=gps"]


def test_that_soft_bindings_name_vendor_algorithm_and_kind():
    node = replace(
        SIGNED,
        soft_bindings=(
            SoftBinding("com.adobe.trustmark.P", "TrustMark P", "Adobe", "watermark"),
            SoftBinding("com.example.mark\u202e", vendor="example"),
        ),
    )
    first, second = values(node, "Soft binding")
    assert first == "TrustMark P, Adobe: invisible watermark\ncom.adobe.trustmark.P"
    assert second.startswith("example: of a kind that is not known\n")
    assert "\u202e" not in second


def test_that_an_identity_is_shown_as_not_checked():
    identity = StatedIdentity("cawg.x509.cose", "did:web:who.example", ("photos: somebody",))
    (words,) = values(replace(SIGNED, identities=(identity,)), "Identity")
    assert words.splitlines()[0] == "identity not checked"
    assert "photos: somebody" in words
    assert "did:web:who.example" in words


def test_that_every_signal_has_the_name_the_rubric_gives_it():
    assert len({signal_words(signal) for signal in Signal}) == len(Signal)
    node = replace(SIGNED, signals=(Signal.CAPTURED, Signal.NON_EDITORIAL))
    assert values(node, "Signals (C2PA rubric)") == [
        "Captured Media\nNon-Editorial Transformations"
    ]


def test_that_what_the_tree_leaves_out_is_told():
    cut = replace(SIGNED, cut=True)
    assert "more below, not shown" in {words for _, words in says(cut)}
    assert values(cut, "Not shown")
    assert not values(SIGNED, "Not shown")


def test_that_the_same_permission_under_two_labels_is_told_once():
    stated = (TrainingUse.DATA_MINING, Permission.NOT_ALLOWED)
    assert len(values(replace(SIGNED, training=(stated, stated)), "Data mining")) == 1
    looser = (TrainingUse.DATA_MINING, Permission.ALLOWED)
    assert len(values(replace(SIGNED, training=(stated, looser)), "Data mining")) == 2


def test_that_a_redaction_names_the_statement_and_whose_it_was():
    address = "self#jumbf=/c2pa/urn:c2pa:1234/c2pa.assertions/stds.exif"
    assert values(replace(SIGNED, redactions=(address,)), "Redacted") == [
        "stds.exif\nfrom urn:c2pa:1234"
    ]


def test_that_what_a_row_is_called_by_is_not_told_as_its_title():
    untitled = replace(SIGNED, title=None)
    assert name_words(untitled) == "Editor 1"
    assert values(untitled, "Title") == ["(without a title)"]
    assert values(SIGNED, "Title") == ["a.jpg"]
