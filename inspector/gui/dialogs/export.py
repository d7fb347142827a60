"""The export dialog: which lists, of what, where to; then a validator's word on each."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.errors import InspectorError
from inspector.domain.media import display_path
from inspector.domain.verdict import Decision
from inspector.gui.services import DeskServices
from inspector.gui.wording import decision_words, grouped, plain_tip
from inspector.gui.workers.background import BackgroundJobs
from inspector.ports import WrittenList

FORMAT_WORDS: Mapping[str, str] = {
    "txt": "keep.txt, drop.txt, review.txt, synthetic.txt, skipped.txt: one path a line",
    "csv": "items.csv: one row a file, safe to open in a spreadsheet",
    "jsonl": "items.jsonl: everything that is known, one JSON object a line",
    "parquet": "items.parquet: typed columns",
    "hf": "metadata.jsonl: for the datasets library",
    "datacomp": "keep.npy: DataComp's subset file",
    "webdataset": "tar shards with the original bytes",
    "tree": "keep/, drop/, review/: links to the files",
    "fiftyone": "a FiftyOne data set",
    "croissant": "croissant.json: Croissant metadata",
    "xmp": "sidecars with rating and label",
    "spans": "keep and drop spans of clips",
}
ON_BY_DEFAULT = ("txt", "jsonl")


class ExportDialog(QDialog):
    """Writes lists in the background and shows what was written."""

    def __init__(
        self,
        services: DeskServices,
        jobs: BackgroundJobs,
        counts: Mapping[Decision | None, int],
        waiting: int,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export lists"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._services = services
        self._jobs = jobs
        self._is_writing = False
        self.formats = {name: QCheckBox(name, self) for name in services.formats()}
        self.scopes: dict[Decision | None, QRadioButton] = {}
        self.folder = QLineEdit(default_folder(services.store.path), self)
        self.write_button = QPushButton(self.tr("Write lists"), self)
        self.words = QLabel(self)
        self.written = QTableWidget(0, 3, self)
        self._open_button = QPushButton(self.tr("Open folder"), self)
        self._prepare()
        whole = QVBoxLayout(self)
        whole.addWidget(self._formats_box())
        whole.addWidget(self._scope_box(counts))
        whole.addLayout(self._folder_row())
        whole.addWidget(self.words)
        whole.addWidget(self.written, 1)
        whole.addWidget(self._buttons())
        self._tell_waiting(waiting)
        line = self.fontMetrics().height()
        self.resize(44 * line, 26 * line)

    def chosen_formats(self) -> list[str]:
        return [name for name, box in self.formats.items() if box.isChecked()]

    def chosen_scope(self) -> Decision | None:
        return next((scope for scope, button in self.scopes.items() if button.isChecked()), None)

    def done(self, result: int) -> None:
        """Close, though not while lists are being written: their result is still to be shown."""
        if not self._is_writing:
            super().done(result)

    @Slot()
    def write(self) -> None:
        """Write the chosen lists; the dialog stays open and shows the result."""
        folder = Path(self.folder.text()).expanduser()
        self._is_writing = True
        self.write_button.setEnabled(False)
        self.words.setText(self.tr("Writing…"))
        work = partial(self._services.export, self.chosen_formats(), folder, self.chosen_scope())
        self._jobs.submit("export", work, self._show_written, self._tell)

    def _show_written(self, written: Sequence[WrittenList]) -> None:
        self._is_writing = False
        self.words.setText(self.tr("Written. No source file was changed."))
        self.written.setRowCount(len(written))
        for line, each in enumerate(written):
            cells = (each.path.name, grouped(each.rows), each.checked)
            for column, text in enumerate(cells):
                cell = QTableWidgetItem(text)
                cell.setToolTip(plain_tip(display_path(str(each.path))))
                if column == 1:
                    cell.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.written.setItem(line, column, cell)
        self.written.show()
        self._open_button.setEnabled(True)
        self._check()

    def _tell(self, error: InspectorError) -> None:
        self._is_writing = False
        self.words.setText(str(error))
        self._check()

    @Slot()
    def _check(self) -> None:
        """Let it be written only where a format and a folder are given."""
        absolute = Path(self.folder.text()).expanduser().is_absolute()
        is_ready = absolute and bool(self.chosen_formats()) and not self._is_writing
        self.write_button.setEnabled(is_ready)

    def _tell_waiting(self, waiting: int) -> None:
        if waiting:
            self.words.setText(
                self.tr("{0} files have no verdict yet and will be in no list.").format(
                    grouped(waiting)
                )
            )

    def _prepare(self) -> None:
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.folder.setAccessibleName(self.tr("Folder"))
        self.folder.textChanged.connect(self._check)
        self.write_button.setObjectName("primary")
        self.write_button.setDefault(True)
        self.write_button.clicked.connect(self.write)
        self._open_button.setEnabled(False)
        self._open_button.clicked.connect(self._open_folder)
        self.written.setHorizontalHeaderLabels(
            [self.tr("List"), self.tr("Rows"), self.tr("Checked")]
        )
        self.written.setAccessibleName(self.tr("Written lists"))
        self.written.verticalHeader().hide()
        self.written.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = self.written.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.written.hide()

    def _formats_box(self) -> QGroupBox:
        box = QGroupBox(self.tr("Lists"), self)
        grid = QGridLayout(box)
        for line, (name, check) in enumerate(self.formats.items()):
            check.setChecked(name in ON_BY_DEFAULT)
            check.toggled.connect(self._check)
            words = QLabel(FORMAT_WORDS.get(name, ""), box)
            words.setObjectName("muted")
            grid.addWidget(check, line, 0)
            grid.addWidget(words, line, 1)
        grid.setColumnStretch(1, 1)
        return box

    def _scope_box(self, counts: Mapping[Decision | None, int]) -> QGroupBox:
        box = QGroupBox(self.tr("Files"), self)
        row = QHBoxLayout(box)
        every = self.tr("All ({0})").format(grouped(sum(counts.values())))
        self.scopes[None] = QRadioButton(every, box)
        for decision in Decision:
            words = f"{decision_words(decision)} ({grouped(counts.get(decision, 0))})"
            self.scopes[decision] = QRadioButton(words, box)
        self.scopes[None].setChecked(True)
        for button in self.scopes.values():
            row.addWidget(button)
        row.addStretch(1)
        return box

    def _folder_row(self) -> QHBoxLayout:
        choose = QPushButton(self.tr("Choose…"), self)
        choose.clicked.connect(self._choose_folder)
        label = QLabel(self.tr("F&older"), self)
        label.setBuddy(self.folder)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.folder, 1)
        row.addWidget(choose)
        return row

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.addButton(self._open_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.write_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        return buttons

    @Slot()
    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Folder for the lists"), self.folder.text()
        )
        if chosen:
            self.folder.setText(chosen)

    @Slot()
    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder.text()))


def default_folder(session: Path) -> str:
    """Return where lists go unless the user says otherwise: never beside the media."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return str(Path(documents) / "Inspector lists" / session.stem)
