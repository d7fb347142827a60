"""The loupe: one picture at full size, zoomed and panned, with the heatmap over it."""

import itertools
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from inspector.domain.errors import InspectorError
from inspector.domain.item import Item, ModelId
from inspector.domain.media import FoundFile, MediaKind
from inspector.domain.score import Heatmap, WholeMap
from inspector.gui.loupe.bar import FlowRow
from inspector.gui.loupe.canvas import ZOOM_STEP
from inspector.gui.loupe.canvas_view import CanvasView, ViewerServices
from inspector.gui.loupe.parts import action_button, line_label, view_action
from inspector.gui.loupe.pyramid import Pyramid, build_pyramid, single_level
from inspector.gui.workers.background import BackgroundJobs
from inspector.ports import MediaReader, Store

MAP_AFTER_MS = 250
"""A picture must stay this long before its map is begun, so that leafing through costs nothing."""

MAPS_KEPT = 32

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class _Held:
    """What the session already holds of a picture."""

    thumbnail: Pyramid | None
    heatmap: Heatmap | None


@dataclass(frozen=True, slots=True)
class _Opened:
    """A decoded picture: for the screen, and for the map."""

    image: Pyramid
    pixels: NDArray[np.uint8]


class LoupeView(CanvasView):
    """Shows one item at a time; decodes and maps it only while it is on screen."""

    def __init__(self, services: ViewerServices, jobs: BackgroundJobs, parent: QWidget) -> None:
        super().__init__(parent, services.settings.desk.heatmap_opacity)
        self._services = services
        self._jobs = jobs
        self._job = f"loupe-{next(_numbers)}"
        self._item: Item | None = None
        self._pixels: NDArray[np.uint8] | None = None
        self._maps: OrderedDict[tuple[FoundFile, ModelId | None], WholeMap] = OrderedDict()
        self._waits_to_be_seen = False
        self._is_settled = False
        self.canvas.setAccessibleName(self.tr("Picture"))
        self._zoom = line_label(self)
        self._zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("00000 %"))
        self._map_soon = QTimer(self, singleShot=True, interval=MAP_AFTER_MS)
        self._map_soon.timeout.connect(self._begin_map)
        self._make_actions()
        self._lay_out()
        self.canvas.viewport_changed.connect(self._show_zoom)
        self.mapping.stepped.connect(self._tell_step)
        self.mapping.done.connect(self._take_whole_map)
        self.mapping.failed.connect(self._tell_map_failed)
        self.mapping.running_changed.connect(self._name_map_action)
        self.show_item(None)

    def show_item(self, item: Item | None) -> None:
        """Show another picture, or none; its thumbnail stands in until it is decoded.

        The map of the whole picture follows by itself; whatever map is being drawn is given up.
        """
        self._forget()
        self._item = item
        self._readout.clear()
        self.lay_over(None, "")
        self.map_whole.setEnabled(False)
        if item is None:
            self.canvas.show_message(self.tr("No picture is chosen."))
            return
        if item.media is MediaKind.VIDEO:
            self.canvas.show_message(self.tr("This is a clip: the clip view shows its frames."))
            return
        self.canvas.clear()
        self._show_scans_map(item.score.heatmap if item.score else None)
        self._waits_to_be_seen = True
        if self.isVisible():
            self._load(item)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._waits_to_be_seen and self._item is not None:
            self._load(self._item)
        elif self._pixels is not None:
            self._map_soon.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._map_soon.stop()
        super().hideEvent(event)

    @Slot()
    def toggle_map(self) -> None:
        """Stop the map that is being drawn, or draw it."""
        if self.mapping.is_running:
            self.mapping.cancel()
            self._map_words.setText(self.tr("Stopped; M maps the whole picture"))
        else:
            self._begin_map()

    @Slot()
    def _begin_map(self) -> None:
        item, pixels = self._item, self._pixels
        if item is None:
            return
        kept = self._maps.get((item.file, item.model))
        if kept is not None:
            self._show_whole_map(kept)
            return
        if pixels is None:
            return
        self._map_words.setText(self.tr("Mapping the whole picture…"))
        self.mapping.start(partial(self._services.whole_map, pixels, item.model))

    def _load(self, item: Item) -> None:
        self._waits_to_be_seen = False
        reader, store = self._services.reader, self._services.store
        key, picture = f"{self._job}-picture", partial(_read_picture, reader, item.path)
        self._jobs.submit(key, picture, self._show, self._tell_failed)
        key, held = f"{self._job}-held", partial(_read_held, store, item)
        self._jobs.submit(key, held, self._show_held, self._do_without)

    def _forget(self) -> None:
        self._map_soon.stop()
        self.mapping.cancel()
        self._pixels = None
        self._waits_to_be_seen = False
        self._is_settled = False
        for what in ("picture", "held"):
            self._jobs.forget(f"{self._job}-{what}")

    def _show(self, opened: _Opened) -> None:
        self._is_settled = True
        self._pixels = opened.pixels
        self.canvas.show_picture(opened.image)
        self._show_zoom()
        self.map_whole.setEnabled(True)
        if self.isVisible():
            self._map_soon.start()

    def _show_held(self, held: _Held) -> None:
        if held.thumbnail is not None and not self._is_settled:
            info = self._item.info if self._item else None
            self.canvas.show_picture(held.thumbnail, (info.width, info.height) if info else None)
        if held.heatmap is not None and self.canvas.overlay.heatmap is None:
            self._show_scans_map(held.heatmap)

    def _tell_failed(self, error: InspectorError) -> None:
        """Say why there is no picture; a thumbnail that comes later does not hide it."""
        self._is_settled = True
        self.canvas.show_message(str(error))

    def _do_without(self, error: InspectorError) -> None:
        """Go without what the session holds: the picture itself is on its way."""
        self._map_words.setText(str(error))

    def _show_scans_map(self, heatmap: Heatmap | None) -> None:
        """Show the scan's own map, or that there is none."""
        regions = self._item.score.regions if self._item and self._item.score else ()
        words = self.tr("Map of the scan") if heatmap else self.tr("No map was stored")
        self.lay_over(heatmap, words, regions)

    @Slot(tuple)
    def _tell_step(self, step: tuple[int, int]) -> None:
        words = self.tr("Mapping the whole picture: {0} of {1} tiles")
        self._map_words.setText(words.format(*step))

    @Slot(object)
    def _take_whole_map(self, drawn: WholeMap) -> None:
        assert self._item is not None
        self._pixels = None  # a large picture is held once, in the canvas
        self._maps[(self._item.file, self._item.model)] = drawn
        while len(self._maps) > MAPS_KEPT:
            self._maps.popitem(last=False)
        self._show_whole_map(drawn)

    def _show_whole_map(self, drawn: WholeMap) -> None:
        regions = self._item.score.regions if self._item and self._item.score else ()
        words = self.whole_map_words(drawn, self.tr("Map of the whole picture"))
        self.lay_over(drawn.heatmap, words, regions, is_whole=True)

    @Slot(InspectorError)
    def _tell_map_failed(self, error: InspectorError) -> None:
        self._map_words.setText(str(error))

    @Slot(bool)
    def _name_map_action(self, is_running: bool) -> None:
        self.map_whole.setIconText(self.tr("Stop map") if is_running else self.tr("Map all"))

    @Slot()
    def _show_zoom(self) -> None:
        self._zoom.setText(f"{self.canvas.zoom * 100:.0f} %" if self.canvas.has_picture else "")

    @Slot()
    def _zoom_in(self) -> None:
        self.canvas.zoom_by(ZOOM_STEP)

    @Slot()
    def _zoom_out(self) -> None:
        self.canvas.zoom_by(1 / ZOOM_STEP)

    def _make_actions(self) -> None:
        keys: list[Qt.Key | str] = [Qt.Key.Key_Plus, Qt.Key.Key_Equal]
        self.zoom_in = view_action(self, self.tr("Zoom in"), "+", keys, self._zoom_in)
        keys = [Qt.Key.Key_Minus]
        self.zoom_out = view_action(self, self.tr("Zoom out"), "−", keys, self._zoom_out)
        self.map_whole = view_action(
            self,
            self.tr("Map the whole picture, or stop"),
            self.tr("Map all"),
            [Qt.Key.Key_M],
            self.toggle_map,
        )
        self.map_whole.setToolTip(
            self.tr("Score every part of the picture, for the eye; the verdict stays (M)")
        )

    def _lay_out(self) -> None:
        zooming = FlowRow(self)
        buttons = (self.toggle_fit, self.zoom_out, self.zoom_in)
        zooming.set_parts(
            [
                *(action_button(action, zooming) for action in buttons),
                self._zoom,
                action_button(self.map_whole, zooming),
                self._map_words,
            ]
        )
        self.arrange([zooming], [], QHBoxLayout())


def _read_picture(reader: MediaReader, path: str) -> _Opened:
    pixels = reader.picture(path).pixels
    return _Opened(build_pyramid(pixels), pixels)


def _read_held(store: Store, item: Item) -> _Held:
    """Read what the session holds, in a worker thread."""
    pixels = store.thumbnail(item.path)
    needs_map = item.score is not None and item.score.heatmap is None
    heatmap = store.heatmap(item.path) if needs_map else None
    return _Held(None if pixels is None else single_level(pixels), heatmap)
