"""The hot frames of a clip as a row of pictures: a press goes to one."""

from collections.abc import Callable, Sequence
from threading import Event

import cv2
import numpy as np
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidget, QListWidgetItem, QWidget

from inspector.domain.score import FrameScore
from inspector.gui.clip.timing import filmed, time_words
from inspector.gui.loupe.pyramid import screen_image
from inspector.ports import MediaReader, ScanCancelled

MOST_FRAMES = 24
PICTURE_PX = 96
"""Longest side of a picture on the strip."""

_NUDGE_S = 1e-6
_PTS = Qt.ItemDataRole.UserRole


class Filmstrip(QListWidget):
    """Shows the frames it is told of; their pictures are given to it as they come."""

    sought = Signal(float)  # seconds: the user chose this frame

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(PICTURE_PX, PICTURE_PX * 9 // 16))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        line = self.fontMetrics().height()
        self.setFixedHeight(self.iconSize().height() + 3 * line)
        self.setAccessibleName(self.tr("Hot frames"))
        self.itemClicked.connect(self._seek)
        self.itemActivated.connect(self._seek)

    def show_frames(self, frames: Sequence[FrameScore], level: float) -> list[float]:
        """Show the hottest of a clip's scored frames; return the times pictures are wanted of.

        Args:
            frames: every scored frame, in order of pts.
            level: likelihood from which a frame is hot.
        """
        self.clear()
        chosen = filmed(frames, level, MOST_FRAMES)
        for frame in chosen:
            words = self.tr("{time} · {likelihood:.2f}").format(
                time=time_words(frame.pts_s), likelihood=frame.likelihood
            )
            line = QListWidgetItem(QIcon(_blank(self.iconSize())), words, self)
            line.setData(_PTS, frame.pts_s)
            line.setToolTip(words)
        self.setVisible(bool(chosen))
        is_hot = any(frame.likelihood >= level for frame in chosen)
        self.setAccessibleName(self.tr("Hot frames") if is_hot else self.tr("Scored frames"))
        return [frame.pts_s for frame in chosen]

    @Slot(tuple)
    def take_picture(self, given: tuple[float, QImage]) -> None:
        """Show the picture of a frame: its pts in seconds, and the picture."""
        pts_s, image = given
        for row in range(self.count()):
            line = self.item(row)
            if line.data(_PTS) == pts_s:
                line.setIcon(QIcon(QPixmap.fromImage(image)))

    @Slot(QListWidgetItem)
    def _seek(self, line: QListWidgetItem) -> None:
        self.sought.emit(float(line.data(_PTS)))


def read_pictures(
    reader: MediaReader,
    path: str,
    times_s: Sequence[float],
    step: Callable[[float, QImage], None],
    cancel: Event,
) -> None:
    """Hand on the small picture of each frame; in a worker thread.

    Raises:
        MediaError: the clip cannot be decoded.
        ScanCancelled: ``cancel`` was set.
    """
    clip = reader.open_clip(path)
    try:
        for time_s in times_s:
            if cancel.is_set():
                raise ScanCancelled
            pixels = clip.frame_at(time_s + _NUDGE_S).pixels
            scale = PICTURE_PX / max(pixels.shape[:2])
            size = (
                max(1, round(pixels.shape[1] * scale)),
                max(1, round(pixels.shape[0] * scale)),
            )
            small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
            step(time_s, screen_image(np.asarray(small, np.uint8)))
    finally:
        clip.close()


def _blank(size: QSize) -> QPixmap:
    """Return an empty picture, which keeps a frame's place until its own comes."""
    blank = QPixmap(size)
    blank.fill(Qt.GlobalColor.transparent)
    return blank
