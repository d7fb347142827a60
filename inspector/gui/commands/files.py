"""Adding files, opening sessions, exporting lists; asks with dialogs where it must."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.domain.verdict import Decision
from inspector.gui.actions.action_set import ActionSet
from inspector.gui.actions.catalogue import ActionId
from inspector.gui.controller import SESSION_SUFFIX, DeskController
from inspector.gui.dialogs.export import ExportDialog
from inspector.gui.models.columns import NONE
from inspector.gui.models.rows import DECISIONS


class FileCommands(QObject):
    """The File menu."""

    def __init__(self, controller: DeskController, actions: ActionSet, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._library = controller.library
        self._actions = actions
        self._window = window
        actions.connect_all(
            {
                ActionId.ADD_FOLDER: self._add_folder,
                ActionId.ADD_FILES: self._add_files,
                ActionId.OPEN_SESSION: self._open_session,
                ActionId.TRY_SAMPLE: controller.add_sample,
                ActionId.STOP_SCAN: controller.scans.cancel,
                ActionId.GO_ON: controller.scans.go_on,
                ActionId.EXPORT: self._export,
                ActionId.QUIT: window.close,
            }
        )
        self._library.size_changed.connect(self._enable)
        controller.scans.busy_changed.connect(self._enable)
        self._enable()

    @Slot()
    def _add_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self._window, self.tr("Add a folder"))
        if folder:
            self._controller.add([folder])

    @Slot()
    def _add_files(self) -> None:
        files, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Add files"))
        if files:
            self._controller.add(files)

    @Slot()
    def _open_session(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a session"),
            str(self._controller.services.store.path.parent),
            self.tr("Sessions (*{0})").format(SESSION_SUFFIX),
        )
        if file:
            self._controller.open_session(Path(file))

    @Slot()
    def _export(self) -> None:
        self.export_dialog().open()

    def export_dialog(self) -> ExportDialog:
        """Return a new export dialog over what the library holds now."""
        rows = self._library.rows
        found = np.bincount(rows.decisions(), minlength=NONE + 1)
        counts: dict[Decision | None, int] = {
            decision: int(found[DECISIONS.code(decision)]) for decision in Decision
        }
        waiting = len(rows) - rows.judged
        counts[None] = int(found[NONE]) - waiting
        services, jobs = self._controller.services, self._controller.jobs
        return ExportDialog(services, jobs, counts, waiting, self._window)

    @Slot()
    def _enable(self) -> None:
        is_busy, rows = self._controller.scans.is_busy, self._library.rows
        self._actions[ActionId.STOP_SCAN].setEnabled(is_busy)
        self._actions[ActionId.GO_ON].setEnabled(not is_busy and rows.judged < len(rows))
        self._actions[ActionId.EXPORT].setEnabled(len(self._library.rows) > 0)
