"""The shapes of the marks; those of findings look as they do in the gallery."""

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from inspector.gui.evidence.facts import Mark

FIELD = 24.0
"""Side of the square that the shapes are drawn on."""

Drawing = tuple[QPainterPath, QPainterPath]
"""What is stroked, and what is filled."""


def _lines(*points: tuple[float, float], closed: bool = False) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    if closed:
        path.closeSubpath()
    return path


def _circle(cx: float, cy: float, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(cx, cy), radius, radius)
    return path


def _joined(*paths: QPainterPath) -> QPainterPath:
    path = QPainterPath()
    for part in paths:
        path.addPath(part)
    return path


def _star(cx: float, cy: float, outer: float, corners: range = range(8)) -> QPainterPath:
    """Return a star of four points, or the part of it between some of its eight corners."""
    points = []
    for corner in corners:
        radius = outer if corner % 2 == 0 else outer * 0.37
        angle = math.pi / 4 * corner - math.pi / 2
        points.append((cx + radius * math.cos(angle), cy + radius * math.sin(angle)))
    return _lines(*points, closed=True)


def _ai() -> Drawing:
    return QPainterPath(), _joined(_star(11, 11, 8.8), _star(19, 18.5, 3.8))


def _ai_part() -> Drawing:
    half = _star(11, 11, 8.2, range(5))
    return _star(11, 11, 8.2), _joined(half, _star(19, 18.5, 3.8))


def _triangle() -> QPainterPath:
    return _lines((12, 3), (21.6, 20), (2.4, 20), closed=True)


def _suspect() -> Drawing:
    return _joined(_triangle(), _lines((12, 9.5), (12, 14.2))), _circle(12, 17, 1.3)


def _synthetic() -> Drawing:
    cut = QPainterPath()
    cut.addRoundedRect(QRectF(10.8, 8.5, 2.4, 6.4), 1, 1)
    cut.addEllipse(QPointF(12, 17.2), 1.4, 1.4)
    return QPainterPath(), _triangle().subtracted(cut)


def _no_evidence() -> Drawing:
    return _circle(12, 12, 8.6), QPainterPath()


def _camera_body() -> QPainterPath:
    body = QPainterPath()
    body.addRoundedRect(QRectF(3, 7, 18, 12), 1.8, 1.8)
    return _joined(body, _lines((7, 7), (8.6, 4.4), (15.4, 4.4), (17, 7)))


def _camera_verified() -> Drawing:
    return _joined(_camera_body(), _lines((8.5, 13), (11, 15.5), (15.5, 10.5))), QPainterPath()


def _camera() -> Drawing:
    return _joined(_camera_body(), _circle(12, 13, 3.2)), QPainterPath()


def _tampered() -> Drawing:
    shield = QPainterPath(QPointF(12, 2.5))
    shield.lineTo(20, 5.5)
    shield.lineTo(20, 11.5)
    shield.cubicTo(20, 16.3, 16.7, 19.8, 12, 21.5)
    shield.cubicTo(7.3, 19.8, 4, 16.3, 4, 11.5)
    shield.lineTo(4, 5.5)
    shield.closeSubpath()
    return _joined(shield, _lines((13, 5.5), (10.5, 10.5), (14.5, 10.5), (11, 17))), QPainterPath()


def _refuses() -> Drawing:
    return _joined(_circle(12, 12, 9), _lines((5.7, 18.3), (18.3, 5.7))), QPainterPath()


def _unreadable() -> Drawing:
    sheet = _lines((13.5, 2.5), (4.5, 2.5), (4.5, 21.5), (19.5, 21.5), (19.5, 8.5), closed=True)
    return _joined(sheet, _cross(12, 14.5, 3)), QPainterPath()


def _cross(cx: float, cy: float, reach: float) -> QPainterPath:
    return _joined(
        _lines((cx - reach, cy - reach), (cx + reach, cy + reach)),
        _lines((cx + reach, cy - reach), (cx - reach, cy + reach)),
    )


def _matches() -> Drawing:
    return _lines((4.5, 12.5), (9.5, 17.5), (19.5, 6.5)), QPainterPath()


def _differs() -> Drawing:
    return _joined(_circle(12, 12, 9), _cross(12, 12, 3.6)), QPainterPath()


def _raised() -> Drawing:
    arrow = _joined(_lines((12, 16.5), (12, 4)), _lines((6.5, 9.5), (12, 4), (17.5, 9.5)))
    return _joined(arrow, _lines((4, 20.5), (20, 20.5))), QPainterPath()


def _nothing() -> Drawing:
    return _lines((6.5, 12), (17.5, 12)), QPainterPath()


def _info() -> Drawing:
    return _joined(_circle(12, 12, 9), _lines((12, 11.4), (12, 17))), _circle(12, 7.4, 1.3)


DRAWINGS: Mapping[Mark, Callable[[], Drawing]] = {
    Mark.AI: _ai,
    Mark.AI_PART: _ai_part,
    Mark.SYNTHETIC: _synthetic,
    Mark.SUSPECT: _suspect,
    Mark.NO_EVIDENCE: _no_evidence,
    Mark.CAMERA_VERIFIED: _camera_verified,
    Mark.TAMPERED: _tampered,
    Mark.REFUSES: _refuses,
    Mark.UNREADABLE: _unreadable,
    Mark.CAMERA: _camera,
    Mark.MATCHES: _matches,
    Mark.DIFFERS: _differs,
    Mark.NOTICE: _suspect,
    Mark.RAISED: _raised,
    Mark.NOTHING: _nothing,
    Mark.INFO: _info,
}
