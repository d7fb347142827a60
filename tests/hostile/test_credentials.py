"""Credentials made to harm whoever reads them: read by a limited worker, shown cut and plain."""

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PIL import Image

from inspector.adapters.c2pa.reader import MAX_RAW_JSON
from inspector.adapters.c2pa.signing import ManifestPlan, PlannedAction, TestSigner
from inspector.adapters.c2pa.thumbnails import SIDE_PX, decode_thumbnail
from inspector.adapters.media.pool import WorkerPool
from inspector.adapters.samples import draw_photo, encode_jpeg
from inspector.bootstrap.spotcheck import found_file
from inspector.bootstrap.worker import worker_entry
from inspector.domain.media import ItemStatus
from inspector.domain.provenance import ProvenanceState
from inspector.ports import ExaminePlan
from inspector.settings import LimitSettings

TURNED = "photo\u202egpj.exe\u200b\u2066\x07\n<b>bold</b>"


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(1, LimitSettings(), worker_entry())
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def signer() -> TestSigner:
    return TestSigner.create("Hostile")


def signed(folder: Path, signer: TestSigner, plan: ManifestPlan) -> str:
    plain = folder / "plain.jpg"
    plain.write_bytes(encode_jpeg(draw_photo(1, 160, 120)))
    return str(signer.sign(plain, folder / "signed.jpg", plan))


def test_that_the_longest_title_that_can_be_signed_is_cut(pool, signer, tmp_path) -> None:
    path = signed(tmp_path, signer, ManifestPlan(title="t" * 900_000))
    store = pool.manifests(path)
    assert store.summary.state is ProvenanceState.VALID
    assert store.root is not None
    assert len(store.root.title or "") == 200
    assert len(store.raw_json) < MAX_RAW_JSON + 100
    seen = pool.examine(found_file(path), ExaminePlan(), lambda frame: None, Event())
    assert seen.status is ItemStatus.OK


def test_that_names_that_turn_and_hide_text_come_out_plain(pool, signer, tmp_path) -> None:
    plan = ManifestPlan(
        title=TURNED,
        claim_generator=TURNED,
        actions=(PlannedAction("c2pa.created", software=TURNED, description=TURNED),),
        assertions={
            "c2pa.soft-binding": {"alg": TURNED, "blocks": []},
            "cawg.identity": {"signer_payload": {"sig_type": TURNED}, "signature": "AAAA"},
        },
    )
    root = pool.manifests(signed(tmp_path, signer, plan)).root
    assert root is not None
    texts = [
        root.title,
        root.claim_generator,
        root.actions[0].software,
        root.actions[0].words,
        *(binding.algorithm for binding in root.soft_bindings),
        *(identity.kind for identity in root.identities),
    ]
    assert len(texts) == 6
    for text in texts:
        assert text is not None
        assert "photo gpj.exe <b>bold</b>" in text
        assert text.isprintable()


def test_that_ten_thousand_actions_and_assertions_are_counted(pool, signer, tmp_path) -> None:
    plan = ManifestPlan(
        actions=tuple(PlannedAction("c2pa.edited", software=f"tool {n}") for n in range(10_000))
    )
    root = pool.manifests(signed(tmp_path, signer, plan)).root
    assert root is not None
    assert len(root.actions) == 1000


def png_of(width: int, height: int, extra: bytes = b"") -> bytes:
    """Return a PNG that claims a size and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )


def text_bomb() -> bytes:
    body = b"zTXt" + b"Comment\0\0" + zlib.compress(bytes(100_000_000))
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


@pytest.mark.parametrize(
    "content",
    [
        png_of(30_000, 30_000),
        png_of(2**31 - 1, 2**31 - 1),
        png_of(0, 0),
        png_of(100, 100),
        png_of(100, 100, text_bomb()),
    ],
)
def test_that_pictures_that_are_bombs_are_left_out(content: bytes) -> None:
    assert decode_thumbnail(content) is None


def test_that_a_large_picture_is_made_small() -> None:
    buffer = io.BytesIO()
    Image.new("1", (4000, 3900)).save(buffer, "PNG")
    picture = decode_thumbnail(buffer.getvalue())
    assert picture is not None
    assert max(picture.width, picture.height) == SIDE_PX
