import struct

import pytest

from inspector.adapters.media.sniff import Sniffed, Stranger, refusal, sniff
from inspector.domain.errors import FaultCode
from inspector.domain.media import ItemStatus, MediaKind
from tests.unit.adapters.media.drawing import clip, encoded, photo


@pytest.mark.parametrize(
    ("plugin", "expected"),
    [
        ("JPEG", "jpeg"),
        ("PNG", "png"),
        ("GIF", "gif"),
        ("WEBP", "webp"),
        ("TIFF", "tiff"),
        ("BMP", "bmp"),
        ("AVIF", "avif"),
        ("JPEG2000", "jp2"),
    ],
)
def test_that_pictures_are_known_by_their_bytes(plugin, expected):
    assert sniff(encoded(photo(), plugin)[:4096]) == Sniffed(expected, MediaKind.IMAGE)


@pytest.mark.parametrize(
    ("name", "codec", "expected"),
    [
        ("a.mp4", "libx264", "mp4"),
        ("a.mov", "libx264", "mov"),
        ("a.mkv", "libx264", "mkv"),
        ("a.webm", "libvpx-vp9", "webm"),
        ("a.avi", "mpeg4", "avi"),
        ("a.ts", "libx264", "mpegts"),
        ("a.flv", "libx264", "flv"),
        ("a.3gp", "libx264", "3gp"),
        ("a.mpg", "mpeg2video", "mpeg"),
        ("a.wmv", "wmv2", "wmv"),
        ("a.y4m", "wrapped_avframe", "y4m"),
    ],
)
def test_that_clips_are_known_by_their_bytes(tmp_path, name, codec, expected):
    if codec == "wrapped_avframe":
        path = tmp_path / name
        path.write_bytes(b"YUV4MPEG2 W2 H2 F24:1 Ip C420jpeg\nFRAME\n" + bytes(6))
    else:
        path = clip(tmp_path / name, frames=12, codec=codec)
    assert sniff(path.read_bytes()[:4096]) == Sniffed(expected, MediaKind.VIDEO)


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG picture"),
        (b"<?xml version='1.0'?><!-- x --><svg/>", "an SVG picture"),
        (b"<!DOCTYPE html><html><svg/></html>", "a web page"),
        (b"8BPS\x00\x01", "a Photoshop document"),
        (b"%PDF-1.4", "a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "a PostScript document"),
        (b"v/1\x01", "an OpenEXR picture"),
        (b"P6\n2 2\n255\n", "a PNM picture"),
        (b"#EXTM3U\nhttp://127.0.0.1/a.ts", "a playlist"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "a sound file"),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00", "a sound file"),
        (b"OggS" + bytes(24) + b"OpusHead", "a sound file"),
        (b"hello, I am text\n" * 20, "text"),
        (bytes(4096), "only zeros"),
        (b"\x01\x02\x03\x04" * 20, "data of an unknown kind"),
        (b"MAIL is no Windows program", "text"),
    ],
)
def test_that_strangers_are_named(head, what):
    assert sniff(head) == Stranger(what)


def test_that_a_camera_raw_file_is_no_tiff_picture():
    entry = struct.pack("<HHII", 0xC612, 1, 4, 0x0401)
    assert sniff(b"II*\x00" + struct.pack("<IH", 8, 1) + entry) == Stranger("a camera raw file")


def test_that_a_stranger_under_a_pictures_name_is_a_fault():
    status, fault = refusal("/x/photo.JPG", 100, Stranger("a web page"))
    assert status is ItemStatus.UNREADABLE
    assert fault.message == "The file is named .jpg, but it holds a web page."


def test_that_a_stranger_under_its_own_name_is_skipped():
    status, fault = refusal("/x/drawing.svg", 100, Stranger("an SVG picture"))
    assert status is ItemStatus.SKIPPED
    assert fault.message == "An SVG picture is not decoded."


def test_that_an_empty_file_is_named_empty():
    assert refusal("/x/a.png", 0, sniff(b""))[0] is ItemStatus.UNREADABLE
    assert refusal("/x/__init__.py", 0, sniff(b""))[0] is ItemStatus.SKIPPED
    assert refusal("/x/a.png", 0, sniff(b""))[1].code is FaultCode.EMPTY
