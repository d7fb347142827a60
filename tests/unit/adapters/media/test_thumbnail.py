import numpy as np
import pytest
from PIL import Image

from inspector.adapters.media.direct import DirectReader
from inspector.domain.errors import MediaError
from tests.unit.adapters.media.drawing import clip, encoded, photo

READER = DirectReader()


@pytest.mark.parametrize("plugin", ["JPEG", "PNG", "WEBP", "GIF"])
def test_that_the_longest_side_fits(tmp_path, plugin):
    file = tmp_path / "a"
    image = photo(640, 480)
    file.write_bytes(encoded(image, plugin))
    small = READER.thumbnail(str(file), 100)
    assert small.shape == (75, 100, 3)
    wanted = np.asarray(image.resize((100, 75), Image.Resampling.BOX)).astype(int)
    assert np.abs(small - wanted).mean() < 12


def test_that_a_small_picture_is_not_enlarged(tmp_path):
    file = tmp_path / "a"
    file.write_bytes(encoded(photo(20, 10), "JPEG"))
    assert READER.thumbnail(str(file), 100).shape == (10, 20, 3)


def test_that_thumbnails_are_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    file = tmp_path / "a"
    file.write_bytes(encoded(photo(640, 480), "JPEG", exif=exif))
    assert READER.thumbnail(str(file), 100).shape == (100, 75, 3)


def with_embedded(path, thumbnail: Image.Image) -> None:
    """Write a JPEG whose EXIF holds a thumbnail."""
    data = encoded(thumbnail, "JPEG")
    head = b"II*\x00\x08\x00\x00\x00" + bytes(2) + (14).to_bytes(4, "little")
    entries = b"".join(
        tag.to_bytes(2, "little") + b"\x04\x00\x01\x00\x00\x00" + value.to_bytes(4, "little")
        for tag, value in ((0x0201, 44), (0x0202, len(data)))
    )
    exif = b"Exif\x00\x00" + head + b"\x02\x00" + entries + bytes(4)
    assert len(exif) - 6 == 44
    path.write_bytes(encoded(photo(640, 480), "JPEG", exif=exif + data))


def test_that_quick_takes_the_embedded_thumbnail(tmp_path):
    file = tmp_path / "a"
    with_embedded(file, Image.new("RGB", (160, 120), (0, 255, 0)))
    assert READER.thumbnail(str(file), 100, quick=True)[40, 50].tolist() == [0, 255, 1]
    assert READER.thumbnail(str(file), 100)[40, 50].tolist() != [0, 255, 1]


def test_that_an_embedded_thumbnail_of_another_shape_is_not_believed(tmp_path):
    file = tmp_path / "a"
    with_embedded(file, Image.new("RGB", (160, 160), (0, 255, 0)))
    assert READER.thumbnail(str(file), 100, quick=True)[40, 50].tolist() != [0, 255, 1]


def test_that_a_clip_gives_a_frame(tmp_path):
    file = clip(tmp_path / "a.mp4")
    assert READER.thumbnail(str(file), 48).shape == (32, 48, 3)


def test_that_a_stranger_has_none(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(b"hello")
    with pytest.raises(MediaError):
        READER.thumbnail(str(file), 100)
