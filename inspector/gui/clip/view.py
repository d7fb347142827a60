"""The clip view: exact frames, a timeline of what was scored, and the map over the frame."""

from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from inspector.domain.errors import InspectorError
from inspector.domain.item import Item, ModelId
from inspector.domain.media import MediaInfo, MediaKind
from inspector.domain.policy import Thresholds
from inspector.domain.score import WholeMap
from inspector.gui.clip.every_frame import EveryFrame, FrameScoring
from inspector.gui.clip.filmstrip import Filmstrip, read_pictures
from inspector.gui.clip.frame_maps import FrameMaps
from inspector.gui.clip.handle import ShownFrame
from inspector.gui.clip.player import ClipPlayer
from inspector.gui.clip.timeline import Timeline
from inspector.gui.clip.timing import Marks, frame_number, next_hot, span_at, time_words
from inspector.gui.clip.transport import TransportBar
from inspector.gui.loupe.bar import FlowRow
from inspector.gui.loupe.canvas_view import CanvasView, ViewerServices
from inspector.gui.loupe.parts import action_button, view_action
from inspector.gui.workers.background import BackgroundJobs
from inspector.gui.workers.long_job import LongJob

_SAME_FRAME = 0.4
"""Times nearer than this share of a frame's length are one frame."""


class ClipServices(ViewerServices, FrameScoring, Protocol):
    """What the clip view asks of the desk's services besides."""

    def thresholds(
        self, media: MediaKind | None, model: ModelId | None = None
    ) -> Thresholds | None: ...


class ClipView(CanvasView):
    """Shows one clip at a time; holds a decoder only while it is on screen."""

    def __init__(self, services: ClipServices, jobs: BackgroundJobs, parent: QWidget) -> None:
        super().__init__(parent, services.settings.desk.heatmap_opacity)
        self._services = services
        self._item: Item | None = None
        self._left_at_s = 0.0
        self._own_map: WholeMap | None = None
        self._marks = Marks()
        self.player = ClipPlayer(jobs, self)
        self.maps = FrameMaps(jobs, self)
        self.every_frame = EveryFrame(services, self)
        self._filming = LongJob(self)
        self.canvas.setAccessibleName(self.tr("Frame"))
        self.controls.hide_regions_control()
        self.timeline = Timeline(self)
        self.filmstrip = Filmstrip(self)
        self.transport = TransportBar(self.player, self)
        self._make_actions()
        self._lay_out()
        self._connect()
        self.show_item(None)

    @property
    def marks(self) -> Marks:
        return self._marks

    def show_item(self, item: Item | None) -> None:
        """Show another clip from its start, or none."""
        self.player.close()
        self.every_frame.forget()
        self._item = item if item is not None and item.media is MediaKind.VIDEO else None
        self._left_at_s = 0.0
        self._marks = Marks()
        self.maps.show_item(self._item, self._services.store)
        self._forget_own_map()
        info, score = (self._item.info, self._item.score) if self._item else (None, None)
        self.timeline.show_clip(
            info.duration_s or 0.0 if info else 0.0,
            self.maps.frames,
            score.spans if score else (),
            self._limits(),
        )
        self.transport.show_time("")
        self.score_all.setEnabled(self._item is not None)
        self._name_score_action()
        self._show_film()
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
        self._show_film()

    def hideEvent(self, event: QHideEvent) -> None:
        self._filming.cancel()
        self.every_frame.stop()
        self._name_score_action()
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
        if shown is None or self._item is None:
            return
        self.player.set_rate(0.0)
        self.map_frame.setEnabled(False)
        self._map_words.setText(self.tr("Mapping this frame…"))
        work = partial(self._services.whole_map, shown.frame.pixels, self._item.model)
        self.mapping.start(work)

    @Slot()
    def toggle_every_frame(self) -> None:
        """Score every frame between the marks for the eye, or stop."""
        if self.every_frame.is_running:
            self.every_frame.stop()
            self._show_scored_frames()
        elif self._item is not None:
            self.every_frame.start(self._item, self._marks)
        self._name_score_action()

    def _open(self) -> None:
        if self._item is not None and self.isVisible() and not self.player.is_open:
            self.player.open(self._services.reader, self._item.path, self._left_at_s)

    def _limits(self) -> Thresholds | None:
        return self._services.thresholds(MediaKind.VIDEO, self._item.model if self._item else None)

    def _level(self) -> float:
        """Return the likelihood from which a frame is hot."""
        limits = self._limits()
        return limits.review if limits else 0.5

    def _connect(self) -> None:
        self.player.shown.connect(self._show_frame)
        self.player.failed.connect(self.canvas.show_message)
        self.maps.arrived.connect(self._show_map)
        self.timeline.sought.connect(self.player.seek)
        self.filmstrip.sought.connect(self.player.seek)
        self.transport.hot_wanted.connect(self._go_to_hot)
        self.transport.mark_wanted.connect(self._mark)
        self.transport.span_wanted.connect(self._mark_span)
        self.controls.colours_changed.connect(self.timeline.set_colours)
        self.mapping.done.connect(self._take_own_map)
        self.mapping.failed.connect(self._tell_map_failed)
        self.every_frame.grew.connect(self._show_scored_frames)
        self.every_frame.failed.connect(self._tell_scoring_failed)
        self._filming.stepped.connect(self.filmstrip.take_picture)

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
            self.lay_over(None, self.tr("No frame was scored") if self._item else "")
            return
        now_s = self.player.time_s
        stored = self.maps.at(now_s)
        if stored is None:
            return
        away_s = stored.pts_s - now_s
        at = time_words(stored.pts_s)
        if stored.heatmap is None:
            words = self.tr("No map was stored for {time}").format(time=at)
        elif self.every_frame.frames:
            words = self.tr("Map of {time}; verdict unchanged").format(time=at)
        elif abs(away_s) < 0.001:
            words = self.tr("Map of this frame, from the scan")
        else:
            words = self.tr("Map of the nearest scored frame, {time} ({away:+.2f} s)").format(
                time=at, away=away_s
            )
        self.lay_over(stored.heatmap, words)

    def _forget_own_map(self) -> None:
        self.mapping.cancel()
        self._own_map = None
        self.map_frame.setEnabled(self._item is not None)

    @Slot(object)
    def _take_own_map(self, drawn: WholeMap) -> None:
        self._own_map = drawn
        self.map_frame.setEnabled(True)
        words = self.whole_map_words(drawn, self.tr("Map of this frame"))
        self.lay_over(drawn.heatmap, words, is_whole=True)

    @Slot(InspectorError)
    def _tell_map_failed(self, error: InspectorError) -> None:
        self.map_frame.setEnabled(True)
        self._map_words.setText(str(error))

    @Slot()
    def _show_scored_frames(self) -> None:
        """Show every frame scored so far in place of the scan's few."""
        frames = self.every_frame.frames
        if frames:
            self.maps.show_frames(frames)
            self.timeline.show_frames(frames)
        if frames and not self.every_frame.is_running:
            self._show_film()
        self._name_score_action()
        self._show_map()

    @Slot(InspectorError)
    def _tell_scoring_failed(self, error: InspectorError) -> None:
        self._name_score_action()
        self._map_words.setText(str(error))

    def _name_score_action(self) -> None:
        words = self.tr("Score every frame")
        if self.every_frame.is_running:
            words = self.tr("Stop ({0:.0f} %)").format(self.every_frame.share * 100)
        self.score_all.setIconText(words)

    def _show_film(self) -> None:
        """Show the hot frames; their pictures are read while the view is on screen."""
        self._filming.cancel()
        times_s = self.filmstrip.show_frames(self.maps.frames, self._level())
        if self._item is not None and times_s and self.isVisible():
            reader = self._services.reader
            self._filming.start(partial(read_pictures, reader, self._item.path, times_s))

    @Slot(bool)
    def _go_to_hot(self, forward: bool) -> None:
        level = self._level()
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

    @Slot(bool)
    def _mark(self, is_start: bool) -> None:
        now_s = self.player.time_s
        marks = self._marks
        self._set_marks(marks.with_start(now_s) if is_start else marks.with_end(now_s))

    @Slot()
    def _mark_span(self) -> None:
        spans = self._item.score.spans if self._item and self._item.score else ()
        span = span_at(spans, self.player.time_s)
        if span is None:
            self._map_words.setText(self.tr("No span was found in this clip"))
        else:
            self._set_marks(Marks(span.start_s, span.end_s))

    def _set_marks(self, marks: Marks) -> None:
        self._marks = marks
        self.timeline.set_marks(marks.start_s, marks.end_s)
        if marks == Marks():
            self._map_words.setText(self.tr("No marks"))
            return
        info = self._item.info if self._item else None
        end_s = marks.end_s if marks.end_s is not None else (info.duration_s if info else None)
        words = self.tr("Marked from {start} to {end}").format(
            start=time_words(marks.start_s or 0.0), end=time_words(end_s or 0.0)
        )
        self._map_words.setText(words)

    def _make_actions(self) -> None:
        self.map_frame = view_action(
            self,
            self.tr("Map this frame"),
            self.tr("Map frame"),
            [Qt.Key.Key_M],
            self.request_frame_map,
        )
        self.score_all = view_action(
            self,
            self.tr("Score every frame, or stop"),
            self.tr("Score every frame"),
            ["Shift+M"],
            self.toggle_every_frame,
        )
        self.score_all.setToolTip(
            self.tr("Score every frame between the marks, for the eye; the verdict stays (Shift+M)")
        )

    def _lay_out(self) -> None:
        left = FlowRow(self)
        actions = (self.toggle_fit, self.map_frame, self.score_all)
        left.set_parts([*(action_button(action, left) for action in actions), self._map_words])
        bottom = QHBoxLayout()
        bottom.addWidget(self.transport, 2)
        self.arrange([left], [self.timeline, self.filmstrip], bottom)
