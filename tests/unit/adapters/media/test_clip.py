import pytest

from inspector.adapters.media.direct import DirectReader
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import ItemStatus, MediaKind
from inspector.ports import ExaminePlan
from tests.unit.adapters.media.drawing import (
    clip,
    encoded,
    examined,
    frame_grey,
    photo,
    turned_by_matrix,
)

READER = DirectReader()
ALL = ExaminePlan(frames=None)

CONTAINERS = [
    ("a.mp4", "libx264"),
    ("a.mov", "libx264"),
    ("a.mkv", "libx264"),
    ("a.webm", "libvpx-vp9"),
    ("a.avi", "mpeg4"),
    ("a.ts", "libx264"),
    ("a.flv", "libx264"),
    ("a.mpg", "mpeg2video"),
]


@pytest.mark.parametrize(("name", "codec"), CONTAINERS)
def test_that_every_frame_comes_once_and_in_order(tmp_path, name, codec):
    got = examined(READER, clip(tmp_path / name, codec=codec), ALL)
    assert got.seen.status is ItemStatus.OK, got.seen.fault
    assert got.numbers == list(range(48))
    assert [frame.index for frame in got.frames] == list(range(48))
    assert got.frames[24].pts_s == pytest.approx(1.0, abs=0.002)


@pytest.mark.parametrize(("name", "codec"), CONTAINERS)
def test_that_samples_are_spread_and_exact(tmp_path, name, codec):
    got = examined(READER, clip(tmp_path / name, codec=codec), ExaminePlan(frames=6))
    assert got.seen.status is ItemStatus.OK, got.seen.fault
    assert len(got.frames) == 6
    assert got.numbers == [round(frame.pts_s * 24) for frame in got.frames]
    gaps = [b - a for a, b in zip(got.numbers, got.numbers[1:], strict=False)]
    assert min(gaps) >= 4


def test_that_samples_between_distant_keyframes_are_decoded_too(tmp_path):
    got = examined(READER, clip(tmp_path / "a.mp4", gop=250), ExaminePlan(frames=6))
    assert got.numbers == [0, 11, 19, 27, 35, 43]


def test_that_the_facts_are_those_of_the_stream(tmp_path):
    info = examined(READER, clip(tmp_path / "a.mp4")).seen.info
    assert info is not None
    assert (info.kind, info.format, info.codec) == (MediaKind.VIDEO, "mp4", "h264")
    assert (info.width, info.height, info.frame_count) == (96, 64, 48)
    assert info.duration_s == pytest.approx(2.0, abs=0.01)
    assert info.frame_rate == pytest.approx(24)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_that_a_turned_phone_clip_is_upright(tmp_path, degrees):
    path = turned_by_matrix(clip(tmp_path / "a.mp4", gop=1), degrees)
    got = examined(READER, path, ExaminePlan(frames=2, thumbnail_px=48))
    corners = {90: (4, -4), 180: (-4, -4), 270: (-4, 4)}
    height, width = got.pixels.shape[:2]
    assert (height, width) == ((96, 64) if degrees != 180 else (64, 96))
    row, column = corners[degrees]
    assert got.pixels[row, column].min() > 230
    assert got.seen.info is not None
    assert (got.seen.info.height, got.seen.info.width) == (height, width)
    assert got.seen.thumbnail is not None
    assert got.seen.thumbnail[row // 2, column // 2].min() > 200


def test_that_uneven_times_are_kept(tmp_path):
    stamps = [0, 1, 2, 3, 30, 31, 90]
    got = examined(READER, clip(tmp_path / "a.mp4", stamps=stamps), ALL)
    assert [round(frame.pts_s * 24) for frame in got.frames] == stamps


def test_that_a_long_gap_does_not_use_up_all_samples(tmp_path):
    stamps = [*range(40), 24 * 36000]
    got = examined(READER, clip(tmp_path / "a.mkv", stamps=stamps), ExaminePlan(frames=8))
    assert len(got.frames) == 8


def test_that_10_bit_becomes_8(tmp_path):
    got = examined(READER, clip(tmp_path / "a.mp4", pix_fmt="yuv420p10le"), ALL)
    assert got.seen.status is ItemStatus.OK
    assert got.numbers == list(range(48))


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi"])
def test_that_a_cut_clip_never_passes_for_whole(tmp_path, name):
    codec = "mpeg4" if name == "a.avi" else "libx264"
    path = clip(tmp_path / name, codec=codec, faststart=name == "a.mp4")
    data = path.read_bytes()
    for share in range(1, 10):
        path.write_bytes(data[: len(data) * share // 10])
        seen = examined(READER, path).seen
        assert seen.status in (ItemStatus.DAMAGED, ItemStatus.UNREADABLE)
        assert seen.fault is not None
        assert "missing" in seen.fault.message
        assert seen.fault.code is FaultCode.TRUNCATED


def test_that_a_cut_clip_gives_the_frames_it_has(tmp_path):
    path = clip(tmp_path / "a.mp4", faststart=True)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 8 // 10])
    got = examined(READER, path, ALL)
    assert got.seen.status is ItemStatus.DAMAGED
    assert got.numbers == sorted(set(got.numbers))
    assert 4 < len(got.numbers) < 48


def test_that_keyframe_flags_that_lie_are_seen_through(tmp_path):
    path = clip(tmp_path / "a.mp4", gop=24)
    data = path.read_bytes()
    assert data.count(b"stss") == 1
    path.write_bytes(data.replace(b"stss", b"free"))  # every frame now counts as a keyframe
    got = examined(READER, path, ExaminePlan(frames=6))
    assert got.seen.status is ItemStatus.OK, got.seen.fault
    assert got.numbers == [round(frame.pts_s * 24) for frame in got.frames]
    assert len(got.frames) == 6
    reader = READER.open_clip(str(path))
    frame = reader.frame_at(30 / 24)
    assert round((float(frame.pixels[-4:, -4:].mean()) - 19) / 4) == 30
    reader.close()


def test_that_a_seek_table_without_keyframes_is_done_without(tmp_path):
    path = clip(tmp_path / "a.avi", codec="mpeg4")
    data = bytearray(path.read_bytes())
    first = data.index(b"idx1") + 8
    for entry in range(first, len(data) - 15, 16):
        data[entry + 4 : entry + 8] = bytes(4)
    path.write_bytes(data)
    got = examined(READER, path, ExaminePlan(frames=6))
    assert got.seen.status is ItemStatus.OK, got.seen.fault
    assert got.numbers == [round(frame.pts_s * 24) for frame in got.frames]


def test_that_sound_alone_is_no_clip(tmp_path):
    import av
    import numpy as np

    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        for number in range(20):
            samples = np.zeros((1, 1024), np.float32)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 44100, number * 1024
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    seen = examined(READER, path).seen
    assert seen.status is ItemStatus.UNREADABLE
    assert seen.fault is not None
    assert seen.fault.message == "The file holds sound, but no pictures."


def test_that_stepping_is_exact(tmp_path):
    reader = READER.open_clip(str(clip(tmp_path / "a.mp4")))

    def number(frame):
        return round((float(frame.pixels[-4:, -4:].mean()) - frame_grey(0)) / 4)

    assert number(reader.frame_at(1.0)) == 24
    assert number(reader.next_frame()) == 25
    assert number(reader.next_frame()) == 26
    assert number(reader.previous_frame()) == 25
    assert number(reader.previous_frame()) == 24
    assert number(reader.previous_frame()) == 23
    assert number(reader.next_frame()) == 24
    assert number(reader.frame_at(0.99)) == 23
    assert number(reader.frame_at(-5.0)) == 0
    assert reader.previous_frame() is None
    assert number(reader.frame_at(99.0)) == 47
    assert reader.next_frame() is None
    reader.close()


def test_that_stepping_back_to_the_start_shows_every_frame_once(tmp_path):
    reader = READER.open_clip(str(clip(tmp_path / "a.mp4", gop=250)))
    reader.frame_at(99.0)
    numbers = []
    while (frame := reader.previous_frame()) is not None:
        numbers.append(round((float(frame.pixels[-4:, -4:].mean()) - 19) / 4))
    assert numbers == list(range(46, -1, -1))
    reader.close()


def test_that_a_still_picture_is_no_clip(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(encoded(photo(), "PNG"))
    with pytest.raises(MediaError, match="still picture"):
        READER.open_clip(str(file))
