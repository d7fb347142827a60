"""Whatever a file holds, reading its traces ends soon and raises nothing."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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
from inspector.adapters.traces import read_traces, watermark_traces
from inspector.adapters.traces.blocks import MAX_TOTAL, read_blocks
from inspector.adapters.traces.exif import exif_traces
from inspector.adapters.traces.generators import text_traces
from inspector.adapters.traces.statements import iptc_traces, label_traces, xmp_traces
from inspector.adapters.traces.xmp import properties

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data" / "bad"
FORMATS = ["jpeg", "png", "webp", "gif", "tiff", "avif", "heif", "mp4", "mov", "mkv", "avi", "?"]

quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def a_chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def with_chunk(chunk: bytes) -> bytes:
    content = encode_png(draw_photo(1, 32, 24))
    return content[:33] + chunk + content[33:]


@pytest.mark.parametrize(
    "chunk",
    [
        a_chunk(b"zTXt", b"parameters\0\0" + zlib.compress(bytes(60 << 20))),
        a_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"<a>" * (5 << 20))),
        a_chunk(b"tEXt", b"prompt\0" + b"[" * 1_000_000),
        a_chunk(b"tEXt", b"prompt\0" + b'{"a":' * 200_000),
        a_chunk(b"eXIf", b"MM\0*" + b"\xff" * 5000),
        a_chunk(b"zTXt", b"parameters\0\0nonsense"),
        a_chunk(b"iTXt", b"k\0"),
        struct.pack(">I", 0xFFFFFFFF) + b"tEXtparameters\0",
    ],
    ids=["bomb", "xmp bomb", "deep list", "deep map", "exif", "not packed", "short", "huge size"],
)
def test_that_twisted_chunks_say_nothing(tmp_path: Path, chunk: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(with_chunk(chunk))
    assert read_traces(path, "png") == ()


def test_that_many_small_bombs_are_not_all_unpacked(tmp_path: Path) -> None:
    bomb = a_chunk(b"zTXt", b"c\0\0" + zlib.compress(bytes(8 << 20)))
    path = tmp_path / "a.png"
    path.write_bytes(with_chunk(bomb * 300))
    blocks = read_blocks(str(path), "png")
    assert sum(len(value) for _, value in blocks.text) <= MAX_TOTAL


def test_that_endless_segments_are_not_all_kept(tmp_path: Path) -> None:
    packet = b"http://ns.adobe.com/xap/1.0/\0" + b"x" * 60_000
    segment = b"\xff\xe1" + struct.pack(">H", len(packet) + 2) + packet
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8" + segment * 1500)
    assert sum(map(len, read_blocks(str(path), "jpeg").xmp)) <= MAX_TOTAL


@pytest.mark.parametrize(
    "packet",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        b"<a>" * 200_000,
        b"<a>" * 200_000 + b"</a>" * 200_000,
        b"<a " + b'b="c" ' * 100_000 + b"/>",
        b"\xff\xfe<\0a\0",
        b"<?xml version='1.0' encoding='no-such-encoding'?><a/>",
        b":" * 4_000_000,
        b"a:" + b"b" * 4_000_000,
        b"a:b " * 1_000_000,
    ],
)
def test_that_malformed_xmp_ends_soon(packet: bytes) -> None:
    assert list(xmp_traces(list(properties(packet)))) == []


def test_that_a_bomb_of_pixels_is_not_decoded_for_its_alpha(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    path = tmp_path / "a.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + a_chunk(b"IHDR", header)
        + a_chunk(b"IDAT", zlib.compress(bytes(1 << 20)))
        + a_chunk(b"IEND", b"")
    )
    assert read_traces(path, "png") == ()


@quick
@given(st.binary(max_size=400), st.sampled_from(FORMATS))
def test_that_any_bytes_are_read_to_the_end(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "any"
    path.write_bytes(content)
    read_traces(path, kind)


PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    'xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" xmlns:plus="http://ns.useplus.org/ldf/" '
    'Iptc4xmpExt:DigitalSourceType="trainedAlgorithmicMedia" TC260:AIGC=\'{"Label":"1"}\' '
    'plus:DataMining="DMI-PROHIBITED"/></rdf:RDF></x:xmpmeta>'
)
PARAMETERS = "a lake\nSteps: 28, Sampler: Euler"
GRAPH = '{"3": {"class_type": "KSampler", "inputs": {"seed": 1}}}'


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return a file of every kind that a reader knows, each with a mark, by name and suffix."""
    folder = tmp_path_factory.mktemp("seeds")
    pixels = draw_photo(1, 64, 48)
    picture = Image.fromarray(pixels)
    exif = generator_exif(PARAMETERS)
    for suffix in ("webp", "avif", "tiff", "gif"):
        options = {"exif": exif} if suffix in ("webp", "avif") else {}
        tags = {"description": PARAMETERS} if suffix == "tiff" else {}
        picture.save(folder / f"a.{suffix}", **options, **tags)
    frames = list(pan(pixels, 2, 48, 32, noise=1.0))
    for suffix, codec in (("mp4", "libx264"), ("mkv", "libx264"), ("avi", "mpeg4")):
        encode_clip(folder / f"a.{suffix}", frames, 10, codec=codec, metadata={"comment": GRAPH})
    clip = (folder / "a.mp4").read_bytes()
    packet = PACKET.encode()
    uuid = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    record = b"8BIM\x04\x04\0\0" + struct.pack(">I", 9) + b"\x1c\x02\x6e\0\x04Made\0"
    resources = b"Photoshop 3.0\0" + record
    segment = b"\xff\xed" + struct.pack(">H", len(resources) + 2) + resources
    plain = encode_jpeg(pixels, xmp=PACKET)
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    return made | {
        "a.gif": made["a.gif"] + packet,
        "camera.jpeg": encode_jpeg(pixels, exif=camera_exif()),
        "statement.jpeg": plain[:2] + segment + plain[2:],
        "generator.jpeg": encode_jpeg(pixels, exif=exif),
        "text.png": encode_png(pixels, {"parameters": PARAMETERS, "prompt": GRAPH}, xmp=PACKET),
        "packed.png": with_chunk(a_chunk(b"zTXt", b"prompt\0\0" + zlib.compress(GRAPH.encode()))),
        "hidden.png": hidden_png(),
        "boxed.mov": clip + struct.pack(">I4s", len(packet) + 24, b"uuid") + uuid + packet,
    }


def hidden_png() -> bytes:
    """Return a PNG with parameters in the lowest bits of its alpha, column by column."""
    message = PARAMETERS.encode()
    bits = np.unpackbits(
        np.frombuffer(b"stealth_pnginfo" + struct.pack(">I", 8 * len(message)) + message, np.uint8)
    )
    alpha = np.full((64, 48), 255, np.uint8).reshape(-1)
    alpha[: len(bits)] = 254 | bits
    pixels = np.dstack([draw_photo(4, 64, 48), alpha.reshape(64, 48).T])
    return encode_png(pixels)


def test_that_every_seed_leaves_a_trace(tmp_path: Path, seeds: dict[str, bytes]) -> None:
    silent = set()
    for name, content in seeds.items():
        path = tmp_path / name
        path.write_bytes(content)
        if not read_traces(path, path.suffix[1:]):
            silent.add(name)
    assert silent == set()


@settings(quick, max_examples=300)
@given(data=st.data())
def test_that_mutants_are_read_to_the_end(
    tmp_path: Path, seeds: dict[str, bytes], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(seeds)))
    twisted = bytearray(seeds[name])
    head = min(len(twisted), data.draw(st.sampled_from([64, 600, 1 << 30]))) - 1
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, head))
        match data.draw(st.sampled_from(["set", "add", "cut", "many"])):
            case "set":
                twisted[at : at + 1] = data.draw(st.binary(min_size=1, max_size=1))
            case "add":
                twisted[at:at] = data.draw(st.binary(max_size=20))
            case "cut":
                del twisted[at : at + data.draw(st.integers(1, 40))]
            case _:
                twisted[at : at + 4] = b"\xff\xff\xff\xff"
    path = tmp_path / "mutant"
    path.write_bytes(bytes(twisted[: data.draw(st.integers(1, max(1, len(twisted))))]))
    read_traces(path, Path(name).suffix[1:])


@quick
@given(
    st.integers(1, 700),
    st.integers(1, 700),
    st.sampled_from(["zeros", "full", "noise", "stripes"]),
    st.integers(0, 2**32 - 1),
)
def test_that_any_pixels_are_looked_at_to_the_end(
    width: int, height: int, kind: str, seed: int
) -> None:
    pixels = np.zeros((height, width, 3), np.uint8)
    if kind == "full":
        pixels[:] = 255
    elif kind == "stripes":
        pixels[::2] = 255
    elif kind == "noise":
        pixels[:] = np.random.default_rng(seed).integers(0, 256, pixels.shape)
    assert watermark_traces(pixels) == []


@quick
@given(st.binary(max_size=600), st.sampled_from([b"MM\0*\0\0\0\x08", b"II*\0\x08\0\0\0", b""]))
def test_that_any_exif_is_read_to_the_end(content: bytes, head: bytes) -> None:
    list(exif_traces(head + content))


@quick
@given(st.text(max_size=80), st.text(max_size=300))
def test_that_any_text_is_read_to_the_end(key: str, value: str) -> None:
    list(text_traces("file", key, value))
    list(label_traces(key, value))


@quick
@given(st.binary(max_size=300))
def test_that_any_packet_and_any_record_is_read_to_the_end(content: bytes) -> None:
    list(xmp_traces(list(properties(content))))
    list(iptc_traces(b"\x1c\x02\x6e" + content))


@pytest.mark.shared
def test_that_the_known_bad_files_are_read_to_the_end() -> None:
    if not SHARED.is_dir():
        pytest.skip("the development data folder is not beside the checkout")
    for path in sorted((SHARED / "files").iterdir()):
        if path.is_file():
            for kind in ("jpeg", "png", "webp", "tiff", "mp4", "avif", "mkv"):
                read_traces(path, kind)
