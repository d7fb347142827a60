"""The row of controls that say how the overlay of a canvas is drawn."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QSlider,
    QWidget,
)

from inspector.gui.loupe.bar import FlowRow
from inspector.gui.loupe.canvas import PictureCanvas
from inspector.gui.loupe.colour_map import MapColours


class OverlayControls(FlowRow):
    """Drives the overlay of one canvas: on or off, opacity, colours, contour, regions."""

    colours_changed = Signal(object)  # MapColours, when the user picks another map

    def __init__(self, canvas: PictureCanvas, parent: QWidget, opacity: float) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.toggle = QAction(self.tr("Heatmap"), self)
        self.toggle.setCheckable(True)
        self.toggle.setChecked(True)
        self.toggle.setShortcut(QKeySequence(Qt.Key.Key_H))
        self.toggle.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.toggle.setToolTip(self.tr("Show the heatmap (H); hold Shift to look under it"))
        self.toggle.toggled.connect(self._apply)
        self._opacity = self._make_slider(opacity)
        self._colours = self._make_colours()
        self._contour = QCheckBox(self.tr("Contour"), self)
        self._contour.setChecked(True)
        self._contour.setToolTip(self.tr("Draw a line where the likelihood crosses this level"))
        self._contour.toggled.connect(self._apply)
        self._level = self._make_level()
        self._regions = QCheckBox(self.tr("Regions"), self)
        self._regions.setChecked(True)
        self._regions.setToolTip(self.tr("Draw the regions that the scan found"))
        self._regions.toggled.connect(self._apply)
        self._lay_out()
        self._apply()

    def hide_regions_control(self) -> None:
        """Leave out the control for regions, where there are none to draw."""
        self._regions.hide()

    def _make_slider(self, opacity: float) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(0, 100)
        slider.setPageStep(10)
        slider.setValue(round(opacity * 100))
        slider.setFixedWidth(self.fontMetrics().averageCharWidth() * 16)
        slider.setAccessibleName(self.tr("Opacity of the heatmap"))
        slider.setToolTip(self.tr("Opacity of the heatmap"))
        slider.valueChanged.connect(self._apply)
        return slider

    def _make_colours(self) -> QComboBox:
        names = {
            MapColours.INFERNO: self.tr("Inferno"),
            MapColours.CIVIDIS: self.tr("Cividis"),
            MapColours.GREYS: self.tr("Greys"),
        }
        box = QComboBox(self)
        for colours, name in names.items():
            box.addItem(name, colours.value)
        box.setAccessibleName(self.tr("Colours of the heatmap"))
        box.setToolTip(self.tr("Colours of the heatmap; all are safe for colour blindness"))
        box.currentIndexChanged.connect(self._change_colours)
        return box

    def _make_level(self) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setRange(0.05, 0.99)
        box.setSingleStep(0.05)
        box.setValue(self._canvas.overlay.level)
        box.setKeyboardTracking(False)
        box.setAccessibleName(self.tr("Likelihood of the contour"))
        box.valueChanged.connect(self._apply)
        return box

    def _lay_out(self) -> None:
        box = QCheckBox(self.toggle.text(), self)
        box.setChecked(self.toggle.isChecked())
        box.setToolTip(self.toggle.toolTip())
        box.toggled.connect(self.toggle.setChecked)
        self.toggle.toggled.connect(box.setChecked)
        label = QLabel(self.tr("Opacity"), self)
        label.setBuddy(self._opacity)
        self.set_parts(
            [
                box,
                label,
                self._opacity,
                self._colours,
                self._contour,
                self._level,
                self._regions,
            ]
        )

    @Slot()
    def _apply(self) -> None:
        overlay = self._canvas.overlay
        overlay.visible = self.toggle.isChecked()
        overlay.opacity = self._opacity.value() / 100
        overlay.shows_contour = self._contour.isChecked()
        overlay.shows_regions = self._regions.isChecked()
        if abs(overlay.level - self._level.value()) > 1e-9:
            overlay.set_level(self._level.value())
        self._level.setEnabled(overlay.shows_contour)
        self._canvas.update()

    @Slot(int)
    def _change_colours(self) -> None:
        colours = MapColours(self._colours.currentData())
        self._canvas.overlay.set_colours(colours)
        self._canvas.update()
        self.colours_changed.emit(colours)


class ShiftPeek(QObject):
    """Hides the overlay of a canvas while Shift is held anywhere in a view."""

    def __init__(self, view: QWidget, canvas: PictureCanvas) -> None:
        super().__init__(view)
        self._canvas = canvas
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.WindowDeactivate, QEvent.Type.Hide):
            self._hide(False)
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Shift:
            if kind is QEvent.Type.KeyPress:
                self._hide(True)
            elif kind is QEvent.Type.KeyRelease:
                self._hide(False)
        return super().eventFilter(watched, event)

    def _hide(self, hidden: bool) -> None:
        if self._canvas.overlay.held_away != hidden:
            self._canvas.overlay.held_away = hidden
            self._canvas.update()
