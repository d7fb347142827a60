"""Search and sort, above the gallery."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.errors import UsageError
from inspector.gui.look import Look
from inspector.gui.models.arrangement import Sort, SortKey
from inspector.gui.models.query import FIELDS, Query, parse_query
from inspector.gui.wording import grouped

TYPING_MS = 150

_HIGHEST_FIRST = (SortKey.LIKELIHOOD, SortKey.DISAGREEMENT)


class SearchBar(QWidget):
    """Reads what is typed; says in one sentence what it does not understand."""

    searched = Signal(Query)
    sorted_by = Signal(Sort)
    left = Signal()  # Enter or Escape: the gallery takes the keys

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._search)
        self.field = QLineEdit(self)
        self._sign = QAction(self)
        self._fault = QLabel(self)
        self._order = QComboBox(self)
        self._direction = QToolButton(self)
        self._prepare_field()
        self._prepare_order()
        self._shown = QLabel(self)
        self._shown.setObjectName("muted")
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self._shown)
        row.addSpacing(self.fontMetrics().height())
        row.addWidget(self._order)
        row.addWidget(self._direction)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 6, 8, 6)
        whole.setSpacing(2)
        whole.addLayout(row)
        whole.addWidget(self._fault)
        self._take_look()
        look.changed.connect(self._take_look)

    def show_counts(self, shown: int, total: int, chosen: int) -> None:
        """Say how many files are shown and selected."""
        words = self.tr("{0} of {1} files").format(grouped(shown), grouped(total))
        if shown == total:
            words = self.tr("{0} files").format(grouped(total))
        if chosen > 1:
            words += self.tr(" · {0} selected").format(grouped(chosen))
        self._shown.setText(words)

    def search_for(self, text: str) -> None:
        """Search as if the user had typed it."""
        self.field.setText(text)
        self._search()

    def clear(self) -> None:
        self.field.clear()
        self._search()

    def sort_by(self, sort: Sort) -> None:
        """Sort as if the user had chosen it."""
        self._order.setCurrentIndex(self._order.findData(sort.key))
        self._direction.setChecked(sort.descending)
        self._tell_order()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _prepare_field(self) -> None:
        self.field.setObjectName("search")
        self.field.setAccessibleName(self.tr("Search"))
        self.field.setPlaceholderText(
            self.tr("Search: name, likelihood:>0.7, signer:Adobe, decision:review …")
        )
        self.field.setToolTip(
            self.tr("Words search in names. Fields: {0}. A minus in front excludes.").format(
                ", ".join(FIELDS)
            )
        )
        self.field.setClearButtonEnabled(True)
        self.field.addAction(self._sign, QLineEdit.ActionPosition.LeadingPosition)
        self.field.setAcceptDrops(False)
        self.field.textChanged.connect(self._wait_for_more)
        self.field.returnPressed.connect(self._finish)
        self._fault.setObjectName("queryFault")
        self._fault.setTextFormat(Qt.TextFormat.PlainText)
        self._fault.setWordWrap(True)
        self._fault.hide()

    def _prepare_order(self) -> None:
        words = {
            SortKey.ARRIVAL: self.tr("As found"),
            SortKey.LIKELIHOOD: self.tr("Likelihood"),
            SortKey.NAME: self.tr("Name"),
            SortKey.SIZE: self.tr("Size"),
            SortKey.DATE: self.tr("Date"),
            SortKey.FINDING: self.tr("Finding"),
            SortKey.DECISION: self.tr("Decision"),
            SortKey.DISAGREEMENT: self.tr("Disagreement"),
            SortKey.CREDENTIAL: self.tr("Credential"),
            SortKey.SIGNER: self.tr("Signed by"),
            SortKey.GENERATOR: self.tr("Made with"),
            SortKey.SAYS: self.tr("AI, part, captured"),
            SortKey.TRAINING: self.tr("Training limited"),
            SortKey.BROKEN: self.tr("Tampered"),
        }
        for key, text in words.items():
            self._order.addItem(text, key)
        self._order.setMinimumWidth(5 * self.fontMetrics().height())  # in a narrow window
        self._order.setAccessibleName(self.tr("Sort by"))
        self._order.setToolTip(self.tr("Sort by"))
        self._order.activated.connect(self._choose_order)
        self._direction.setCheckable(True)
        self._direction.setAutoRaise(True)
        self._direction.setAccessibleName(self.tr("Descending"))
        self._direction.setToolTip(self.tr("Highest first"))
        self._direction.toggled.connect(self._tell_order)

    @Slot()
    def _wait_for_more(self) -> None:
        self._typing.start()

    @Slot()
    def _finish(self) -> None:
        """Search at once; the gallery takes the keys unless there is something to mend."""
        self._search()
        if not self._fault.isVisible():
            self.left.emit()

    @Slot()
    def _search(self) -> None:
        self._typing.stop()
        try:
            query = parse_query(self.field.text())
        except UsageError as error:
            self._show_fault(str(error))
            return
        self._show_fault("")
        self.searched.emit(query)

    def _show_fault(self, sentence: str) -> None:
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))
        self.field.setProperty("fault", bool(sentence))
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)

    @Slot(int)
    def _choose_order(self, place: int) -> None:
        """What people look for comes first: high likelihoods, wide disagreements."""
        highest_first = self._order.itemData(place) in _HIGHEST_FIRST
        if self._direction.isChecked() == highest_first:
            self._tell_order()
        else:
            self._direction.setChecked(highest_first)

    @Slot()
    def _tell_order(self) -> None:
        self._take_look()
        key = SortKey(self._order.currentData())
        self.sorted_by.emit(Sort(key, self._direction.isChecked()))

    @Slot()
    def _take_look(self) -> None:
        self._sign.setIcon(self._look.icon("search", "muted"))
        name = "descending" if self._direction.isChecked() else "ascending"
        self._direction.setIcon(self._look.icon(name))
