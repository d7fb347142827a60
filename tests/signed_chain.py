"""Files signed on the spot, for tests and pictures: a deep chain, and one with a redaction."""

import json
from pathlib import Path

import c2pa

from inspector.adapters.c2pa.reader import ProvenanceReader
from inspector.adapters.c2pa.signing import (
    ManifestPlan,
    PlannedAction,
    PlannedIngredient,
    TestSigner,
    media_type,
)
from inspector.adapters.samples import draw_photo, encode_jpeg
from inspector.domain.provenance import Permission, Relationship, TrainingUse

DEPTH = 12
PARTS = 5
"""Files that every step of the deep chain but the first takes in, two of them signed."""

_PARENT = "xmp:iid:parent"
EXIF = {"@context": {"exif": "http://ns.adobe.com/exif/1.0/"}, "exif:GPSLatitude": "48,0N"}


def sign_deep_file(folder: Path, signer: TestSigner, editor: TestSigner) -> Path:
    """Write a file that was edited eleven times and took in 55 others; return it.

    Its first manifest is a camera's, and does not allow training.
    """
    scratch = folder / ".parts"
    scratch.mkdir()
    refused = dict.fromkeys(TrainingUse, Permission.NOT_ALLOWED)
    plan = ManifestPlan("Harbour, from the camera.jpg", "AW-7 firmware", training=refused)
    photo = _write(scratch / "photo.jpg", 1, 320, 240)
    current = signer.sign(photo, scratch / "step 0.jpg", plan)
    for step in range(1, DEPTH):
        last = step == DEPTH - 1
        plan = ManifestPlan(
            f"Harbour, step {step}.jpg",
            "Sample Editor",
            (PlannedAction("c2pa.cropped"), PlannedAction("c2pa.color_adjustments")),
            (PlannedIngredient(current), *_parts(scratch, step, editor)),
        )
        target = (folder / "deep.jpg") if last else (scratch / f"step {step}.jpg")
        current = (editor if step % 2 else signer).sign(photo, target, plan)
    return current


def sign_redacting_file(folder: Path, signer: TestSigner) -> Path:
    """Write a file whose parent stated a place, which its own manifest takes out; return it."""
    photo = _write(folder / "plain.jpg", 2, 160, 120)
    plan = ManifestPlan("Captured", "AW-7 firmware", assertions={"stds.exif": EXIF})
    parent = signer.sign(photo, folder / "parent.jpg", plan)
    label = ProvenanceReader(None).read(parent, "jpeg").active_label
    address = f"self#jumbf=/c2pa/{label}/c2pa.assertions/stds.exif"
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [_PARENT]}}
    redacted = {
        "action": "c2pa.redacted",
        "parameters": {"redacted": address, "reason": "c2pa.PII.present"},
    }
    definition = {
        "title": "Redacted",
        "claim_generator_info": [{"name": "Redactor", "version": "1.0"}],
        "redactions": [address],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [opened, redacted]}}],
    }
    target = folder / "redacted.jpg"
    keys = c2pa.C2paSignerInfo(b"es256", signer.chain_pem.encode(), signer.key_pem.encode(), None)
    offline = {"verify": {"verify_after_sign": False, "remote_manifest_fetch": False}}
    ingredient = {"title": "parent.jpg", "relationship": "parentOf", "instance_id": _PARENT}
    with (
        c2pa.Signer.from_info(keys) as sealing,
        c2pa.Context.from_dict(offline) as context,
        c2pa.Builder(json.dumps(definition), context=context) as builder,
        parent.open("rb") as before,
        photo.open("rb") as plain,
        target.open("w+b") as after,
    ):
        builder.add_ingredient_from_stream(json.dumps(ingredient), media_type(parent), before)
        builder.sign(sealing, media_type(photo), plain, after)
    return target


def _parts(folder: Path, step: int, editor: TestSigner) -> list[PlannedIngredient]:
    parts = []
    for number in range(PARTS):
        name = f"sticker {step}.{number}.jpg"
        path = _write(folder / f"plain {name}", 100 * step + number, 96, 72)
        if number < 2:
            made = PlannedAction("c2pa.created", "trainedAlgorithmicMedia", "Dream Works 3")
            plan = ManifestPlan(name, "Dream Works", (made,)) if number else ManifestPlan(name)
            path = editor.sign(path, folder / name, plan)
        parts.append(PlannedIngredient(path, Relationship.COMPONENT, name))
    return parts


def _write(path: Path, seed: int, width: int, height: int) -> Path:
    path.write_bytes(encode_jpeg(draw_photo(seed, width, height)))
    return path
