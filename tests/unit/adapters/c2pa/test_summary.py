import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from inspector.adapters.c2pa.claims import StoreSyntaxError, parse_store
from inspector.adapters.c2pa.statements import Chain
from inspector.adapters.c2pa.summary import summarise
from inspector.adapters.c2pa.tree import MAX_NODES, TreeBuilder
from inspector.domain.provenance import (
    AiDeclared,
    Location,
    ManifestNode,
    ManifestStore,
    Permission,
    Provenance,
    ProvenanceState,
    TrainingUse,
    TrustTier,
)

AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
CAPTURE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"


def statuses(*codes: str) -> list[dict[str, str]]:
    return [{"code": code, "url": "", "explanation": code} for code in codes]


def an_ingredient(manifest: str | None, relationship: str = "parentOf", **more: object) -> dict:
    ingredient = {"title": f"from {manifest}", "relationship": relationship, **more}
    ingredient.setdefault("label", "c2pa.ingredient.v3")
    return ingredient | ({"active_manifest": manifest} if manifest else {})


def a_manifest(*ingredients: dict, source_type: str | None = None, assertions: tuple = ()) -> dict:
    action = {"action": "c2pa.created"} | (
        {"digitalSourceType": source_type} if source_type else {}
    )
    actions = {"label": "c2pa.actions.v2", "data": {"actions": [action]}}
    return {
        "assertions": [actions, *assertions],
        "ingredients": list(ingredients),
        "signature_info": {"issuer": "Someone"},
    }


def a_store(
    manifests: dict[str, dict],
    *,
    failure: tuple[str, ...] = (),
    success: tuple[str, ...] = ("claimSignature.validated", "assertion.dataHash.match"),
    deltas: tuple[dict, ...] = (),
) -> str:
    return json.dumps(
        {
            "active_manifest": next(iter(manifests)),
            "manifests": manifests,
            "validation_results": {
                "activeManifest": {
                    "success": statuses(*success),
                    "informational": [],
                    "failure": statuses(*failure),
                },
                "ingredientDeltas": list(deltas),
            },
        }
    )


def a_delta(manifest: str, *, success: tuple = (), failure: tuple = ()) -> dict:
    return {
        "ingredientAssertionURI": f"self#jumbf=/c2pa/{manifest}/c2pa.assertions/c2pa.ingredient.v3",
        "validationDeltas": {
            "success": statuses(*success),
            "failure": statuses(*failure),
            "informational": [],
        },
    }


def read(text: str, tier: TrustTier | None = None) -> Provenance:
    return summarise(Chain(parse_store(text)), tier, Location.EMBEDDED)


def test_that_an_expired_certificate_is_its_own_axis() -> None:
    codes = ("signingCredential.untrusted", "signingCredential.expired")
    provenance = read(a_store({"a": a_manifest()}, failure=codes))
    assert provenance.certificate_expired is True
    assert provenance.hash_ok is True
    assert provenance.signature_ok is True
    assert not provenance.broken
    assert provenance.state is ProvenanceState.INVALID
    assert provenance.codes == codes


@pytest.mark.parametrize(
    ("code", "hash_ok", "signature_ok"),
    [
        ("assertion.dataHash.mismatch", False, True),
        ("assertion.bmffHash.mismatch", False, True),
        ("assertion.boxesHash.mismatch", False, True),
        ("assertion.hashedURI.mismatch", False, True),
        ("claimSignature.mismatch", True, False),
        ("claimSignature.missing", True, False),
        ("signingCredential.invalid", True, True),
        ("assertion.action.malformed", True, True),
        ("claim.hardBindings.missing", True, True),
        ("timeStamp.mismatch", True, True),
    ],
)
def test_that_only_a_mismatch_is_called_tampering(
    code: str, hash_ok: bool, signature_ok: bool
) -> None:
    provenance = read(a_store({"a": a_manifest()}, failure=(code,)))
    assert provenance.hash_ok is hash_ok
    assert provenance.signature_ok is signature_ok
    assert provenance.state is ProvenanceState.INVALID


def test_that_a_fault_found_now_in_an_ingredient_leaves_the_headline() -> None:
    provenance = read(
        a_store(
            {"a": a_manifest(an_ingredient("b")), "b": a_manifest(source_type=AI)},
            deltas=(a_delta("a", failure=("claimSignature.mismatch",)),),
        ),
        TrustTier.OFFICIAL,
    )
    assert provenance.state is ProvenanceState.TRUSTED
    assert provenance.ingredient_problems == ("from b: claimSignature.mismatch",)
    assert provenance.ai_declared is AiDeclared.WHOLE
    assert not provenance.ai_signed


def test_that_ai_counts_as_signed_only_where_the_signature_was_checked() -> None:
    text = a_store({"a": a_manifest(source_type=AI)}, success=(), failure=("claim.malformed",))
    unchecked = read(text)
    assert unchecked.ai_declared is AiDeclared.WHOLE
    assert unchecked.signature_ok is None
    assert not unchecked.ai_signed
    checked = a_delta("a", success=("claimSignature.validated",))
    parent = {"a": a_manifest(an_ingredient("b")), "b": a_manifest(source_type=AI)}
    assert read(a_store(parent, deltas=(checked,))).ai_signed
    assert not read(a_store(parent)).ai_signed


def test_that_older_ingredients_with_a_status_list_are_read() -> None:
    older = an_ingredient("b", validation_status=statuses("assertion.dataHash.mismatch"))
    provenance = read(a_store({"a": a_manifest(older), "b": a_manifest()}))
    assert provenance.ingredient_problems == ("from b: assertion.dataHash.mismatch",)


def test_that_today_s_trust_replaces_what_was_recorded() -> None:
    recorded = {"activeManifest": {"failure": statuses("signingCredential.untrusted")}}
    text = a_store(
        {
            "a": a_manifest(an_ingredient("b", validation_results=recorded)),
            "b": a_manifest(source_type=CAPTURE),
        },
        success=("signingCredential.trusted", "claimSignature.validated"),
        deltas=(a_delta("a", success=("signingCredential.trusted",)),),
    )
    chain = Chain(parse_store(text))
    assert chain.trusted("b")
    assert chain.captured()
    assert chain.failures("b") == ()


def test_that_a_cycle_ends_and_is_marked() -> None:
    text = a_store(
        {
            "a": a_manifest(an_ingredient("b")),
            "b": a_manifest(an_ingredient("a"), source_type=AI),
        }
    )
    chain = Chain(parse_store(text))
    assert chain.ai().declared is AiDeclared.WHOLE
    assert chain.depth() == 3
    tree = TreeBuilder(chain).build()
    assert tree is not None
    again = tree.ingredients[0].ingredients[0]
    assert again.repeated
    assert again.ingredients == ()


def test_that_a_long_chain_needs_no_deep_stack() -> None:
    length = 900
    manifests = {f"m{i}": a_manifest(an_ingredient(f"m{i + 1}")) for i in range(length)}
    manifests[f"m{length}"] = a_manifest(source_type=AI)
    chain = Chain(parse_store(a_store(manifests)))
    assert chain.depth() == length + 1
    assert chain.ai().declared is AiDeclared.WHOLE
    assert TreeBuilder(chain).build() is not None


def test_that_the_deepest_tree_crosses_a_pipe_as_json() -> None:
    manifests = {f"m{i}": a_manifest(an_ingredient(f"m{i + 1}")) for i in range(300)}
    manifests["m300"] = a_manifest()
    tree = TreeBuilder(Chain(parse_store(a_store(manifests)))).build()
    adapter = TypeAdapter(ManifestStore)
    store = ManifestStore(Provenance(), tree, "")
    assert adapter.validate_json(adapter.dump_json(store)) == store


def count_nodes(node: ManifestNode) -> int:
    return 1 + sum(count_nodes(child) for child in node.ingredients)


def test_that_shared_ingredients_cannot_blow_up_the_tree() -> None:
    manifests = {
        f"m{i}": a_manifest(
            *(
                an_ingredient(f"m{i + 1}", "componentOf", label=f"c2pa.ingredient__{k}")
                for k in "ab"
            )
        )
        for i in range(40)
    }
    manifests["m40"] = a_manifest()
    chain = Chain(parse_store(a_store(manifests)))
    tree = TreeBuilder(chain).build()
    assert tree is not None
    assert count_nodes(tree) <= MAX_NODES + 1
    assert chain.depth() == 41


def test_that_counts_and_lengths_are_capped() -> None:
    many = [an_ingredient(None, title="t" * 10_000_000)] * 3 + [an_ingredient(None)] * 5000
    store = parse_store(a_store({"a": a_manifest(*many)}))
    manifest = store.manifests["a"]
    assert len(manifest.ingredients) == 1000
    assert len(manifest.ingredients[0].title or "") == 200


def test_that_an_unknown_permission_counts_as_constrained() -> None:
    data = {"entries": {"cawg.ai_training": {"use": "askFirst"}, "cawg.unheard_of": "notAllowed"}}
    training = {"label": "cawg.training-mining", "data": data}
    provenance = read(a_store({"a": a_manifest(assertions=(training,))}))
    assert provenance.training == ((TrainingUse.AI_TRAINING, Permission.CONSTRAINED),)


def test_that_training_in_any_ingredient_counts() -> None:
    data = {"c2pa.ai_training": {"use": "notAllowed"}}
    refusing = a_manifest(assertions=({"label": "c2pa.training-mining", "data": data},))
    provenance = read(a_store({"a": a_manifest(an_ingredient("b", "componentOf")), "b": refusing}))
    assert provenance.permission(TrainingUse.AI_TRAINING) is Permission.NOT_ALLOWED
    assert provenance.training_by == "b c2pa.training-mining, signed by Someone"


def test_that_an_identity_is_said_not_to_be_checked() -> None:
    identity = {"label": "cawg.identity", "data": {}}
    assert "not checked" in (read(a_store({"a": a_manifest(assertions=(identity,))})).message or "")
    assert read(a_store({"a": a_manifest()})).message is None


def test_that_names_like_a_generator_s_are_not_taken_for_one() -> None:
    manifest = a_manifest()
    manifest["claim_generator"] = "Imagenomic Portraiture"
    assert read(a_store({"a": manifest})).ai_declared is AiDeclared.NONE


@pytest.mark.parametrize("text", ["", "[]", "nonsense", "[" * 100_000, '{"a": NaN', "\ud800"])
def test_that_what_is_no_store_is_said_to_be_none(text: str) -> None:
    with pytest.raises(StoreSyntaxError):
        parse_store(text)


KEYS = st.sampled_from(
    [
        "active_manifest",
        "manifests",
        "a",
        "assertions",
        "label",
        "data",
        "actions",
        "action",
        "ingredients",
        "validation_results",
        "activeManifest",
        "ingredientDeltas",
        "failure",
        "code",
        "entries",
        "signature_info",
    ]
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(KEYS, JSON, max_size=5))
def test_that_any_json_gives_a_summary_and_a_tree(content: dict) -> None:
    chain = Chain(parse_store(json.dumps({"active_manifest": "a", **content})))
    assert isinstance(summarise(chain, None, Location.EMBEDDED), Provenance)
    TreeBuilder(chain).build()


def test_that_the_ids_of_a_thousand_ingredients_are_counted() -> None:
    many = [
        an_ingredient(None, instance_id=f"xmp:iid:{n:032x}", label=f"c2pa.ingredient__{n}")
        for n in range(1000)
    ]
    named = [an_ingredient(None, instance_id="sample", label="c2pa.ingredient__x")]
    chain = Chain(parse_store(a_store({"a": a_manifest(*named, *many)})))
    assert len(chain.ids()) == 200
    assert chain.ids()[0] == "a"
    assert "sample" not in chain.ids()
