"""Stands in for a viewer that is not built yet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from inspector.domain.item import Item
from inspector.gui.services import DeskServices
from inspector.gui.workers.background import BackgroundJobs


class ManifestView(QLabel):
    def __init__(self, services: DeskServices, jobs: BackgroundJobs, parent: QWidget) -> None:
        del services, jobs
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_item(self, item: Item | None) -> None:
        self.setText(item.provenance.state.value if item else "")
