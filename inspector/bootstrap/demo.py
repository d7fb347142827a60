"""The demo folder: some twenty files, made on the spot, that show every kind of evidence once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inspector.adapters.c2pa.signing import (
    SOURCE_TYPE,
    ManifestPlan,
    PlannedAction,
    PlannedIngredient,
    TestSigner,
)
from inspector.adapters.samples import (
    camera_exif,
    draw_photo,
    draw_synthetic,
    encode_clip,
    encode_jpeg,
    encode_png,
    generator_exif,
    pan,
    splice,
)
from inspector.domain.errors import UsageError
from inspector.domain.provenance import Permission, Relationship, TrainingUse

ROOT_NAME = "test-root.pem"
_SPLICED_SEED = 21


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """What was made. ``test_root`` is the certificate to add to the user's own trust, if wished."""

    folder: Path
    files: tuple[Path, ...]
    test_root: Path


def make_demo(folder: Path) -> DemoFolder:
    """Draw, encode and sign the demo files; nothing is added to the user's trust lists.

    Raises:
        UsageError: the folder holds other files, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strangers = any(folder.iterdir()) and not (folder / ROOT_NAME).is_file()
        if strangers:
            raise UsageError(f"{folder} is not empty; name a new folder for the demo.")
        maker = _Maker(folder)
        files = tuple(maker.make())
        root = folder / ROOT_NAME
        root.write_text(maker.camera.root_pem, encoding="ascii")
    except OSError as error:
        raise UsageError(f"The demo cannot be made in {folder}: {error}.") from error
    return DemoFolder(folder, files, root)


class _Maker:
    """Owns the pictures drawn once and the signers, for one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.camera = TestSigner.create("Aperture Works (test camera)")
        self._editor = TestSigner.create("Sample Editor (test)", below=self.camera)
        self._generator = TestSigner.create("Dream Works (test generator)", below=self.camera)
        self._photos = [draw_photo(seed) for seed in (11, 4, 7, _SPLICED_SEED)]
        self._dreams = [draw_synthetic(seed) for seed in (3, 16)]

    def make(self) -> Iterator[Path]:
        yield from self._unsigned()
        yield from self._signed()
        yield from self._marked()
        yield from self._clips()
        yield from self._broken()

    def _unsigned(self) -> Iterator[Path]:
        photos, exif = self._photos, camera_exif()
        yield self._write("photo of a lake.jpg", encode_jpeg(photos[0], exif=exif))
        yield self._write("photo, small and saved again.jpg", encode_jpeg(photos[1][::2, ::2], 70))
        yield self._write("photo, no metadata.png", encode_png(photos[2][::2, ::2]))
        yield self._write("too smooth to be true.jpg", encode_jpeg(self._dreams[0]))
        same_place = draw_synthetic(_SPLICED_SEED)  # so that nothing but the grain gives it away
        spliced = splice(photos[3], same_place, (380, 250, 330, 260))
        yield self._write("photo with a part put in.jpg", encode_jpeg(spliced, 95))

    def _signed(self) -> Iterator[Path]:
        plain = self._scratch(encode_jpeg(self._photos[0], exif=camera_exif()))
        dream = self._scratch(encode_jpeg(self._dreams[1]), "dream")
        cropped = self._scratch(encode_jpeg(self._photos[0][90:600, 120:900]), "cropped")
        try:
            yield from self._signed_from(plain, dream, cropped)
        finally:
            for scratch in (plain, dream, cropped):
                scratch.unlink()

    def _signed_from(self, plain: Path, dream: Path, cropped: Path) -> Iterator[Path]:
        captured = ManifestPlan("Captured", "AW-7 firmware")
        capture = self.camera.sign(plain, self._at("signed by a camera.jpg"), captured)
        yield capture
        yield self._editor.sign(
            cropped,
            self._at("signed by a camera, then cropped.jpg"),
            ManifestPlan(
                "Cropped",
                "Sample Editor",
                (PlannedAction("c2pa.cropped"), PlannedAction("c2pa.color_adjustments")),
                (PlannedIngredient(capture),),
            ),
        )
        made = PlannedAction("c2pa.created", "trainedAlgorithmicMedia", "Dream Works 3")
        generated = self._generator.sign(
            dream, self._at("says it is AI, signed.jpg"), ManifestPlan("Dream", "Dream", (made,))
        )
        yield generated
        filled = PlannedAction("c2pa.edited", "compositeWithTrainedAlgorithmicMedia", "Fill")
        yield self._editor.sign(
            cropped,
            self._at("photo with an AI fill, signed.jpg"),
            ManifestPlan("Filled", "Sample Editor", (filled,), (PlannedIngredient(capture),)),
        )
        placed = PlannedIngredient(generated, Relationship.COMPONENT)
        yield self._editor.sign(
            cropped,
            self._at("collage with an AI ingredient, signed.jpg"),
            ManifestPlan("Collage", "Sample Editor", (), (PlannedIngredient(capture), placed)),
        )
        refused = dict.fromkeys(TrainingUse, Permission.NOT_ALLOWED)
        yield self.camera.sign(
            plain, self._at("training not allowed, signed.jpg"), ManifestPlan(training=refused)
        )
        yield self._tampered(capture)
        remote = ManifestPlan(remote_url="https://credentials.example.org/lake.c2pa")
        yield self.camera.sign(plain, self._at("credential kept elsewhere.jpg"), remote)
        beside = self._write("credential beside it.jpg", plain.read_bytes())
        yield beside
        self.camera.sign_beside(beside, captured)

    def _tampered(self, capture: Path) -> Path:
        content = bytearray(capture.read_bytes())
        start = len(content) - len(content) // 5
        content[start : start + 8] = bytes(byte ^ 0x15 for byte in content[start : start + 8])
        return self._write("changed after signing.jpg", bytes(content))

    def _marked(self) -> Iterator[Path]:
        dream = self._dreams[0][100:612, 200:712]
        parameters = (
            "a mountain lake at dawn, photo, 35mm\nNegative prompt: people\n"
            "Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 6, Seed: 1234, Size: 512x512"
        )
        yield self._write("A1111 parameters.png", encode_png(dream, {"parameters": parameters}))
        yield self._write(
            "A1111 parameters.jpg", encode_jpeg(dream, exif=generator_exif(parameters))
        )
        graph = json.dumps({"3": {"class_type": "KSampler", "inputs": {"seed": 1234, "steps": 28}}})
        yield self._write("ComfyUI workflow.png", encode_png(dream, {"prompt": graph}))
        says = f'Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPE}trainedAlgorithmicMedia"'
        yield self._write("IPTC says AI.jpg", encode_jpeg(self._dreams[1], xmp=_xmp(says)))
        refuses = 'plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING"'
        yield self._write(
            "data mining refused.jpg", encode_jpeg(self._photos[2], xmp=_xmp(refuses))
        )

    def _clips(self) -> Iterator[Path]:
        photo, dream = self._photos[3], self._dreams[0]
        filmed = list(pan(photo[240:620], 48, 480, 320, noise=3.0))
        yield encode_clip(self._at("clip of a lake.mp4"), filmed, 12)
        inserted = pan(dream[240:620], 18, 480, 320, noise=0.0)
        yield encode_clip(
            self._at("clip with a stretch put in.mp4"),
            [*filmed[:18], *inserted, *filmed[18:]],
            12,
        )

    def _broken(self) -> Iterator[Path]:
        whole = encode_jpeg(self._photos[1])
        yield self._write("cut off half way.jpg", whole[: len(whole) // 2])
        yield self._write("not a picture at all.jpg", np.random.default_rng(5).bytes(4096))

    def _write(self, name: str, content: bytes) -> Path:
        path = self._at(name)
        path.write_bytes(content)
        return path

    def _scratch(self, content: bytes, stem: str = "plain") -> Path:
        return self._write(f".{stem}.jpg", content)

    def _at(self, name: str) -> Path:
        return self._folder / name


def _xmp(attribute: str) -> str:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" '
        f"{attribute}/></rdf:RDF></x:xmpmeta>"
    )
