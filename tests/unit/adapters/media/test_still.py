import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from inspector.adapters.media.direct import DirectReader
from inspector.domain.errors import FaultCode, MediaError
from inspector.domain.media import ItemStatus, MediaKind
from inspector.ports import ExaminePlan
from tests.unit.adapters.media.drawing import encoded, examined, photo

READER = DirectReader()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, depth: int, color: int, rows: bytes, extra: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    body = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "picture.bin"


@pytest.mark.parametrize("plugin", ["PNG", "TIFF", "BMP"])
def test_that_lossless_pictures_come_back_exactly(file, plugin):
    file.write_bytes(encoded(photo(), plugin))
    got = examined(READER, file)
    assert got.seen.status is ItemStatus.OK
    assert np.array_equal(got.pixels, np.asarray(photo()))
    assert got.seen.info is not None
    assert (got.seen.info.width, got.seen.info.height) == (96, 64)
    assert got.seen.info.kind is MediaKind.IMAGE


@pytest.mark.parametrize("plugin", ["JPEG", "WEBP", "AVIF", "GIF"])
def test_that_lossy_pictures_come_back_nearly(file, plugin):
    file.write_bytes(encoded(photo(), plugin))
    got = examined(READER, file)
    assert got.seen.status is ItemStatus.OK
    assert np.abs(got.pixels.astype(int) - np.asarray(photo())).mean() < 16


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("plugin", ["PNG", "JPEG", "TIFF"])
def test_that_pictures_are_turned_upright(file, plugin, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    file.write_bytes(encoded(photo(), plugin, exif=exif))
    got = examined(READER, file)
    with Image.open(file) as image:
        upright = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(got.pixels, upright)
    assert got.seen.thumbnail is not None
    assert got.seen.thumbnail.shape == got.pixels.shape


def test_that_large_pictures_are_poured_in_strips_without_a_seam(file):
    image = photo(2500, 2000)
    exif = Image.Exif()
    exif[0x0112] = 6
    file.write_bytes(encoded(image, "PNG", exif=exif, compress_level=1))
    got = examined(READER, file, ExaminePlan(thumbnail_px=100))
    assert np.array_equal(got.pixels, np.asarray(image.transpose(Image.Transpose.ROTATE_270)))
    assert got.seen.thumbnail is not None
    assert got.seen.thumbnail.shape == (100, 80, 3)
    small = image.transpose(Image.Transpose.ROTATE_270).resize((80, 100), Image.Resampling.BOX)
    assert np.abs(got.seen.thumbnail.astype(int) - np.asarray(small)).mean() < 6


@pytest.mark.parametrize("size", [(1, 1), (65535, 1), (1, 65535)])
def test_that_extreme_shapes_decode(file, size):
    file.write_bytes(encoded(Image.new("RGB", size, (9, 99, 200)), "PNG"))
    got = examined(READER, file)
    assert got.pixels.shape == (size[1], size[0], 3)
    assert got.pixels[0, 0].tolist() == [9, 99, 200]
    assert got.seen.thumbnail is not None
    assert max(got.seen.thumbnail.shape) <= 256


def test_that_16_bit_grey_keeps_its_upper_byte(file):
    values = (np.arange(96 * 64, dtype=np.uint16) * 10).reshape(64, 96)
    file.write_bytes(encoded(Image.fromarray(values), "PNG"))
    assert np.array_equal(examined(READER, file).pixels[..., 0], (values >> 8).astype(np.uint8))


def test_that_16_bit_colour_decodes(file):
    rows = b"".join(b"\x00" + bytes([200, 0, 100, 0, 50, 0]) * 8 for _ in range(8))
    file.write_bytes(png(8, 8, 16, 2, rows))
    assert examined(READER, file).pixels[0, 0].tolist() == [200, 100, 50]


def test_that_cmyk_becomes_rgb(file):
    file.write_bytes(encoded(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG"))
    red, green, blue = examined(READER, file).pixels[5, 5].tolist()
    assert red > 200
    assert green < 60
    assert blue < 60


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_that_every_usual_mode_becomes_rgb(file, mode):
    file.write_bytes(encoded(photo(mode=mode), "PNG"))
    assert examined(READER, file).pixels.shape == (64, 96, 3)


def test_that_transparency_is_laid_over_white(file):
    file.write_bytes(encoded(Image.new("RGBA", (8, 8), (200, 10, 10, 0)), "PNG"))
    assert (examined(READER, file).pixels == 255).all()


@pytest.mark.parametrize("low_high", [(0.0, 1.0), (-1.0, 2.0)])
def test_that_float_pictures_are_stretched(file, low_high):
    values = np.linspace(*low_high, 96 * 64, dtype=np.float32).reshape(64, 96)
    file.write_bytes(encoded(Image.fromarray(values), "TIFF"))
    pixels = examined(READER, file).pixels
    assert pixels[0, 0, 0] == 0
    assert pixels[-1, -1, 0] == 255


def test_that_a_wide_colour_profile_is_followed(file):
    lab = ImageCms.createProfile("LAB")
    buffer = ImageCms.ImageCmsProfile(lab).tobytes()
    file.write_bytes(encoded(photo(), "PNG", icc_profile=buffer))
    got = examined(READER, file)
    assert got.seen.status is ItemStatus.OK
    assert "note" in [trace.key for trace in got.seen.traces]


def test_that_a_broken_colour_profile_is_noted_and_harmless(file):
    file.write_bytes(encoded(photo(), "PNG", icc_profile=b"\x00\x00\x0c\x48Lino" + bytes(50)))
    got = examined(READER, file)
    assert got.seen.status is ItemStatus.OK
    assert np.array_equal(got.pixels, np.asarray(photo()))
    assert "colour profile" in got.seen.traces[-1].value


@pytest.mark.parametrize("name", [b"zTXt", b"iCCP"])
def test_that_a_text_bomb_costs_no_picture(file, name):
    bomb = chunk(name, b"Comment\x00\x00" + zlib.compress(bytes(90_000_000), 9))
    file.write_bytes(png(8, 8, 8, 2, (b"\x00" + b"\x07" * 24) * 8, bomb))
    got = examined(READER, file)
    assert got.seen.status is ItemStatus.OK
    assert (got.pixels == 7).all()


@pytest.mark.parametrize("plugin", ["JPEG", "PNG", "GIF", "BMP"])
def test_that_a_cut_picture_is_damaged_and_scored_as_far_as_it_goes(file, plugin):
    data = encoded(photo(320, 240), plugin)
    file.write_bytes(data[: len(data) * 6 // 10])
    got = examined(READER, file)
    assert got.seen.status is ItemStatus.DAMAGED
    assert got.seen.fault is not None
    assert got.seen.fault.code is FaultCode.TRUNCATED
    assert len(got.frames) == 1


def test_that_a_cut_picture_without_partial_decoding_says_what_is_missing(file):
    data = encoded(photo(320, 240), "WEBP")
    file.write_bytes(data[: len(data) // 2])
    seen = examined(READER, file).seen
    assert seen.status is ItemStatus.UNREADABLE
    assert seen.fault is not None
    assert seen.fault.message.startswith("The file is cut short:")
    assert seen.sha256 is not None


def test_that_a_bomb_is_refused_by_its_header(file):
    file.write_bytes(png(100_000, 100_000, 8, 2, bytes(1000)))
    seen = examined(READER, file).seen
    assert seen.status is ItemStatus.UNREADABLE
    assert seen.fault is not None
    assert seen.fault.code is FaultCode.TOO_LARGE


def test_that_a_header_alone_is_unreadable(file):
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    seen = examined(READER, file).seen
    assert (seen.status, seen.thumbnail) == (ItemStatus.UNREADABLE, None)


def test_that_a_multi_page_tiff_is_its_first_page(file):
    more = [photo(48, 32), photo(mode="L")]
    file.write_bytes(encoded(photo(), "TIFF", save_all=True, append_images=more))
    got = examined(READER, file)
    assert got.seen.info is not None
    assert got.seen.info.kind is MediaKind.IMAGE
    assert np.array_equal(got.pixels, np.asarray(photo()))


def test_that_nothing_but_a_thumbnail_is_decoded_where_nothing_is_scored(file):
    file.write_bytes(encoded(photo(640, 480), "JPEG"))
    got = examined(READER, file, ExaminePlan(pixels=False, thumbnail_px=64))
    assert got.frames == []
    assert got.seen.thumbnail is not None
    assert got.seen.thumbnail.shape == (48, 64, 3)
    assert got.seen.info is not None
    assert (got.seen.info.width, got.seen.info.height) == (640, 480)


def test_that_a_heic_picture_decodes(file):
    pillow_heif = pytest.importorskip("pillow_heif")
    buffer = io.BytesIO()
    pillow_heif.from_pillow(photo()).save(buffer, quality=90)
    file.write_bytes(buffer.getvalue())
    got = examined(READER, file)
    assert got.seen.info is not None
    assert got.seen.info.format == "heif"
    assert np.abs(got.pixels.astype(int) - np.asarray(photo())).mean() < 16


def test_that_a_name_of_another_format_is_noted(tmp_path):
    file = tmp_path / "really.png"
    file.write_bytes(encoded(photo(), "JPEG"))
    got = examined(READER, file)
    assert got.seen.status is ItemStatus.OK
    assert got.seen.traces[0].value == "named .png, holds jpeg"


def test_that_a_picture_is_given_at_full_size(file):
    file.write_bytes(encoded(photo(), "PNG"))
    assert np.array_equal(READER.picture(str(file)).pixels, np.asarray(photo()))
    with pytest.raises(MediaError):
        READER.picture(str(file) + ".gone")
