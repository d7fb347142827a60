"""Settings and about: look, moving on, the device in use, and what isolates the readers."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSlider,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector import __version__
from inspector.domain.detector import DeviceReport
from inspector.domain.errors import InspectorError
from inspector.gui.services import DeskServices
from inspector.gui.workers.background import BackgroundJobs
from inspector.settings import DeskSettings, NetworkSettings, Theme


class SettingsDialog(QDialog):
    """Changes count at once; ``changed`` and ``network_changed`` carry them."""

    changed = Signal(DeskSettings)
    network_changed = Signal(NetworkSettings)

    def __init__(self, services: DeskServices, jobs: BackgroundJobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings and about"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._jobs = jobs
        self._desk = services.settings.desk
        self._network = services.settings.network
        self._facts = QTableWidget(0, 2, self)
        self._prepare_facts()
        version = QLabel(self.tr("Inspector {0}").format(__version__), self)
        version.setObjectName("panelTitle")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.addWidget(version)
        whole.addLayout(self._form(services.device()))
        whole.addWidget(self._facts, 1)
        whole.addWidget(buttons)
        line = self.fontMetrics().height()
        self.resize(42 * line, 32 * line)
        jobs.submit("facts", partial(_read_facts, services), self._show_facts, self._tell)

    def done(self, result: int) -> None:
        self._jobs.forget("facts")
        super().done(result)

    def _form(self, device: DeviceReport | None) -> QFormLayout:
        self._theme = QComboBox(self)
        words = {
            Theme.SYSTEM: self.tr("As the system"),
            Theme.LIGHT: self.tr("Light"),
            Theme.DARK: self.tr("Dark"),
        }
        for theme, text in words.items():
            self._theme.addItem(text, theme)
        self._theme.setCurrentIndex(self._theme.findData(self._desk.theme))
        self._theme.activated.connect(self._change)
        self._advance = QCheckBox(self.tr("After a decision, go on to the next file"), self)
        self._advance.setChecked(self._desk.auto_advance)
        self._advance.toggled.connect(self._change)
        self._size = QSlider(Qt.Orientation.Horizontal, self)
        self._size.setRange(64, 256)
        self._size.setValue(self._desk.thumbnail_px)
        self._size.sliderReleased.connect(self._change)
        self._hosts = QLineEdit(", ".join(self._network.hosts), self)
        self._hosts.setPlaceholderText(self.tr("any host, but only when you ask, file by file"))
        self._hosts.setToolTip(
            self.tr("Hosts with commas between them; *.example.org stands for all below it.")
        )
        self._hosts.editingFinished.connect(self._change_hosts)
        form = QFormLayout()
        form.addRow(self.tr("Look"), self._theme)
        form.addRow(self.tr("Decisions"), self._advance)
        form.addRow(self.tr("Picture size"), self._size)
        form.addRow(self.tr("Credentials may come from"), self._hosts)
        form.addRow(self.tr("Device in use"), QLabel(device_words(device), self))
        return form

    def _prepare_facts(self) -> None:
        self._facts.setAccessibleName(self.tr("Versions, trust lists and isolation"))
        self._facts.setHorizontalHeaderLabels([self.tr("What"), self.tr("In force")])
        self._facts.verticalHeader().hide()
        self._facts.verticalHeader().setDefaultSectionSize(round(1.5 * self.fontMetrics().height()))
        self._facts.setShowGrid(False)
        self._facts.setAlternatingRowColors(True)
        self._facts.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = self._facts.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)

    def _show_facts(self, facts: Mapping[str, str]) -> None:
        self._facts.setRowCount(len(facts))
        for line, (name, value) in enumerate(facts.items()):
            self._facts.setItem(line, 0, QTableWidgetItem(name))
            self._facts.setItem(line, 1, QTableWidgetItem(value))

    def _tell(self, error: InspectorError) -> None:
        self._show_facts({self.tr("Not known"): str(error)})

    @Slot()
    def _change(self) -> None:
        self._desk = self._desk.model_copy(
            update={
                "theme": Theme(self._theme.currentData()),
                "auto_advance": self._advance.isChecked(),
                "thumbnail_px": self._size.value(),
            }
        )
        self.changed.emit(self._desk)

    @Slot()
    def _change_hosts(self) -> None:
        written = (host.strip() for host in self._hosts.text().split(","))
        network = NetworkSettings(hosts=tuple(host for host in written if host))
        if network != self._network:
            self._network = network
            self.network_changed.emit(network)


def device_words(device: DeviceReport | None) -> str:
    """Return the device really in use, and why where it is not the one asked for."""
    if device is None:
        return "No detector is loaded yet."
    speed = f", {device.tiles_per_s:.3g} tiles/s" if device.tiles_per_s else ""
    reason = f" — {device.fallback_reason}" if device.fallback_reason else ""
    return f"{device.name}{speed} (asked for: {device.wanted}){reason}"


def _read_facts(services: DeskServices) -> Mapping[str, str]:
    isolation = services.reader.isolation()
    limits = {f"Readers' limits: {layer}": is_on for layer, is_on in isolation.items()}
    return {**limits, **services.facts()}
