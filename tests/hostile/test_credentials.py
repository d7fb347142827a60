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
from inspector.domain.provenance import ManifestNode, ManifestStore, ProvenanceState
from inspector.ports import ExaminePlan
from inspector.settings import LimitSettings
from tests.handmade import EmbeddedFile, MadeManifest, signed_jpeg

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


def label(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012x}"


def made(number: int, *ingredients: int, **changes) -> MadeManifest:
    stated = {"c2pa.actions": {"actions": [{"action": "c2pa.edited"}]}}
    return MadeManifest(label(number), stated, [label(i) for i in ingredients], **changes)


def by_hand(folder: Path, signer: TestSigner, manifests: list[MadeManifest]) -> str:
    path = folder / "handmade.jpg"
    path.write_bytes(signed_jpeg(manifests, signer, encode_jpeg(draw_photo(1, 160, 120))))
    return str(path)


def read_twice(pool: WorkerPool, path: str) -> ManifestStore:
    """Read a credential as the desk does and as a scan does; the picture comes through."""
    seen = pool.examine(found_file(path), ExaminePlan(), lambda frame: None, Event())
    assert seen.status is ItemStatus.OK
    assert seen.fault is None
    store = pool.manifests(path)
    assert store.summary == seen.provenance
    return store


def nodes(root: ManifestNode | None) -> Iterator[ManifestNode]:
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.ingredients)


@pytest.mark.parametrize(
    "manifests",
    [
        [made(1, 1)],
        [made(1, 2), made(2, 1)],
        [made(1, 2), made(2, 1), made(3, 1)],
        [made(1, 3), made(2, 1), made(3, 2), made(4, 3, 1)],
    ],
    ids=["itself", "two", "two below", "three below"],
)
def test_that_manifests_in_a_circle_are_refused_with_a_reason(
    pool, signer, tmp_path, manifests
) -> None:
    store = read_twice(pool, by_hand(tmp_path, signer, manifests))
    assert store.summary.state is ProvenanceState.CORRUPT
    assert "cyclic ingredient" in (store.summary.message or "")


def test_that_a_chain_of_a_hundred_is_counted_whole_and_shown_in_part(
    pool, signer, tmp_path
) -> None:
    chain = [made(0), *(made(n, n - 1) for n in range(1, 100))]
    store = read_twice(pool, by_hand(tmp_path, signer, chain))
    assert store.summary.state is ProvenanceState.VALID
    assert (store.summary.manifests, store.summary.depth) == (100, 100)
    shown = list(nodes(store.root))
    assert [node.cut for node in shown] == [False] * 60 + [True]


def test_that_a_chain_without_end_is_refused_with_a_reason(pool, signer, tmp_path) -> None:
    chain = [made(0), *(made(n, n - 1) for n in range(1, 400))]
    store = read_twice(pool, by_hand(tmp_path, signer, chain))
    assert store.summary.state is ProvenanceState.CORRUPT
    assert "depth" in (store.summary.message or "")


def test_that_a_thousand_ingredients_are_all_shown(pool, signer, tmp_path) -> None:
    many = [*(made(n) for n in range(1000)), made(5000, *range(1000))]
    store = read_twice(pool, by_hand(tmp_path, signer, many))
    assert store.summary.state is ProvenanceState.VALID
    assert (store.summary.manifests, store.summary.depth) == (1001, 2)
    assert store.root is not None
    assert len(store.root.ingredients) == 1000


def test_that_one_file_taken_in_a_thousand_times_is_shown_so(pool, signer, tmp_path) -> None:
    store = read_twice(pool, by_hand(tmp_path, signer, [made(1), made(2, *[1] * 1000)]))
    assert store.root is not None
    assert len(store.root.ingredients) == 1000


def test_that_branches_that_double_at_each_step_do_not_grow_without_end(
    pool, signer, tmp_path
) -> None:
    ladder = [made(0), *(made(n, n - 1, n - 1) for n in range(1, 40))]
    store = read_twice(pool, by_hand(tmp_path, signer, ladder))
    assert store.summary.depth == 40
    shown = list(nodes(store.root))
    assert len(shown) <= 2000
    assert any(node.cut for node in shown)


def test_that_a_title_of_ten_megabytes_is_cut(pool, signer, tmp_path) -> None:
    store = read_twice(pool, by_hand(tmp_path, signer, [made(1, title="t" * 10_000_000)]))
    assert store.summary.state is ProvenanceState.VALID
    assert store.root is not None
    assert store.root.title == "t" * 199 + "…"
    assert store.raw_json.endswith("characters in all")
    assert len(store.raw_json) < MAX_RAW_JSON + 100


def test_that_a_bomb_for_a_thumbnail_leaves_the_rest_of_the_credential(
    pool, signer, tmp_path
) -> None:
    for bomb in (png_of(30_000, 30_000), png_of(100, 100, text_bomb())):
        stated = {
            "c2pa.actions": {"actions": [{"action": "c2pa.edited"}]},
            "c2pa.thumbnail.claim.png": EmbeddedFile("image/png", bomb),
        }
        store = read_twice(pool, by_hand(tmp_path, signer, [MadeManifest(label(1), stated)]))
        assert store.summary.state is ProvenanceState.VALID
        assert store.root is not None
        assert "c2pa.thumbnail.claim.png" in store.raw_json
        assert store.root.thumbnail is None


def test_that_a_thumbnail_made_by_hand_is_shown(pool, signer, tmp_path) -> None:
    small = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 10, 10)).save(small, "PNG")
    stated = {
        "c2pa.actions": {"actions": [{"action": "c2pa.edited"}]},
        "c2pa.thumbnail.claim.png": EmbeddedFile("image/png", small.getvalue()),
    }
    store = read_twice(pool, by_hand(tmp_path, signer, [MadeManifest(label(1), stated)]))
    assert store.root is not None
    assert store.root.thumbnail is not None
    assert (store.root.thumbnail.width, store.root.thumbnail.height) == (40, 30)


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
