"""What the loupe and the clip view share: a canvas with its overlay, controls and words."""

from collections.abc import Callable
from threading import Event
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector.domain.item import ModelId
from inspector.domain.score import Heatmap, Region, WholeMap
from inspector.gui.loupe.bar import WrappingBar
from inspector.gui.loupe.canvas import PictureCanvas
from inspector.gui.loupe.controls import OverlayControls, ShiftPeek
from inspector.gui.loupe.hands import CanvasHands
from inspector.gui.loupe.legend import ColourLegend
from inspector.gui.loupe.parts import line_label, view_action
from inspector.gui.workers.long_job import LongJob
from inspector.ports import MediaReader, Store
from inspector.settings import Settings

MAP_WORDS_WIDE = 28
"""Width kept for what is said of the map, in characters."""


class ViewerServices(Protocol):
    """What both views ask of the desk's services."""

    @property
    def store(self) -> Store: ...

    @property
    def reader(self) -> MediaReader: ...

    @property
    def settings(self) -> Settings: ...

    def whole_map(
        self,
        pixels: NDArray[np.uint8],
        model: ModelId | None,
        step: Callable[[int, int], None],
        cancel: Event,
    ) -> WholeMap: ...


class CanvasView(QWidget):
    """Owns a canvas, what is laid over it, and the job that maps it; lives in the UI thread.

    A map is drawn only while the view is on screen.
    """

    def __init__(self, parent: QWidget, opacity: float) -> None:
        super().__init__(parent)
        self.canvas = PictureCanvas(self)
        self.controls = OverlayControls(self.canvas, self, opacity)
        self.mapping = LongJob(self)
        self.legend = ColourLegend(self)
        self._readout = line_label(self, gives_way=True)
        self._map_words = line_label(self, gives_way=True)
        self._map_words.setMinimumWidth(self.fontMetrics().averageCharWidth() * MAP_WORDS_WIDE)
        self._blank_words = ""
        self._peek = ShiftPeek(self, self.canvas)
        self._hands = CanvasHands(self.canvas)
        fit = self.tr("Fit / 100 %")
        self.toggle_fit = view_action(self, fit, fit, [Qt.Key.Key_Z], self.canvas.toggle_fit)
        self.addAction(self.controls.toggle)
        self.setFocusProxy(self.canvas)
        self.canvas.pointed.connect(self._read_out)
        self.canvas.left.connect(self._readout.clear)
        self.controls.colours_changed.connect(self.legend.set_colours)

    def hideEvent(self, event: QHideEvent) -> None:
        self.mapping.cancel()
        super().hideEvent(event)

    def lay_over(
        self,
        heatmap: Heatmap | None,
        words: str,
        regions: tuple[Region, ...] = (),
        *,
        is_whole: bool = False,
    ) -> None:
        """Show a map, or none, and say which.

        Args:
            is_whole: every cell was looked at, so that those without a likelihood abstain.
        """
        self._map_words.setText(words)
        self._blank_words = (
            self.tr("abstains: flat or saturated") if is_whole else self.tr("not scored")
        )
        self.legend.set_blank_words(self._blank_words)
        if self.canvas.overlay.heatmap is not heatmap:
            self.canvas.overlay.set_map(heatmap, regions)
            self.canvas.update()

    def whole_map_words(self, drawn: WholeMap, what: str) -> str:
        """Return what is said of a map that was drawn for the eye.

        Args:
            what: of what it is, with its capital letter.
        """
        how = self.tr(" by sliding tiles") if drawn.by_sliding else ""
        return self.tr("{what}{how}, by {model}; verdict unchanged").format(
            what=what, how=how, model=drawn.model
        )

    def arrange(self, groups: list[QWidget], below: list[QWidget], bottom: QHBoxLayout) -> None:
        """Lay out the view: controls on top, the canvas, what belongs below it, a last row."""
        whole = QVBoxLayout(self)
        whole.addWidget(WrappingBar([*groups, self.controls], self))
        whole.addWidget(self.canvas, 1)
        for widget in below:
            whole.addWidget(widget)
        bottom.addWidget(self._readout, 1)
        bottom.addWidget(self.legend)
        whole.addLayout(bottom)

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
            words += "   " + self._blank_words
        self._readout.setText(words)
