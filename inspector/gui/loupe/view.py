"""The loupe: one picture at full size, zoomed and panned, with the heatmap over it."""

import itertools
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector.domain.errors import InspectorError
from inspector.domain.item import Item
from inspector.domain.media import MediaKind
from inspector.domain.score import Heatmap
from inspector.gui.loupe.bar import WrappingBar
from inspector.gui.loupe.canvas import ZOOM_STEP, PictureCanvas
from inspector.gui.loupe.controls import OverlayControls, ShiftPeek
from inspector.gui.loupe.hands import CanvasHands
from inspector.gui.loupe.legend import ColourLegend
from inspector.gui.loupe.parts import action_button, line_label, view_action
from inspector.gui.loupe.pyramid import Pyramid, build_pyramid, single_level
from inspector.gui.workers.background import BackgroundJobs
from inspector.ports import MediaReader, Store
from inspector.settings import Settings

T = TypeVar("T")

_numbers = itertools.count()


class LoupeServices(Protocol):
    """What the loupe asks of the desk's services."""

    @property
    def store(self) -> Store: ...

    @property
    def reader(self) -> MediaReader: ...

    @property
    def settings(self) -> Settings: ...

    def full_map(self, path: str) -> Heatmap: ...


@dataclass(frozen=True, slots=True)
class _Held:
    """What the session already holds of a picture."""

    thumbnail: Pyramid | None
    heatmap: Heatmap | None


class LoupeView(QWidget):
    """Shows one item at a time; decodes, in the background, only while it is on screen."""

    def __init__(self, services: LoupeServices, jobs: BackgroundJobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._jobs = jobs
        self._job = f"loupe-{next(_numbers)}"
        self._item: Item | None = None
        self._waits_to_be_seen = False
        self._is_settled = False
        self.canvas = PictureCanvas(self)
        self.canvas.setAccessibleName(self.tr("Picture"))
        self.controls = OverlayControls(self.canvas, self, services.settings.desk.heatmap_opacity)
        self._legend = ColourLegend(self)
        self._zoom = line_label(self)
        self._zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("00000 %"))
        self._readout = line_label(self, gives_way=True)
        self._map_words = line_label(self, gives_way=True)
        self._map_words.setMinimumWidth(self.fontMetrics().averageCharWidth() * 28)
        self._make_actions()
        self._lay_out()
        self._peek = ShiftPeek(self, self.canvas)
        self._hands = CanvasHands(self.canvas)
        self.canvas.pointed.connect(self._read_out)
        self.canvas.left.connect(self._readout.clear)
        self.canvas.viewport_changed.connect(self._show_zoom)
        self.controls.colours_changed.connect(self._legend.set_colours)
        self.setFocusProxy(self.canvas)
        self.show_item(None)

    def show_item(self, item: Item | None) -> None:
        """Show another picture, or none; its thumbnail stands in until it is decoded."""
        self._forget()
        self._item = item
        self._waits_to_be_seen = False
        self._is_settled = False
        self._readout.clear()
        self._map_words.clear()
        self._take_map(None)
        self.map_whole.setEnabled(False)
        if item is None:
            self.canvas.show_message(self.tr("No picture is chosen."))
            return
        if item.media is MediaKind.VIDEO:
            self.canvas.show_message(self.tr("This is a clip: the clip view shows its frames."))
            return
        self.canvas.clear()
        self._take_map(item.score.heatmap if item.score else None)
        self.map_whole.setEnabled(item.media is MediaKind.IMAGE)
        self._waits_to_be_seen = True
        if self.isVisible():
            self._load(item)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._waits_to_be_seen and self._item is not None:
            self._load(self._item)

    @Slot()
    def request_whole_map(self) -> None:
        """Score the whole picture in the background, for the eye only."""
        if self._item is None or not self.map_whole.isEnabled():
            return
        self.map_whole.setEnabled(False)
        self._map_words.setText(self.tr("Mapping the whole picture…"))
        work = partial(self._services.full_map, self._item.path)
        self._jobs.submit(f"{self._job}-map", work, self._show_whole_map, self._tell_map_failed)

    def _load(self, item: Item) -> None:
        self._waits_to_be_seen = False
        reader, store = self._services.reader, self._services.store
        key, picture = f"{self._job}-picture", partial(_read_picture, reader, item.path)
        self._jobs.submit(key, picture, self._show, self._tell_failed)
        key, held = f"{self._job}-held", partial(_read_held, store, item)
        self._jobs.submit(key, held, self._show_held, self._do_without)

    def _forget(self) -> None:
        for what in ("picture", "held", "map"):
            self._jobs.forget(f"{self._job}-{what}")

    def _show(self, picture: Pyramid) -> None:
        self._is_settled = True
        self.canvas.show_picture(picture)
        self._show_zoom()

    def _show_held(self, held: _Held) -> None:
        if held.thumbnail is not None and not self._is_settled:
            info = self._item.info if self._item else None
            self.canvas.show_picture(held.thumbnail, (info.width, info.height) if info else None)
        if held.heatmap is not None and self.canvas.overlay.heatmap is None:
            self._take_map(held.heatmap)

    def _tell_failed(self, error: InspectorError) -> None:
        """Say why there is no picture; a thumbnail that comes later does not hide it."""
        self._is_settled = True
        self.canvas.show_message(str(error))

    def _do_without(self, error: InspectorError) -> None:
        """Go without what the session holds: the picture itself is on its way."""
        self._map_words.setText(str(error))

    def _take_map(self, heatmap: Heatmap | None) -> None:
        """Show the scan's own map, or that there is none."""
        regions = self._item.score.regions if self._item and self._item.score else ()
        self.canvas.overlay.set_map(heatmap, regions)
        self.canvas.update()
        if heatmap is not None:
            self._map_words.setText(self.tr("Map of the scan"))
        elif self._item is not None:
            self._map_words.setText(self.tr("No map was stored"))

    def _show_whole_map(self, heatmap: Heatmap) -> None:
        regions = self._item.score.regions if self._item and self._item.score else ()
        self.canvas.overlay.set_map(heatmap, regions)
        self.canvas.update()
        self._map_words.setText(self.tr("Map of the whole picture: for the eye, verdict unchanged"))
        self.map_whole.setEnabled(True)

    def _tell_map_failed(self, error: InspectorError) -> None:
        self._map_words.setText(str(error))
        self.map_whole.setEnabled(True)

    @Slot(QPointF)
    def _read_out(self, at: QPointF) -> None:
        width, height = self.canvas.viewport.picture
        if not (0 <= at.x() < width and 0 <= at.y() < height):
            self._readout.clear()
            return
        words = self.tr("x {x}  y {y}").format(x=int(at.x()), y=int(at.y()))
        likelihood = self.canvas.overlay.likelihood_at(at.x(), at.y())
        if likelihood is not None:
            words += "   " + self.tr("likelihood {value:.2f}").format(value=likelihood)
        elif self.canvas.overlay.heatmap is not None:
            words += "   " + self.tr("not scored")
        self._readout.setText(words)

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
        fit = self.tr("Fit / 100 %")
        self.toggle_fit = view_action(self, fit, fit, [Qt.Key.Key_Z], self.canvas.toggle_fit)
        keys: list[Qt.Key | str] = [Qt.Key.Key_Plus, Qt.Key.Key_Equal]
        self.zoom_in = view_action(self, self.tr("Zoom in"), "+", keys, self._zoom_in)
        keys = [Qt.Key.Key_Minus]
        self.zoom_out = view_action(self, self.tr("Zoom out"), "−", keys, self._zoom_out)
        self.map_whole = view_action(
            self,
            self.tr("Map the whole picture"),
            self.tr("Map all"),
            [Qt.Key.Key_M],
            self.request_whole_map,
        )
        self.map_whole.setToolTip(
            self.tr("Score every part of the picture, for the eye; the verdict stays (M)")
        )
        self.addAction(self.controls.toggle)

    def _lay_out(self) -> None:
        zooming = QWidget(self)
        row = QHBoxLayout(zooming)
        row.setContentsMargins(0, 0, 0, 0)
        for action in (self.toggle_fit, self.zoom_out, self.zoom_in):
            row.addWidget(action_button(action, zooming))
        row.addWidget(self._zoom)
        row.addWidget(action_button(self.map_whole, zooming))
        row.addWidget(self._map_words, 1)
        bottom = QHBoxLayout()
        bottom.addWidget(self._readout, 1)
        bottom.addWidget(self._legend)
        whole = QVBoxLayout(self)
        whole.addWidget(WrappingBar((zooming, self.controls), self))
        whole.addWidget(self.canvas, 1)
        whole.addLayout(bottom)


def _read_picture(reader: MediaReader, path: str) -> Pyramid:
    return build_pyramid(reader.picture(path).pixels)


def _read_held(store: Store, item: Item) -> _Held:
    """Read what the session holds, in a worker thread."""
    pixels = store.thumbnail(item.path)
    needs_map = item.score is not None and item.score.heatmap is None
    heatmap = store.heatmap(item.path) if needs_map else None
    return _Held(None if pixels is None else single_level(pixels), heatmap)
