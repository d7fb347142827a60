"""No OpenCV, Qt, SVG or PostScript decoder ever sees a user's file: searched for, and tried."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import EpsImagePlugin, Image, PsdImagePlugin

import inspector
from inspector.adapters.media.direct import DirectReader
from inspector.domain.errors import MediaError
from inspector.domain.media import ItemStatus
from tests.unit.adapters.media.drawing import examined

PACKAGE = Path(inspector.__file__).parent
FORBIDDEN = frozenset(
    [
        *("imread", "imdecode", "imreadmulti", "imdecodemulti", "imdecodeanimation"),
        *("VideoCapture", "imcount", "samples", "cudacodec"),
        *("QImageReader", "QMovie", "QMediaPlayer", "QVideoSink", "QGraphicsSvgItem"),
        *("QSvgWidget", "fromData", "loadFromData"),
    ]
)
SVG_HOMES = frozenset(["gui/look.py"])
"""Where the desk draws its own icons."""

PICTURES_WITH_A_FILE = frozenset(["QImage", "QPixmap", "QBitmap", "QPicture"])
READER = DirectReader()
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/passwd'/></svg>"
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n"
STRANGERS = {
    "svg": SVG,
    "svg with a heading": b"<?xml version='1.0'?>\n" + SVG,
    "eps": EPS,
    "dos eps": b"\xc5\xd0\xd3\xc6" + bytes(28) + EPS,
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "psd": b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\x10\0\0\0\x10\0\x08\0\3" + bytes(100),
    "ico": b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0\x68\4\0\0\x16\0\0\0" + bytes(1200),
    "xpm": b'/* XPM */\nstatic char *a[] = {"1 1 1 1", "a c #000", "a"};\n',
    "tga": bytes([0, 0, 2]) + bytes(9) + bytes([4, 0, 4, 0, 24, 0]) + bytes(48),
    "ppm": b"P6 2 2 255\n" + bytes(12),
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def test_that_no_source_names_a_decoder_that_is_forbidden():
    seen = 0
    for name, module in sources():
        for node in ast.walk(module):
            seen += 1
            word = getattr(node, "attr", None) or getattr(node, "id", None)
            assert word not in FORBIDDEN, f"{name}: {word}"
            if isinstance(node, ast.alias):
                assert node.name.split(".")[-1] not in FORBIDDEN, name
    assert seen > 10_000


def test_that_svg_is_drawn_for_icons_alone_and_qt_opens_no_picture_by_name():
    for name, module in sources():
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom) and node.module == "PySide6.QtSvg":
                assert name in SVG_HOMES, name
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                by_name = node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
                assert not (node.func.id in PICTURES_WITH_A_FILE and by_name), name


def test_that_every_opening_by_pillow_names_its_formats():
    calls = [
        (name, node)
        for name, module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Image.open"
    ]
    assert calls
    for name, node in calls:
        assert "formats" in {keyword.arg for keyword in node.keywords}, name


@pytest.mark.parametrize("kind", sorted(STRANGERS))
@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "mp4"])
def test_that_strangers_under_a_pictures_name_are_decoded_by_nobody(
    tmp_path, monkeypatch, kind, ending
):
    def fail(*args, **kwargs):
        raise AssertionError("a forbidden decoder was asked")

    Image.init()
    monkeypatch.setattr(EpsImagePlugin, "EpsImageFile", fail)
    monkeypatch.setattr(PsdImagePlugin, "PsdImageFile", fail)
    monkeypatch.setattr(subprocess, "Popen", fail)
    path = tmp_path / f"a.{ending}"
    path.write_bytes(STRANGERS[kind])
    got = examined(READER, path)
    assert got.seen.status is ItemStatus.UNREADABLE
    assert not got.frames
    for ask in (lambda: READER.thumbnail(str(path), 64), lambda: READER.picture(str(path))):
        with pytest.raises(MediaError):
            ask()
