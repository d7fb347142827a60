"""Asks which detector is to score the chosen files again, and how closely."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.detector import DetectorSpec
from inspector.gui.wording import grouped, plain_tip
from inspector.ports import Rescore

EVERY_FRAME = 0


class ScoreAgainDialog(QDialog):
    """Lists the detectors that are here; the largest one the session does not use is proposed."""

    wanted = Signal(object)  # Rescore, when the user starts it

    def __init__(
        self,
        detectors: Sequence[DetectorSpec],
        own: str | None,
        paths: tuple[str, ...],
        *,
        has_clips: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Score again"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._paths = paths
        self.choices = {spec.id: self._choice(spec, spec.id == own) for spec in detectors}
        self.stability = QCheckBox(
            self.tr("Also check stability: as JPEG 90 and at 0.75 scale"), self
        )
        self.every_frame = QCheckBox(self.tr("Score every frame of clips"), self)
        self.every_frame.setVisible(has_clips)
        other = next((button for id_, button in self.choices.items() if id_ != own), None)
        proposed = other or next(iter(self.choices.values()), None)
        if proposed is not None:
            proposed.setChecked(True)
        self._lay_out()

    def chosen(self) -> str | None:
        """Return the id of the detector that is chosen."""
        return next((id_ for id_, button in self.choices.items() if button.isChecked()), None)

    def accept(self) -> None:
        frames = EVERY_FRAME if self.every_frame.isChecked() else None
        self.wanted.emit(Rescore(self._paths, self.chosen(), self.stability.isChecked(), frames))
        super().accept()

    def _choice(self, spec: DetectorSpec, is_own: bool) -> QRadioButton:
        words = self.tr("{0} {1}").format(spec.id, spec.version)
        if is_own:
            words += self.tr(" — this session's own")
        button = QRadioButton(words, self)
        button.setToolTip(plain_tip(spec.task))
        return button

    def _lay_out(self) -> None:
        count = len(self._paths)
        words = self.tr("{0} files are scored again, in the background.").format(grouped(count))
        if count == 1:
            words = self.tr("One file is scored again, in the background.")
        words += self.tr(
            " Each names the detector that scored it; the session keeps its own for what is"
            " dropped later. Your decisions stay."
        )
        label = QLabel(words, self)
        label.setWordWrap(True)
        group = QGroupBox(self.tr("Detector"), self)
        column = QVBoxLayout(group)
        for button in self.choices.values():
            column.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        start = buttons.addButton(self.tr("Score again"), QDialogButtonBox.ButtonRole.AcceptRole)
        start.setEnabled(bool(self.choices) and count > 0)
        start.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        for widget in (label, group, self.stability, self.every_frame, buttons):
            whole.addWidget(widget)
        self.resize(32 * self.fontMetrics().height(), self.sizeHint().height())
