import pytest
from PIL import Image

from inspector.adapters.media.cadence import beats
from inspector.adapters.media.direct import DirectReader
from inspector.domain.errors import FaultCode
from inspector.domain.media import ItemStatus, MediaKind
from inspector.ports import ExaminePlan
from tests.unit.adapters.media.drawing import encoded, examined

READER = DirectReader()
PLUGINS = [("GIF", "gif"), ("WEBP", "webp"), ("PNG", "png"), ("AVIF", "avif")]


def animation(plugin: str, greys=range(20, 220, 20), duration: int = 40) -> bytes:
    frames = [Image.new("RGB", (32, 24), (grey, grey, grey)) for grey in greys]
    more: dict[str, object] = {"lossless": True} if plugin == "WEBP" else {}
    return encoded(
        frames[0], plugin, save_all=True, append_images=frames[1:], duration=duration, **more
    )


@pytest.mark.parametrize(("plugin", "name"), PLUGINS)
def test_that_an_animation_is_a_clip(tmp_path, plugin, name):
    file = tmp_path / "a"
    file.write_bytes(animation(plugin))
    got = examined(READER, file, ExaminePlan(frames=None))
    assert got.seen.status is ItemStatus.OK
    assert got.seen.info is not None
    assert (got.seen.info.kind, got.seen.info.format) == (MediaKind.VIDEO, name)
    assert got.seen.info.frame_count == 10
    greys = [int(frame.pixels[5, 5, 0]) for frame in got.frames]
    assert all(abs(a - b) <= 3 for a, b in zip(greys, range(20, 220, 20), strict=True))
    if name != "avif":
        assert got.seen.info.duration_s == pytest.approx(0.4)
        assert got.frames[5].pts_s == pytest.approx(0.2)


def test_that_animations_are_sampled_in_time(tmp_path):
    file = tmp_path / "a"
    file.write_bytes(animation("GIF"))
    assert len(examined(READER, file, ExaminePlan(frames=4)).frames) == 4


def test_that_one_frame_is_a_picture(tmp_path):
    file = tmp_path / "a"
    file.write_bytes(encoded(Image.new("RGB", (8, 8)), "GIF", save_all=True))
    info = examined(READER, file).seen.info
    assert info is not None
    assert info.kind is MediaKind.IMAGE


def test_that_an_animation_is_stepped_exactly(tmp_path):
    file = tmp_path / "a"
    file.write_bytes(animation("GIF"))
    reader = READER.open_clip(str(file))
    assert reader.frame_at(0.1).pixels[5, 5, 0] == 60
    assert reader.next_frame().pixels[5, 5, 0] == 80
    assert reader.previous_frame().pixels[5, 5, 0] == 60
    reader.close()


@pytest.mark.parametrize(("plugin", "name"), PLUGINS[:3])
def test_that_delays_are_read_from_the_structure(tmp_path, plugin, name):
    file = tmp_path / "a"
    file.write_bytes(animation(plugin, duration=70))
    with file.open("rb") as source:
        assert [beat.delay_ms for beat in beats(source, name)] == [70] * 10


def test_that_hardly_any_delay_is_shown_as_browsers_do(tmp_path):
    file = tmp_path / "a"
    file.write_bytes(animation("GIF", duration=10))
    with file.open("rb") as source:
        assert [beat.delay_ms for beat in beats(source, "gif")] == [100] * 10


def test_that_a_cut_animation_is_damaged(tmp_path):
    import numpy as np

    rng = np.random.default_rng(3)
    frames = [Image.fromarray(rng.integers(0, 255, (48, 64), np.uint8), "L") for _ in range(6)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    file = tmp_path / "a"
    file.write_bytes(data[: len(data) * 7 // 10])
    seen = examined(READER, file).seen
    assert seen.status in (ItemStatus.DAMAGED, ItemStatus.UNREADABLE)


def gif_reaching(*reaches: tuple[int, int]) -> bytes:
    """Return a GIF of 64 x 48 pixels whose frames claim to end at the given places."""
    frames = [Image.new("P", (64, 48), n) for n in range(len(reaches))]
    for frame in frames:
        frame.putpalette([level for n in range(8) for level in (n * 30,) * 3])
    data = bytearray(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    at = 0
    for right, bottom in reaches:
        at = data.index(b"\x2c\x00\x00\x00\x00\x40\x00\x30\x00", at)
        data[at + 5 : at + 9] = right.to_bytes(2, "little") + bottom.to_bytes(2, "little")
        at += 9
    return bytes(data)


def test_that_a_frame_that_would_make_the_canvas_huge_is_left_out(tmp_path):
    file = tmp_path / "a.gif"
    file.write_bytes(gif_reaching((64, 48), (64, 48), (65_535, 65_535), (64, 48)))
    got = examined(READER, file, ExaminePlan(frames=None))
    assert got.seen.status is ItemStatus.DAMAGED
    assert got.seen.fault is not None
    assert got.seen.fault.message == "2 of 4 frames cannot be decoded."
    assert [frame.pixels.shape for frame in got.frames] == [(48, 64, 3)] * 2


def test_that_an_animation_is_too_large_sooner_than_a_still_picture(tmp_path):
    file = tmp_path / "a.gif"
    data = bytearray(gif_reaching((64, 48), (64, 48)))
    data[6:10] = (10_000).to_bytes(2, "little") * 2
    file.write_bytes(data)
    seen = examined(READER, file).seen
    assert seen.status is ItemStatus.UNREADABLE
    assert seen.fault is not None
    assert seen.fault.code is FaultCode.TOO_LARGE
    assert "10000 x 10000 pixels" in seen.fault.message
