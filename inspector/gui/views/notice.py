"""One sentence across the top when something went wrong, until it is dismissed."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from inspector.gui.look import Look


class Notice(QFrame):
    """Hidden until ``tell``; more sentences are counted, the newest is shown."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._look = look
        self._count = 0
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sign = QLabel(self)
        self._dismiss = QAction(self.tr("Dismiss"), self)
        self._dismiss.triggered.connect(self.dismiss)
        button = QToolButton(self)
        button.setDefaultAction(self._dismiss)
        button.setAutoRaise(True)
        row = QHBoxLayout(self)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._take_look()
        look.changed.connect(self._take_look)
        self.hide()

    def tell(self, sentence: str) -> None:
        self._count += 1
        more = self.tr("  ({0} earlier)").format(self._count - 1) if self._count > 1 else ""
        self.words.setText(sentence + more)
        self.words.setAccessibleName(sentence)
        self.show()

    @Slot()
    def dismiss(self) -> None:
        self._count = 0
        self.hide()

    @Slot()
    def _take_look(self) -> None:
        self._dismiss.setIcon(self._look.icon("dismiss"))
        side = self.fontMetrics().height()
        self._sign.setPixmap(self._look.pixmap("suspect", side, self.devicePixelRatioF(), "error"))
