from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np
import pytest

from inspector.adapters.c2pa.fragments import Pieces, fragments_beside
from inspector.adapters.c2pa.reader import ProvenanceReader
from inspector.adapters.c2pa.signing import TestSigner
from inspector.domain.provenance import AiDeclared, ProvenanceState
from tests.handmade import SignedStream, boxes_of, signed_stream

CAPTURE = {
    "c2pa.actions": {
        "actions": [
            {
                "action": "c2pa.created",
                "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/"
                "trainedAlgorithmicMedia",
            }
        ]
    }
}


@pytest.fixture(scope="session")
def fragmented(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return an MP4 of four fragments."""
    path = tmp_path_factory.mktemp("clips") / "whole.mp4"
    chance = np.random.default_rng(1)
    flags = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with av.open(str(path), "w", format="mp4", options=flags) as out:
        stream = out.add_stream("mpeg4", rate=10, options={"g": "1"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(4):
            pixels = chance.integers(0, 255, (48, 64, 3), dtype=np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        out.mux(stream.encode())
    return path.read_bytes()


@pytest.fixture(scope="session")
def stream(fragmented: bytes, signer: TestSigner) -> SignedStream:
    return signed_stream(fragmented, signer, CAPTURE)


def laid_out(
    folder: Path, stream: SignedStream, changes: Mapping[int, bytes | None] | None = None
) -> Path:
    """Write the pieces as packagers name them; a change replaces a fragment or leaves it out."""
    init = folder / "init.mp4"
    init.write_bytes(stream.init)
    for number, fragment in enumerate(stream.fragments):
        content = (changes or {}).get(number, fragment)
        if content is not None:
            (folder / f"seg-{number + 1}.m4s").write_bytes(content)
    return init


def test_that_an_opening_piece_is_checked_with_its_fragments(trusting, stream, tmp_path) -> None:
    assert len(stream.fragments) == 4
    read = trusting.read(laid_out(tmp_path, stream), "mp4")
    assert read.state is ProvenanceState.TRUSTED
    assert (read.hash_ok, read.signature_ok) == (True, True)
    assert read.message == "It opens a stream; 4 of its fragments lie beside it and match."
    assert read.ai_declared is AiDeclared.WHOLE
    assert read.ai_signed


def test_that_a_stream_has_its_tree_and_its_json(untrusting, stream, tmp_path) -> None:
    store = untrusting.read_store(laid_out(tmp_path, stream), "mp4")
    assert store.root is not None
    assert store.root.actions[0].label == "c2pa.created"
    assert "assertion.bmffHash.match" in [code.code for code in store.root.codes]
    assert "assertion.bmffHash.match" in store.raw_json


def test_that_an_opening_piece_alone_is_not_called_tampered(trusting, stream, tmp_path) -> None:
    init = laid_out(tmp_path, stream, dict.fromkeys(range(4)))
    read = trusting.read(init, "mp4")
    assert read.state is ProvenanceState.TRUSTED
    assert read.hash_ok is None
    assert not read.broken
    assert "not checked" in (read.message or "")


def test_that_a_changed_fragment_is_named(trusting, stream, tmp_path) -> None:
    changed = stream.fragments[2][:-4] + b"else"
    read = trusting.read(laid_out(tmp_path, stream, {2: changed}), "mp4")
    assert read.state is ProvenanceState.INVALID
    assert read.hash_ok is False
    assert read.codes == ("assertion.bmffHash.mismatch",)
    assert "seg-3.m4s" in (read.message or "")


def test_that_a_changed_opening_piece_is_told_from_a_changed_fragment(
    trusting, stream, tmp_path
) -> None:
    init = laid_out(tmp_path, stream)
    init.write_bytes(stream.init[:-9] + b"!" + stream.init[-8:])
    read = trusting.read(init, "mp4")
    assert read.hash_ok is False
    assert read.message == "It opens a stream, and is itself not what was signed."


def test_that_two_fragments_that_changed_places_are_found(trusting, stream, tmp_path) -> None:
    first, second = (b"".join(boxes_of(f)[2:]) for f in stream.fragments[:2])
    swapped = {
        0: stream.fragments[0].replace(first, second),
        1: stream.fragments[1].replace(second, first),
    }
    assert trusting.read(laid_out(tmp_path, stream, swapped), "mp4").hash_ok is False


@pytest.mark.parametrize("content", [b"\0\0\0\x08moof", None])
def test_that_a_fragment_without_a_mark_leaves_the_hash_open(
    trusting, stream, tmp_path, content: bytes | None
) -> None:
    unmarked = b"".join(b for b in boxes_of(stream.fragments[3]) if b[4:8] != b"uuid")
    read = trusting.read(laid_out(tmp_path, stream, {3: content or unmarked}), "mp4")
    assert read.hash_ok is None
    assert not read.broken
    assert "1 more carry no mark" in (read.message or "")


def test_that_a_fragmented_clip_without_a_credential_has_none(
    untrusting, fragmented, tmp_path
) -> None:
    plain = tmp_path / "init.mp4"
    plain.write_bytes(b"".join(b for b in boxes_of(fragmented) if b[4:8] in (b"ftyp", b"moov")))
    assert untrusting.read(plain, "mp4").state is ProvenanceState.ABSENT
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(fragmented)
    assert untrusting.read(whole, "mp4").state is ProvenanceState.ABSENT


def test_that_a_fragmented_clip_in_one_file_is_read_as_any_other(
    trusting, signer, fragmented, tmp_path
) -> None:
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(fragmented)
    signed = signer.sign(whole, tmp_path / "signed.mp4")
    read = trusting.read(signed, "mp4")
    assert (read.state, read.hash_ok) == (ProvenanceState.TRUSTED, True)
    content = bytearray(signed.read_bytes())
    content[-2000] ^= 1
    signed.write_bytes(content)
    assert trusting.read(signed, "mp4").hash_ok is False


def test_that_streams_in_one_folder_are_told_apart_by_their_names(stream, tmp_path) -> None:
    for number in (1, 10):
        (tmp_path / f"init-stream{number}.m4s").write_bytes(stream.init)
        for part in (1, 2, 10):
            name = f"chunk-stream{number}-{part}.m4s"
            (tmp_path / name).write_bytes(stream.fragments[0])
    (tmp_path / "other.m4s").write_bytes(stream.fragments[0])
    beside = fragments_beside(str(tmp_path / "init-stream1.m4s"))
    assert [Path(path).name for path in beside] == [
        "chunk-stream1-1.m4s",
        "chunk-stream1-2.m4s",
        "chunk-stream1-10.m4s",
    ]


def test_that_more_fragments_than_are_checked_leave_the_hash_open() -> None:
    pieces = Pieces(matching=2000, left_out=5)
    assert not pieces.whole
    assert "5 more were not checked" in pieces.words()


def test_that_folders_and_pipes_beside_it_do_no_harm(untrusting, stream, tmp_path) -> None:
    init = laid_out(tmp_path, stream)
    (tmp_path / "folder.m4s").mkdir()
    (tmp_path / "dangling.m4s").symlink_to(tmp_path / "nowhere")
    (tmp_path / "empty.m4s").write_bytes(b"")
    (tmp_path / "endless.m4s").write_bytes(b"\0\0\0\x01moof" + bytes(20))
    reader: ProvenanceReader = untrusting
    assert reader.read(init, "mp4").signature_ok is True
