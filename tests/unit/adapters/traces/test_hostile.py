"""Whatever a file holds, reading its traces ends soon and raises nothing."""

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    pixels = draw_photo(1, 64, 48)
    clip = tmp_path_factory.mktemp("clip") / "a.mp4"
    encode_clip(clip, list(pan(pixels, 2, 48, 32, noise=1.0)), 10, metadata={"comment": "hello"})
    return [
        ("jpeg", encode_jpeg(pixels, exif=camera_exif(), xmp="<x:xmpmeta><a b='c'/></x:xmpmeta>")),
        ("jpeg", encode_jpeg(pixels, exif=generator_exif("Steps: 1, Sampler: x"))),
        ("png", encode_png(pixels, {"parameters": "Steps: 1, Sampler: x", "prompt": "{}"})),
        ("mp4", clip.read_bytes()),
    ]


@quick
@given(data=st.data())
def test_that_mutants_are_read_to_the_end(
    tmp_path: Path, seeds: list[tuple[str, bytes]], data: st.DataObject
) -> None:
    kind, content = data.draw(st.sampled_from(seeds))
    twisted = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        twisted[data.draw(st.integers(0, len(twisted) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(twisted)))
    path = tmp_path / "mutant"
    path.write_bytes(bytes(twisted[:cut]))
    read_traces(path, kind)


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
