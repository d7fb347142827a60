"""The first screen: a place to drop things on, and the other ways to begin."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.gui.look import Look


class EmptyDesk(QWidget):
    """Shown while the session holds no file."""

    def __init__(self, look: Look, actions: Sequence[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._frame = QFrame(self)
        self._frame.setObjectName("landing")
        self._sign = QLabel(self._frame)
        title = QLabel(self.tr("Drop folders, pictures or clips here"), self._frame)
        title.setObjectName("landingTitle")
        words = QLabel(
            self.tr(
                "Inspector says, file by file, what is known about where each comes from.\n"
                "It reads your files and never changes, moves or uploads them."
            ),
            self._frame,
        )
        words.setObjectName("muted")
        self.note = QLabel(self._frame)
        self.note.setObjectName("muted")
        inside = QVBoxLayout(self._frame)
        inside.addStretch(3)
        for label in (self._sign, title, words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(label)
        inside.addSpacing(self.fontMetrics().height())
        inside.addLayout(self._buttons(actions))
        inside.addSpacing(self.fontMetrics().height())
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(self.note)
        inside.addStretch(4)
        margin = 2 * self.fontMetrics().height()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(margin, margin, margin, margin)
        whole.addWidget(self._frame)
        self._take_look()
        look.changed.connect(self._take_look)

    def tell_busy(self, is_busy: bool, has_scanned: bool) -> None:
        """Say what is going on while there is no file to show."""
        if is_busy:
            self.note.setText(self.tr("Looking for files…"))
        else:
            self.note.setText(self.tr("No file was found there.") if has_scanned else "")

    def set_hot(self, is_hot: bool) -> None:
        """Show whether something that can be dropped is over the window."""
        self._frame.setProperty("hot", is_hot)
        self._frame.style().unpolish(self._frame)
        self._frame.style().polish(self._frame)

    def _buttons(self, actions: Sequence[QAction]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        for place, action in enumerate(actions):
            button = QPushButton(action.text().replace("&", ""), self._frame)
            button.setToolTip(action.toolTip())
            button.clicked.connect(action.trigger)
            if place == 0:
                button.setObjectName("primary")
            row.addWidget(button)
        row.addStretch(1)
        return row

    @Slot()
    def _take_look(self) -> None:
        side = 4 * self.fontMetrics().height()
        self._sign.setPixmap(self._look.pixmap("landing", side, self.devicePixelRatioF(), "accent"))
