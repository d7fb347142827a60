import base64
import errno
import json
import os
from pathlib import Path

import pytest

from inspector.adapters.c2pa import reader as reader_module
from inspector.adapters.c2pa.asset import WatchedFile
from inspector.adapters.c2pa.reader import ProvenanceReader
from inspector.adapters.c2pa.signing import (
    SOURCE_TYPE,
    ManifestPlan,
    PlannedAction,
    PlannedIngredient,
    TestSigner,
)
from inspector.adapters.c2pa.thumbnails import decode_thumbnail
from inspector.adapters.c2pa.trust import TrustStore
from inspector.adapters.samples import draw_photo, encode_clip, encode_jpeg, encode_png, pan
from inspector.domain.provenance import (
    AiDeclared,
    Location,
    Permission,
    Provenance,
    ProvenanceState,
    Relationship,
    Signal,
    TrainingUse,
    TrustTier,
)


def flip_last_bytes(source: Path, dest: Path) -> Path:
    content = bytearray(source.read_bytes())
    content[-400:-390] = bytes(byte ^ 0x15 for byte in content[-400:-390])
    dest.write_bytes(content)
    return dest


def created(source_type: str, software: str | None = None) -> tuple[PlannedAction, ...]:
    return (PlannedAction("c2pa.created", source_type, software),)


def test_that_an_unsigned_file_is_absent(untrusting: ProvenanceReader, photo: Path) -> None:
    assert untrusting.read(photo, "jpeg") == Provenance()


def test_that_a_signed_capture_is_valid_without_a_list_and_trusted_with_one(
    untrusting: ProvenanceReader,
    trusting: ProvenanceReader,
    signer: TestSigner,
    photo: Path,
    tmp_path: Path,
) -> None:
    signed = signer.sign(photo, tmp_path / "signed.jpg", ManifestPlan(claim_generator="Cam"))
    without, with_list = untrusting.read(signed, "jpeg"), trusting.read(signed, "jpeg")
    assert without.state is ProvenanceState.VALID
    assert without.trust_tier is None
    assert not without.capture_trusted
    assert without.codes == ("signingCredential.untrusted",)
    assert with_list.state is ProvenanceState.TRUSTED
    assert with_list.trust_tier is TrustTier.USER
    assert with_list.capture_trusted
    assert with_list.codes == ()
    for provenance in (without, with_list):
        assert provenance.location is Location.EMBEDDED
        assert provenance.hash_ok is True
        assert provenance.signature_ok is True
        assert provenance.certificate_expired is False
        assert (provenance.manifests, provenance.depth) == (1, 1)
        assert provenance.signer == "Test Camera"
        assert provenance.claim_generator == "Cam 1.0"
        assert provenance.digital_source_types == ("digitalCapture",)
        assert provenance.ai_declared is AiDeclared.NONE


@pytest.mark.parametrize("suffix", ["png", "webp", "gif", "tiff", "avif", "mp4", "mov"])
def test_that_other_formats_are_read_alike(
    untrusting: ProvenanceReader, signer: TestSigner, tmp_path: Path, suffix: str
) -> None:
    from PIL import Image

    plain = tmp_path / f"plain.{suffix}"
    if suffix in ("mp4", "mov"):
        encode_clip(plain, pan(draw_photo(1, 200, 120), 5, 160, 96, noise=1.0), 10)
    else:
        Image.fromarray(draw_photo(1, 96, 64)).save(plain)
    signed = signer.sign(plain, tmp_path / f"signed.{suffix}")
    provenance = untrusting.read(signed, suffix)
    assert provenance.state is ProvenanceState.VALID
    assert provenance.hash_ok is True
    assert untrusting.read(plain, suffix).state is ProvenanceState.ABSENT


def test_that_the_strongest_tier_names_itself(
    signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    signed = signer.sign(photo, tmp_path / "signed.jpg")
    root = tmp_path / "root.pem"
    root.write_text(signer.root_pem)
    store = TrustStore(tmp_path / "tiers")
    reader = ProvenanceReader(store.folder)
    for tier in (TrustTier.USER, TrustTier.INTERIM, TrustTier.OFFICIAL):
        store.add(root, tier)
        assert reader.read(signed, "jpeg").trust_tier is tier
    for listed in store.list():
        store.remove(listed.id)
    assert reader.read(signed, "jpeg").trust_tier is None


def test_that_changed_pixels_break_the_hash_and_not_the_signature(
    trusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    signed = signer.sign(photo, tmp_path / "signed.jpg")
    provenance = trusting.read(flip_last_bytes(signed, tmp_path / "changed.jpg"), "jpeg")
    assert provenance.state is ProvenanceState.INVALID
    assert provenance.hash_ok is False
    assert provenance.signature_ok is True
    assert provenance.broken
    assert not provenance.capture_trusted
    assert "assertion.dataHash.mismatch" in provenance.codes


def test_that_a_changed_claim_breaks_the_signature(
    trusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    plan = ManifestPlan(claim_generator="Generator of note")
    signed = signer.sign(photo, tmp_path / "signed.jpg", plan)
    changed = tmp_path / "changed.jpg"
    changed.write_bytes(signed.read_bytes().replace(b"Generator of note", b"Generator of n0te"))
    provenance = trusting.read(changed, "jpeg")
    assert provenance.signature_ok is False
    assert provenance.state is ProvenanceState.INVALID
    assert "claimSignature.mismatch" in provenance.codes


def test_that_conformance_to_newer_rules_is_no_tampering(
    trusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    plan = ManifestPlan(actions=(PlannedAction("c2pa.cropped"),))
    provenance = trusting.read(signer.sign(photo, tmp_path / "signed.jpg", plan), "jpeg")
    assert provenance.codes == ("assertion.action.malformed",)
    assert not provenance.broken


def test_that_a_sidecar_is_found_beside_its_file(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path
) -> None:
    sidecar = signer.sign_beside(photo)
    provenance = untrusting.read(photo, "jpeg")
    assert provenance.location is Location.SIDECAR
    assert provenance.state is ProvenanceState.VALID
    assert provenance.hash_ok is True
    assert untrusting.read(sidecar, "c2pa").state is ProvenanceState.UNSUPPORTED


def test_that_the_sidecar_of_a_namesake_is_not_held_against_a_file(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path
) -> None:
    signer.sign_beside(photo)
    namesake = photo.with_suffix(".png")
    namesake.write_bytes(encode_png(draw_photo(3, 64, 48)))
    provenance = untrusting.read(namesake, "png")
    assert provenance.state is ProvenanceState.ABSENT
    assert "another file" in (provenance.message or "")


def test_that_a_changed_file_with_a_sidecar_is_broken(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path
) -> None:
    signer.sign_beside(photo)
    photo.write_bytes(encode_jpeg(draw_photo(9, 320, 240)))
    assert untrusting.read(photo, "jpeg").hash_ok is False


def test_that_a_remote_credential_is_named_and_not_fetched(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    plan = ManifestPlan(remote_url="https://credentials.example.org/a.c2pa")
    provenance = untrusting.read(signer.sign(photo, tmp_path / "remote.jpg", plan), "jpeg")
    assert provenance.state is ProvenanceState.REMOTE
    assert provenance.location is Location.REMOTE
    assert provenance.remote_url == "https://credentials.example.org/a.c2pa"
    assert provenance.hash_ok is None


def test_that_a_twisted_credential_is_corrupt_and_never_absent(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    signed = signer.sign(photo, tmp_path / "signed.jpg").read_bytes()
    twisted = tmp_path / "twisted.jpg"
    twisted.write_bytes(
        signed.replace(b"c2cl", b"c2xx").replace(b"c2pa.claim.v2", b"c2pa.clxxm.v2")
    )
    provenance = untrusting.read(twisted, "jpeg")
    assert provenance.state is ProvenanceState.CORRUPT
    assert provenance.message


def test_that_a_cut_signed_file_is_corrupt_and_a_cut_unsigned_one_is_not(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    content = signer.sign(photo, tmp_path / "signed.jpg").read_bytes()
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(content[: len(content) // 4])
    assert untrusting.read(cut, "jpeg").state is ProvenanceState.CORRUPT
    plain = encode_png(draw_photo(3, 64, 48))
    cut_plain = tmp_path / "cut.png"
    cut_plain.write_bytes(plain[: len(plain) // 2])
    assert untrusting.read(cut_plain, "png").state is not ProvenanceState.CORRUPT


@pytest.mark.parametrize("media_format", ["mkv", "webm", "bmp", "garbage"])
def test_that_formats_without_credentials_are_unsupported(
    untrusting: ProvenanceReader, photo: Path, media_format: str
) -> None:
    assert untrusting.read(photo, media_format).state is ProvenanceState.UNSUPPORTED


def test_that_nothing_but_zeros_is_not_called_absent(
    untrusting: ProvenanceReader, tmp_path: Path
) -> None:
    path = tmp_path / "zeros.mp4"
    path.write_bytes(bytes(10_000))
    assert untrusting.read(path, "mp4").state in (
        ProvenanceState.UNREADABLE,
        ProvenanceState.UNSUPPORTED,
    )


def test_that_a_missing_file_and_a_pipe_are_unreadable(
    untrusting: ProvenanceReader, tmp_path: Path
) -> None:
    assert untrusting.read(tmp_path / "none.jpg", "jpeg").state is ProvenanceState.UNREADABLE
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
        assert untrusting.read(tmp_path / "pipe.jpg", "jpeg").state is ProvenanceState.UNREADABLE


class _FailingDisk(WatchedFile):
    """A file whose second half cannot be read."""

    def readinto(self, buffer: bytearray | memoryview) -> int:
        if self.tell() + len(buffer) > self.size // 2:
            self.failure = self.failure or OSError(errno.EIO, "Input/output error")
            raise self.failure
        return super().readinto(buffer)


def test_that_a_read_error_never_shows_as_tampering(
    untrusting: ProvenanceReader,
    signer: TestSigner,
    photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signed = signer.sign(photo, tmp_path / "signed.jpg")
    monkeypatch.setattr("inspector.adapters.c2pa.asset.WatchedFile", _FailingDisk)
    provenance = untrusting.read(signed, "jpeg")
    assert provenance.state is ProvenanceState.UNREADABLE
    assert provenance.hash_ok is None
    assert "Input/output error" in (provenance.message or "")


def test_that_ai_is_declared_whole_with_the_place_it_stands(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    plan = ManifestPlan(actions=created("trainedAlgorithmicMedia"))
    provenance = untrusting.read(signer.sign(photo, tmp_path / "ai.jpg", plan), "jpeg")
    assert provenance.ai_declared is AiDeclared.WHOLE
    assert provenance.ai_signed
    assert provenance.ai_declared_by == f"{provenance.active_label} c2pa.actions.v2"
    assert not provenance.capture_trusted


def test_that_an_ai_parent_makes_the_whole_ai_and_an_ai_component_a_part(
    trusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    ai = signer.sign(
        photo, tmp_path / "ai.jpg", ManifestPlan(actions=created("trainedAlgorithmicMedia"))
    )
    camera = signer.sign(photo, tmp_path / "camera.jpg")
    opened = ManifestPlan(actions=(), ingredients=(PlannedIngredient(ai),))
    inherited = trusting.read(signer.sign(photo, tmp_path / "opened.jpg", opened), "jpeg")
    assert inherited.ai_declared is AiDeclared.WHOLE
    assert inherited.ai_signed
    assert inherited.ai_declared_by != f"{inherited.active_label} c2pa.actions.v2"
    assert (inherited.manifests, inherited.depth) == (2, 2)
    collage = ManifestPlan(
        actions=(),
        ingredients=(PlannedIngredient(camera), PlannedIngredient(ai, Relationship.COMPONENT)),
    )
    placed = trusting.read(signer.sign(photo, tmp_path / "placed.jpg", collage), "jpeg")
    assert placed.ai_declared is AiDeclared.PART
    assert placed.state is ProvenanceState.TRUSTED
    assert not placed.capture_trusted


@pytest.mark.parametrize(
    ("action", "declared"),
    [
        (PlannedAction("c2pa.edited", "compositeWithTrainedAlgorithmicMedia"), AiDeclared.PART),
        (PlannedAction("c2pa.edited", "trainedAlgorithmicMedia"), AiDeclared.PART),
        (PlannedAction("c2pa.edited", "humanEdits"), AiDeclared.NONE),
        (PlannedAction("c2pa.converted", "trainedAlgorithmicMedia"), AiDeclared.WHOLE),
    ],
)
def test_that_an_edit_says_ai_of_what_it_changed(
    untrusting: ProvenanceReader,
    signer: TestSigner,
    photo: Path,
    tmp_path: Path,
    action: PlannedAction,
    declared: AiDeclared,
) -> None:
    plan = ManifestPlan(actions=(action,), ingredients=(PlannedIngredient(photo),))
    provenance = untrusting.read(signer.sign(photo, tmp_path / "edited.jpg", plan), "jpeg")
    assert provenance.ai_declared is declared


def test_that_an_old_generator_without_a_source_type_is_known_by_its_name(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    action = PlannedAction(
        "c2pa.created", None, "Image Creator from Designer", "AI Generated Image"
    )
    plan = ManifestPlan(actions=(action,))
    provenance = untrusting.read(signer.sign(photo, tmp_path / "old.jpg", plan), "jpeg")
    assert provenance.ai_declared is AiDeclared.WHOLE
    assert provenance.digital_source_types == ()


def test_that_ai_in_a_metadata_assertion_counts(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    metadata = {
        "@context": {"Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"},
        "Iptc4xmpExt:DigitalSourceType": SOURCE_TYPE + "trainedAlgorithmicMedia",
    }
    plan = ManifestPlan(assertions={"cawg.metadata": metadata})
    provenance = untrusting.read(signer.sign(photo, tmp_path / "m.jpg", plan), "jpeg")
    assert provenance.ai_declared is AiDeclared.WHOLE


def test_that_a_capture_counts_only_where_every_ingredient_is_a_trusted_capture(
    trusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    camera = signer.sign(photo, tmp_path / "camera.jpg")
    stranger = TestSigner.create("Stranger").sign(photo, tmp_path / "stranger.jpg")
    crop = PlannedAction("c2pa.cropped")

    def edit(name: str, *ingredients: PlannedIngredient) -> Provenance:
        plan = ManifestPlan(actions=(crop,), ingredients=ingredients)
        return trusting.read(signer.sign(photo, tmp_path / name, plan), "jpeg")

    assert edit("a.jpg", PlannedIngredient(camera)).capture_trusted
    assert not edit("b.jpg", PlannedIngredient(stranger)).capture_trusted
    assert not edit("c.jpg", PlannedIngredient(photo)).capture_trusted
    with_unsigned = PlannedIngredient(photo, Relationship.COMPONENT)
    assert not edit("d.jpg", PlannedIngredient(camera), with_unsigned).capture_trusted


def test_that_the_fault_of_an_ingredient_stays_beside_it(
    trusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    camera = signer.sign(photo, tmp_path / "camera.jpg")
    broken = flip_last_bytes(camera, tmp_path / "broken.jpg")
    plan = ManifestPlan(actions=(), ingredients=(PlannedIngredient(broken, title="broken parent"),))
    provenance = trusting.read(signer.sign(photo, tmp_path / "edit.jpg", plan), "jpeg")
    assert provenance.state is ProvenanceState.TRUSTED
    assert provenance.hash_ok is True
    assert provenance.codes == ()
    assert provenance.ingredient_problems == ("broken parent: assertion.dataHash.mismatch",)
    assert not provenance.capture_trusted


@pytest.mark.parametrize("label", ["c2pa.training-mining", "cawg.training-mining"])
@pytest.mark.parametrize("flat", [False, True])
def test_that_training_is_read_under_both_labels_and_in_both_layouts(
    untrusting: ProvenanceReader,
    signer: TestSigner,
    photo: Path,
    tmp_path: Path,
    label: str,
    flat: bool,
) -> None:
    prefix = label.split(".", 1)[0]
    entries = {
        f"{prefix}.ai_training": {"use": "notAllowed"},
        f"{prefix}.data_mining": {"use": "constrained"},
        f"{prefix}.ai_inference": {"use": "allowed"},
    }
    plan = ManifestPlan(assertions={label: entries if flat else {"entries": entries}})
    provenance = untrusting.read(signer.sign(photo, tmp_path / "t.jpg", plan), "jpeg")
    assert dict(provenance.training) == {
        TrainingUse.AI_TRAINING: Permission.NOT_ALLOWED,
        TrainingUse.DATA_MINING: Permission.CONSTRAINED,
        TrainingUse.AI_INFERENCE: Permission.ALLOWED,
    }
    assert provenance.training_by == f"{provenance.active_label} {label}, signed by Test Camera"


def test_that_the_strictest_permission_wins_at_any_depth(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    strict = ManifestPlan(training={TrainingUse.AI_TRAINING: Permission.NOT_ALLOWED})
    below = signer.sign(photo, tmp_path / "below.jpg", strict)
    between = signer.sign(
        photo,
        tmp_path / "between.jpg",
        ManifestPlan(actions=(), ingredients=(PlannedIngredient(below),)),
    )
    lax = ManifestPlan(
        actions=(),
        ingredients=(PlannedIngredient(between),),
        training={TrainingUse.AI_TRAINING: Permission.ALLOWED},
    )
    provenance = untrusting.read(signer.sign(photo, tmp_path / "top.jpg", lax), "jpeg")
    assert provenance.permission(TrainingUse.AI_TRAINING) is Permission.NOT_ALLOWED
    assert provenance.depth == 3


def test_that_names_outside_utf8_are_read(
    untrusting: ProvenanceReader, photo_bytes: bytes, tmp_path: Path
) -> None:
    path = os.path.join(os.fsdecode(tmp_path), os.fsdecode(b"photo\xff.jpg"))
    try:
        Path(path).write_bytes(photo_bytes)
    except OSError:
        pytest.skip("this file system takes no such names")
    assert untrusting.read(path, "jpeg").state is ProvenanceState.ABSENT


def test_that_titles_come_without_control_and_bidi_marks(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    plan = ManifestPlan("a\u202egpj.exe\x07" + "x" * 100_000)
    store = untrusting.read_store(signer.sign(photo, tmp_path / "t.jpg", plan), "jpeg")
    assert store.root is not None
    assert store.root.title is not None
    assert store.root.title.startswith("a gpj.exe xxx")
    assert len(store.root.title) == 200


def test_that_the_tree_shows_relationships_actions_and_codes_in_words(
    trusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    camera = signer.sign(photo, tmp_path / "camera.jpg")
    plan = ManifestPlan(
        "Edit",
        "Editor",
        (PlannedAction("c2pa.cropped", software="Editor 9"),),
        (PlannedIngredient(photo, Relationship.COMPONENT, "texture"), PlannedIngredient(camera)),
    )
    store = trusting.read_store(signer.sign(photo, tmp_path / "edit.jpg", plan), "jpeg")
    root = store.root
    assert root is not None
    assert root.trusted
    assert root.relationship is None
    assert [action.words for action in root.actions] == [
        "Opened an existing file",
        "Cropped",
        "Placed another file in it",
    ]
    assert root.actions[1].software == "Editor 9"
    assert all(code.meaning for code in root.codes)
    parent, component = root.ingredients
    assert parent.relationship is Relationship.PARENT
    assert parent.captured
    assert parent.trusted
    assert component.relationship is Relationship.COMPONENT
    assert component.label is None
    assert component.title == "texture"
    raw = json.loads(store.raw_json)
    assert list(raw) == sorted(raw)
    assert store.summary == trusting.read(tmp_path / "edit.jpg", "jpeg")


def test_that_pictures_in_the_tree_are_small_and_a_stranger_s_picture_of_another_is_not_shown(
    trusting: ProvenanceReader,
    untrusting: ProvenanceReader,
    signer: TestSigner,
    photo: Path,
    tmp_path: Path,
) -> None:
    camera = signer.sign(photo, tmp_path / "camera.jpg")
    plan = ManifestPlan(
        actions=(),
        ingredients=(
            PlannedIngredient(camera),
            PlannedIngredient(photo, Relationship.COMPONENT),
        ),
    )
    signed = signer.sign(photo, tmp_path / "edit.jpg", plan)
    for reader, shown in ((trusting, True), (untrusting, False)):
        root = reader.read_store(signed, "jpeg").root
        assert root is not None
        parent, component = root.ingredients
        for node in (root, parent):
            assert node.thumbnail is not None
            assert (node.thumbnail.width, node.thumbnail.height) == (128, 96)
            assert len(base64.b64decode(node.thumbnail.rgb_base64)) == 128 * 96 * 3
        assert (component.thumbnail is not None) is shown


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"GIF89a", bytes(1000)])
def test_that_a_damaged_thumbnail_is_left_out(content: bytes) -> None:
    assert decode_thumbnail(content) is None


def test_that_an_unsigned_file_has_an_empty_tree(untrusting: ProvenanceReader, photo: Path) -> None:
    store = untrusting.read_store(photo, "jpeg")
    assert store.root is None
    assert store.raw_json == ""


def test_that_raw_json_is_cut_and_says_so(
    untrusting: ProvenanceReader,
    signer: TestSigner,
    photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader_module, "MAX_RAW_JSON", 100)
    store = untrusting.read_store(signer.sign(photo, tmp_path / "s.jpg"), "jpeg")
    assert len(store.raw_json) < 200
    assert "cut:" in store.raw_json


def test_that_a_broken_trust_list_trusts_nobody_and_breaks_nothing(
    signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    signed = signer.sign(photo, tmp_path / "signed.jpg")
    root = tmp_path / "root.pem"
    root.write_text(signer.root_pem)
    store = TrustStore(tmp_path / "trust")
    added = store.add(root, TrustTier.USER)
    (store.folder / "user" / f"{added.id}.list").write_text("no certificate at all")
    provenance = ProvenanceReader(store.folder).read(signed, "jpeg")
    assert provenance.state is ProvenanceState.VALID
    assert provenance.trust_tier is None


def test_that_files_made_from_one_file_share_its_id_and_no_other(
    untrusting: ProvenanceReader, signer: TestSigner, tmp_path: Path
) -> None:
    made = {}
    for name, sources in {"a": (1,), "b": (1, 2), "c": (3,)}.items():
        ingredients = []
        for number in sources:
            source = tmp_path / f"{name}{number}.jpg"
            source.write_bytes(encode_jpeg(draw_photo(number, 64, 48)))
            ingredients.append(PlannedIngredient(source, Relationship.COMPONENT))
        base = tmp_path / f"{name}.jpg"
        base.write_bytes(encode_jpeg(draw_photo(9, 64, 48)))
        plan = ManifestPlan(ingredients=tuple(ingredients))
        made[name] = untrusting.read(signer.sign(base, tmp_path / f"{name}-s.jpg", plan), "jpeg")
    ids = {name: set(provenance.ingredient_ids) for name, provenance in made.items()}
    assert len(ids["a"] & ids["b"]) == 1
    assert not ids["a"] & ids["c"]
    for provenance in made.values():
        assert provenance.ingredient_ids[0] == provenance.active_label


def test_that_a_file_shares_the_id_of_its_parents_manifest(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    parent = signer.sign(photo, tmp_path / "parent.jpg")
    plan = ManifestPlan(actions=(), ingredients=(PlannedIngredient(parent),))
    child = signer.sign(photo, tmp_path / "child.jpg", plan)
    label = untrusting.read(parent, "jpeg").active_label
    assert label in untrusting.read(child, "jpeg").ingredient_ids


def test_that_the_tree_names_signals_and_soft_bindings(
    untrusting: ProvenanceReader, signer: TestSigner, photo: Path, tmp_path: Path
) -> None:
    binding = {"alg": "com.adobe.icn.dense", "blocks": [{"scope": {}, "value": "0"}]}
    plan = ManifestPlan(
        actions=created("trainedAlgorithmicMedia"), assertions={"c2pa.soft-binding": binding}
    )
    root = untrusting.read_store(signer.sign(photo, tmp_path / "s.jpg", plan), "jpeg").root
    assert root is not None
    assert Signal.FULLY_GEN_AI in root.signals
    assert [b.vendor for b in root.soft_bindings] == ["Adobe"]
