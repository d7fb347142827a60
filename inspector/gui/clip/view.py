"""The clip view: exact frames, a timeline of what was scored, and the map over the frame."""

import itertools
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector.domain.errors import InspectorError
from inspector.domain.item import Item
from inspector.domain.media import MediaInfo, MediaKind
from inspector.domain.policy import Thresholds
from inspector.domain.score import Heatmap
from inspector.gui.clip.frame_maps import FrameMaps
from inspector.gui.clip.handle import ShownFrame
from inspector.gui.clip.player import ClipPlayer
from inspector.gui.clip.timeline import Timeline
from inspector.gui.clip.timing import frame_number, next_hot, time_words
from inspector.gui.clip.transport import TransportBar
from inspector.gui.loupe.bar import WrappingBar
from inspector.gui.loupe.canvas import PictureCanvas
from inspector.gui.loupe.controls import OverlayControls, ShiftPeek
from inspector.gui.loupe.hands import CanvasHands
from inspector.gui.loupe.legend import ColourLegend
from inspector.gui.loupe.parts import action_button, line_label, view_action
from inspector.gui.workers.background import BackgroundJobs
from inspector.ports import MediaReader, Store
from inspector.settings import Settings

_SAME_FRAME = 0.4
"""Times nearer than this share of a frame's length are one frame."""

_numbers = itertools.count()


class ClipServices(Protocol):
    """What the clip view asks of the desk's services."""

    @property
    def store(self) -> Store: ...

    @property
    def reader(self) -> MediaReader: ...

    @property
    def settings(self) -> Settings: ...

    def thresholds(self, media: MediaKind | None) -> Thresholds | None: ...

    def frame_map(self, pixels: NDArray[np.uint8]) -> Heatmap: ...


class ClipView(QWidget):
    """Shows one clip at a time; holds a decoder only while it is on screen."""

    def __init__(self, services: ClipServices, jobs: BackgroundJobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._jobs = jobs
        self._map_job = f"clip-map-{next(_numbers)}"
        self._item: Item | None = None
        self._left_at_s = 0.0
        self._own_map: Heatmap | None = None
        self.player = ClipPlayer(jobs, self)
        self.maps = FrameMaps(jobs, self)
        self.canvas = PictureCanvas(self)
        self.canvas.setAccessibleName(self.tr("Frame"))
        self.controls = OverlayControls(self.canvas, self, services.settings.desk.heatmap_opacity)
        self.controls.hide_regions_control()
        self.timeline = Timeline(self)
        self.transport = TransportBar(self.player, self)
        self._map_words = line_label(self, gives_way=True)
        self._map_words.setMinimumWidth(self.fontMetrics().averageCharWidth() * 28)
        self._readout = line_label(self, gives_way=True)
        self._legend = ColourLegend(self)
        self._make_actions()
        self._lay_out()
        self._peek = ShiftPeek(self, self.canvas)
        self._hands = CanvasHands(self.canvas)
        self._connect()
        self.setFocusProxy(self.canvas)
        self.show_item(None)

    def show_item(self, item: Item | None) -> None:
        """Show another clip from its start, or none."""
        self.player.close()
        self._item = item if item is not None and item.media is MediaKind.VIDEO else None
        self._left_at_s = 0.0
        self.maps.show_item(self._item, self._services.store)
        self._forget_own_map()
        info, score = (self._item.info, self._item.score) if self._item else (None, None)
        self.timeline.show_clip(
            info.duration_s or 0.0 if info else 0.0,
            self.maps.frames,
            score.spans if score else (),
            self._services.thresholds(MediaKind.VIDEO),
        )
        self.transport.show_time("")
        self._show_map()
        if self._item is None:
            words = self.tr("No clip is chosen.")
            self.canvas.show_message(self.tr("This is a picture.") if item else words)
            return
        self.canvas.clear()
        self._open()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._open()

    def hideEvent(self, event: QHideEvent) -> None:
        if self.player.is_open:
            self._left_at_s = self.player.time_s
            self.player.close()
        super().hideEvent(event)

    def seek(self, time_s: float) -> None:
        """Show the frame at a time of the clip."""
        self.player.seek(time_s)

    @Slot()
    def request_frame_map(self) -> None:
        """Score the frame on screen in the background, for the eye only."""
        shown = self.player.current
        if shown is None:
            return
        self.player.set_rate(0.0)
        self.map_frame.setEnabled(False)
        self._map_words.setText(self.tr("Mapping this frame…"))
        work = partial(_map_frame, self._services, shown)
        self._jobs.submit(self._map_job, work, self._take_own_map, self._tell_map_failed)

    def _open(self) -> None:
        if self._item is not None and self.isVisible() and not self.player.is_open:
            self.player.open(self._services.reader, self._item.path, self._left_at_s)

    def _connect(self) -> None:
        self.player.shown.connect(self._show_frame)
        self.player.failed.connect(self.canvas.show_message)
        self.maps.arrived.connect(self._show_map)
        self.timeline.sought.connect(self.player.seek)
        self.transport.hot_wanted.connect(self._go_to_hot)
        self.canvas.pointed.connect(self._read_out)
        self.canvas.left.connect(self._readout.clear)
        self.controls.colours_changed.connect(self._legend.set_colours)
        self.controls.colours_changed.connect(self.timeline.set_colours)

    @Slot(object)
    def _show_frame(self, shown: ShownFrame) -> None:
        self._forget_own_map()
        self.canvas.show_picture(shown.image)
        self.timeline.set_position(shown.pts_s)
        self._left_at_s = shown.pts_s
        self.transport.show_time(self._time_words(shown.pts_s))
        self._show_map()

    def _time_words(self, pts_s: float) -> str:
        info = self.player.info or MediaInfo(MediaKind.VIDEO, "", 0, 0)
        words = time_words(pts_s)
        if info.duration_s:
            words += " / " + time_words(info.duration_s)
        number = frame_number(info, pts_s)
        if number is not None:
            words += "   " + self.tr("frame {number}").format(number=number)
        return words

    @Slot()
    def _show_map(self) -> None:
        """Lay the stored map of the nearest scored frame over the frame on screen."""
        if self._own_map is not None:
            return
        if not self.maps.frames:
            self._lay_over(None, self.tr("No frame was scored") if self._item else "")
            return
        now_s = self.player.time_s
        stored = self.maps.at(now_s)
        if stored is None:
            return
        away_s = stored.pts_s - now_s
        at = time_words(stored.pts_s)
        if stored.heatmap is None:
            words = self.tr("No map was stored for {time}").format(time=at)
        elif abs(away_s) < 0.001:
            words = self.tr("Map of this frame, from the scan")
        else:
            words = self.tr("Map of the nearest scored frame, {time} ({away:+.2f} s)").format(
                time=at, away=away_s
            )
        self._lay_over(stored.heatmap, words)

    def _lay_over(self, heatmap: Heatmap | None, words: str) -> None:
        self._map_words.setText(words)
        if self.canvas.overlay.heatmap is not heatmap:
            self.canvas.overlay.set_map(heatmap)
            self.canvas.update()

    def _forget_own_map(self) -> None:
        self._jobs.forget(self._map_job)
        self._own_map = None
        self.map_frame.setEnabled(self._item is not None)

    def _take_own_map(self, heatmap: Heatmap) -> None:
        self._own_map = heatmap
        self.map_frame.setEnabled(True)
        self._lay_over(heatmap, self.tr("Map of this frame: for the eye, verdict unchanged"))

    def _tell_map_failed(self, error: InspectorError) -> None:
        self.map_frame.setEnabled(True)
        self._map_words.setText(str(error))

    @Slot(bool)
    def _go_to_hot(self, forward: bool) -> None:
        limits = self._services.thresholds(MediaKind.VIDEO)
        level = limits.review if limits else 0.5
        info = self.player.info
        apart_s = _SAME_FRAME / info.frame_rate if info and info.frame_rate else 1e-3
        hot = next_hot(
            self.maps.frames, level, self.player.time_s, forward=forward, apart_s=apart_s
        )
        if hot is not None:
            self.player.seek(hot.pts_s)
        else:
            words = self.tr("No scored frame over {level:.2f} in this direction")
            self._map_words.setText(words.format(level=level))

    @Slot(QPointF)
    def _read_out(self, at: QPointF) -> None:
        words = self.tr("x {x}  y {y}").format(x=int(at.x()), y=int(at.y()))
        likelihood = self.canvas.overlay.likelihood_at(at.x(), at.y())
        if likelihood is not None:
            words += "   " + self.tr("likelihood {value:.2f}").format(value=likelihood)
        self._readout.setText(words)

    def _make_actions(self) -> None:
        self.toggle_fit = view_action(
            self,
            self.tr("Fit / 100 %"),
            self.tr("Fit / 100 %"),
            [Qt.Key.Key_Z],
            self.canvas.toggle_fit,
        )
        self.map_frame = view_action(
            self,
            self.tr("Map this frame"),
            self.tr("Map frame"),
            [Qt.Key.Key_M],
            self.request_frame_map,
        )
        self.addAction(self.controls.toggle)

    def _lay_out(self) -> None:
        left = QWidget(self)
        row = QHBoxLayout(left)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(action_button(self.toggle_fit, left))
        row.addWidget(action_button(self.map_frame, left))
        row.addWidget(self._map_words, 1)
        bottom = QHBoxLayout()
        bottom.addWidget(self.transport)
        bottom.addWidget(self._readout, 1)
        bottom.addWidget(self._legend)
        whole = QVBoxLayout(self)
        whole.addWidget(WrappingBar((left, self.controls), self))
        whole.addWidget(self.canvas, 1)
        whole.addWidget(self.timeline)
        whole.addLayout(bottom)


def _map_frame(services: ClipServices, shown: ShownFrame) -> Heatmap:
    return services.frame_map(shown.frame.pixels)
