import gzip
import json
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.adapters.samples import (
    camera_exif,
    draw_photo,
    encode_clip,
    encode_jpeg,
    encode_png,
    generator_exif,
    pan,
)
from inspector.adapters.traces import read_traces
from inspector.domain.traces import Says, Trace

PIXELS = draw_photo(2, 96, 64)
A1111 = "a lake\nNegative prompt: people\nSteps: 28, Sampler: DPM++ 2M, CFG scale: 6, Size: 512x512"
COMFY = json.dumps({"3": {"class_type": "KSampler", "inputs": {"seed": 1}}})
JOB = "a lake --v 6 Job ID: 0f8fad5b-d9cb-469f-a165-70867728950e"
DST = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def xmp(body: str, attributes: str = "") -> str:
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" '
        'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" '
        'xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" '
        f'{attributes}>{body}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def of_jpeg(tmp_path: Path, packet: str = "", exif: bytes | None = None) -> tuple[Trace, ...]:
    path = tmp_path / "a.jpg"
    path.write_bytes(encode_jpeg(PIXELS, xmp=packet or None, exif=exif))
    return read_traces(path, "jpeg")


def of_png(tmp_path: Path, text: dict[str, str]) -> tuple[Trace, ...]:
    path = tmp_path / "a.png"
    path.write_bytes(encode_png(PIXELS, text))
    return read_traces(path, "png")


def said(traces: tuple[Trace, ...]) -> list[tuple[str, Says]]:
    return [(trace.kind, trace.says) for trace in traces]


def test_that_a_plain_photo_leaves_no_trace(tmp_path: Path) -> None:
    assert of_jpeg(tmp_path) == ()
    assert of_png(tmp_path, {}) == ()


@pytest.mark.parametrize(
    "packet",
    [
        xmp("", f'Iptc4xmpExt:DigitalSourceType="{DST}trainedAlgorithmicMedia"'),
        xmp("", 'Iptc4xmpExt:DigitalSourceType="trainedAlgorithmicMedia"'),
        xmp(
            "<Iptc4xmpExt:DigitalSourceType>"
            f"{DST}trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>"
        ),
        xmp(f'<Iptc4xmpExt:DigitalSourceType rdf:resource="{DST}trainedAlgorithmicMedia"/>'),
        xmp(
            "<Iptc4xmpExt:DigitalSourceType><rdf:Bag><rdf:li>"
            "trainedAlgorithmicMedia</rdf:li></rdf:Bag></Iptc4xmpExt:DigitalSourceType>"
        ),
        xmp("", f'Iptc4xmpExt:DigitalSourceType="{DST}trainedAlgorithmicMedia"')[:-60],
        "<x:xmpmeta><broken Iptc4xmpExt:DigitalSourceType='trainedAlgorithmicMedia'",
    ],
    ids=["attribute", "bare code", "element", "resource", "list", "cut", "malformed"],
)
def test_that_the_iptc_source_type_is_read_however_it_is_written(
    tmp_path: Path, packet: str
) -> None:
    (found,) = of_jpeg(tmp_path, packet)
    assert found.says is Says.AI
    assert found.kind == "iptc"
    assert found.key == "XMP Iptc4xmpExt:DigitalSourceType"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("trainedAlgorithmicMedia", Says.AI),
        ("compositeWithTrainedAlgorithmicMedia", Says.AI_PART),
        ("compositeSynthetic", Says.AI_PART),
        ("CompositeIncludingSyntheticElements", Says.AI_PART),
        ("digitalCapture", Says.CAMERA),
        ("algorithmicMedia", Says.INFO),
        ("digitalArt", Says.INFO),
        ("neverHeardOf", Says.INFO),
    ],
)
def test_that_each_source_type_says_what_it_means(tmp_path: Path, code: str, says: Says) -> None:
    found = of_jpeg(tmp_path, xmp("", f'Iptc4xmpExt:DigitalSourceType="{DST}{code}"'))
    assert said(found) == [("iptc", says)]


def test_that_iptc_2025_fields_say_ai(tmp_path: Path) -> None:
    packet = xmp(
        "<Iptc4xmpExt:AIPromptInformation>a lake</Iptc4xmpExt:AIPromptInformation>",
        'Iptc4xmpExt:AISystemUsed="Dream 3" Iptc4xmpExt:AISystemVersionUsed="3.1"',
    )
    found = of_jpeg(tmp_path, packet)
    assert {trace.value for trace in found} == {"Dream 3", "3.1", "a lake"}
    assert {trace.says for trace in found} == {Says.AI}


def test_that_ai_fields_of_a_partly_generated_picture_say_part(tmp_path: Path) -> None:
    packet = xmp(
        "",
        f'Iptc4xmpExt:DigitalSourceType="{DST}compositeWithTrainedAlgorithmicMedia" '
        'Iptc4xmpExt:AISystemUsed="Fill" photoshop:Credit="Made with Google AI"',
    )
    assert {trace.says for trace in of_jpeg(tmp_path, packet)} == {Says.AI_PART}


def test_that_what_speaks_of_another_file_is_left_out(tmp_path: Path) -> None:
    packet = xmp(
        "<xmpMM:Pantry><rdf:Bag><rdf:li><rdf:Description "
        f'Iptc4xmpExt:DigitalSourceType="{DST}trainedAlgorithmicMedia"/>'
        "</rdf:li></rdf:Bag></xmpMM:Pantry>"
    )
    assert of_jpeg(tmp_path, packet) == ()


@pytest.mark.parametrize(
    ("credit", "says"),
    [("Made with Google AI", Says.AI), ("Edited with Google AI", Says.AI_PART)],
)
def test_that_google_s_credit_is_read(tmp_path: Path, credit: str, says: Says) -> None:
    assert said(of_jpeg(tmp_path, xmp("", f'photoshop:Credit="{credit}"'))) == [("google", says)]


def test_that_google_s_credit_is_read_from_iptc(tmp_path: Path) -> None:
    credit = b"Made with Google AI"
    record = b"\x1c\x02\x6e" + struct.pack(">H", len(credit)) + credit
    resources = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record
    segment = b"Photoshop 3.0\0" + resources
    content = encode_jpeg(PIXELS)
    app13 = b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment
    path = tmp_path / "a.jpg"
    path.write_bytes(content[:2] + app13 + content[2:])
    (found,) = read_traces(path, "jpeg")
    assert found.key == "IPTC 2:110 Credit"
    assert found.says is Says.AI


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("DMI-PROHIBITED", Says.OPT_OUT),
        ("DMI-PROHIBITED-AIMLTRAINING", Says.OPT_OUT),
        ("DMI-PROHIBITED-GENAIMLTRAINING", Says.OPT_OUT),
        ("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", Says.OPT_OUT),
        ("DMI-PROHIBITED-SEECONSTRAINT", Says.OPT_OUT),
        ("DMI-ALLOWED", Says.INFO),
        ("DMI-UNSPECIFIED", Says.INFO),
    ],
)
def test_that_plus_data_mining_refuses_or_informs(tmp_path: Path, code: str, says: Says) -> None:
    packet = xmp("", f'plus:DataMining="http://ns.useplus.org/ldf/vocab/{code}"')
    assert said(of_jpeg(tmp_path, packet)) == [("plus", says)]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ('{"Label": "1"}', [("tc260", Says.AI)]),
        ('{"AIGC": {"Label": "1", "ContentProducer": "x"}}', [("tc260", Says.AI)]),
        ('{"Label": "2"}', [("tc260", Says.INFO)]),
        ('{"Label": "9"}', []),
        ("[" * 5000, []),
    ],
)
def test_that_the_tc260_label_is_read_in_xmp_and_png(
    tmp_path: Path, label: str, expected: list[tuple[str, Says]]
) -> None:
    body = f"<TC260:AIGC>{label}</TC260:AIGC>"
    assert said(of_jpeg(tmp_path, xmp(body))) == expected
    assert said(of_png(tmp_path, {"AIGC": label})) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ({"parameters": A1111}, "a1111"),
        ({"prompt": COMFY}, "comfyui"),
        ({"workflow": '{"last_node_id": 3, "nodes": [], "links": []}'}, "comfyui"),
        ({"invokeai_metadata": '{"positive_prompt": "a lake"}'}, "invokeai"),
        ({"sd-metadata": '{"model": "stable diffusion"}'}, "invokeai"),
        ({"Dream": '"a lake" -s 50 -S 1234 -W 512 -H 512'}, "invokeai"),
        ({"Software": "NovelAI"}, "novelai"),
        ({"fooocus_scheme": "fooocus", "parameters": "{}"}, "fooocus"),
        ({"parameters": '{"sui_image_params": {"prompt": "a lake"}}'}, "swarmui"),
        ({"use_stable_diffusion_model": "sd-v1-5"}, "easydiffusion"),
        ({"Description": JOB}, "midjourney"),
    ],
)
def test_that_each_generator_is_known_by_what_it_writes(
    tmp_path: Path, text: dict[str, str], kind: str
) -> None:
    assert (kind, Says.AI) in said(of_png(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        {"prompt": "enter your name"},
        {"parameters": "f/8, 1/250 s"},
        {"parameters": "Steps: 12 to the top of the tower"},
        {"workflow": '{"name": "prepress"}'},
        {"prompt": '{"a": 1}'},
        {"Description": "Job ID: 42"},
        {"Comment": "made by hand"},
        {"Dream": "of a lake"},
    ],
)
def test_that_a_bare_key_is_never_enough(tmp_path: Path, text: dict[str, str]) -> None:
    assert of_png(tmp_path, text) == ()


def test_that_a1111_parameters_are_read_from_jpeg_in_either_byte_order(tmp_path: Path) -> None:
    assert said(of_jpeg(tmp_path, exif=generator_exif(A1111))) == [("a1111", Says.AI)]
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + A1111.encode("utf-16-le")
    assert said(of_jpeg(tmp_path, exif=exif.tobytes())) == [("a1111", Says.AI)]
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + A1111.encode()
    assert said(of_jpeg(tmp_path, exif=exif.tobytes())) == [("a1111", Says.AI)]


def test_that_parameters_are_read_from_webp_and_avif(tmp_path: Path) -> None:
    for suffix in ("webp", "avif"):
        path = tmp_path / f"a.{suffix}"
        Image.fromarray(PIXELS).save(path, exif=generator_exif(A1111))
        assert said(read_traces(path, suffix)) == [("a1111", Says.AI)], suffix


def test_that_tiff_tags_behind_the_pixels_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    Image.fromarray(draw_photo(1, 400, 300)).save(path, description=A1111, software="Darkroom 3")
    assert said(read_traces(path, "tiff")) == [("a1111", Says.AI), ("software", Says.INFO)]


def test_that_comfyui_s_webp_graphs_are_read_from_make_and_model(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0110] = f"prompt:{COMFY}"
    path = tmp_path / "a.webp"
    Image.fromarray(PIXELS).save(path, exif=exif.tobytes())
    assert said(read_traces(path, "webp")) == [("comfyui", Says.AI)]


def test_that_text_behind_the_pixels_of_a_png_is_read(tmp_path: Path) -> None:
    content = encode_png(PIXELS)
    body = b"tEXtparameters\0" + A1111.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    path = tmp_path / "a.png"
    path.write_bytes(content[:-12] + chunk + content[-12:])
    assert said(read_traces(path, "png")) == [("a1111", Says.AI)]


def test_that_packed_text_is_read(tmp_path: Path) -> None:
    content = encode_png(PIXELS)
    body = b"zTXtparameters\0\0" + zlib.compress(A1111.encode())
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    path = tmp_path / "a.png"
    path.write_bytes(content[:33] + chunk + content[33:])
    assert said(read_traces(path, "png")) == [("a1111", Says.AI)]


def hide(text: str, packed: bool) -> np.ndarray:
    payload = gzip.compress(text.encode()) if packed else text.encode()
    signature = b"stealth_pngcomp" if packed else b"stealth_pnginfo"
    message = signature + struct.pack(">I", len(payload) * 8) + payload
    pixels = np.dstack([draw_photo(4, 80, 70), np.full((70, 80), 255, np.uint8)])
    bits = np.unpackbits(np.frombuffer(message, np.uint8))
    columns = pixels[:, :, 3].T.reshape(-1).copy()
    columns[: len(bits)] = 254 | bits
    pixels[:, :, 3] = columns.reshape(80, 70).T
    return pixels


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_that_stealth_parameters_are_read_from_the_alpha_channel(
    tmp_path: Path, packed: bool, suffix: str
) -> None:
    path = tmp_path / f"a.{suffix}"
    options = {"lossless": True, "exact": True} if suffix == "webp" else {}
    Image.fromarray(hide(A1111, packed)).save(path, **options)
    (found,) = read_traces(path, suffix)
    assert found.kind == "stealth"
    assert found.says is Says.AI
    assert "Steps: 28" in found.value


def test_that_an_ordinary_alpha_channel_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(np.dstack([PIXELS, PIXELS[:, :, 0]])).save(path)
    assert read_traces(path, "png") == ()


def test_that_a_camera_only_informs(tmp_path: Path) -> None:
    (found,) = of_jpeg(tmp_path, exif=camera_exif("Firm", "Firm X1"))
    assert found == Trace("exif", "EXIF Make, Model, exposure", "Firm X1", Says.CAMERA)


@pytest.mark.parametrize(
    ("software", "says"),
    [
        ("Midjourney 6", Says.AI),
        ("Adobe Firefly 2.0", Says.AI),
        ("DALL-E 3", Says.AI),
        ("Stable Diffusion XL", Says.AI),
        ("Sora", Says.AI),
        ("Adobe Photoshop 25.0", Says.INFO),
        ("Sora the photo viewer", Says.INFO),
        ("Fluxbox 1.0", Says.INFO),
    ],
)
def test_that_software_says_ai_only_by_a_generator_s_name(
    tmp_path: Path, software: str, says: Says
) -> None:
    exif = Image.Exif()
    exif[0x0131] = software
    assert said(of_jpeg(tmp_path, exif=exif.tobytes())) == [("software", says)]
    packet = xmp("", f'xmp:CreatorTool="{software}"')
    assert said(of_jpeg(tmp_path, packet)) == [("software", says)]


def test_that_clips_are_read_by_tag_and_by_xmp_box(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    frames = list(pan(draw_photo(1, 200, 120), 3, 160, 96, noise=1.0))
    encode_clip(path, frames, 10, metadata={"comment": COMFY})
    assert said(read_traces(path, "mp4")) == [("comfyui", Says.AI)]
    encode_clip(path, frames, 10)
    assert read_traces(path, "mp4") == ()
    packet = xmp("", f'Iptc4xmpExt:DigitalSourceType="{DST}trainedAlgorithmicMedia"').encode()
    uuid = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    with path.open("ab") as file:
        file.write(struct.pack(">I", len(packet) + 24) + b"uuid" + uuid + packet)
    assert said(read_traces(path, "mp4")) == [("iptc", Says.AI)]


def test_that_ai_comes_first_and_each_trace_once(tmp_path: Path) -> None:
    packet = xmp(
        "",
        'xmp:CreatorTool="Photoshop" plus:DataMining="DMI-PROHIBITED" '
        f'Iptc4xmpExt:DigitalSourceType="{DST}trainedAlgorithmicMedia"',
    )
    found = of_jpeg(tmp_path, packet, exif=camera_exif())
    assert [trace.says for trace in found] == [Says.AI, Says.OPT_OUT, Says.CAMERA, Says.INFO]
    assert len(set(found)) == len(found)


def test_that_values_are_short_and_plain(tmp_path: Path) -> None:
    (found,) = of_png(tmp_path, {"parameters": A1111 + "\x1b[31m\u202e" + "x" * 100_000})
    assert len(found.value) == 2000
    assert "\x1b" not in found.value
    assert "\u202e" not in found.value


def test_that_missing_files_and_pipes_leave_no_trace(tmp_path: Path) -> None:
    assert read_traces(tmp_path / "none.jpg", "jpeg") == ()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
        assert read_traces(tmp_path / "pipe.png", "png") == ()
