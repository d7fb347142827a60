"""The head of the provenance view: the credential's state, and the offer to fetch a remote one."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.domain.provenance import Provenance, ProvenanceState
from inspector.gui.evidence.facts import Mark
from inspector.gui.evidence.marks import MarkWidget
from inspector.gui.evidence.panel import plain_label
from inspector.gui.evidence.provenance_lane import provenance_lane, state_note, state_words
from inspector.gui.evidence.words import shown


class StateHead(QWidget):
    """Whose credential, its state in one line, what does not follow from it, and the address."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._mark = MarkWidget(self, 1.4)
        self._name = plain_label(self)
        self._headline = plain_label(self, bold=True)
        self._note = plain_label(self)
        self._note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._more = plain_label(self)
        self._told = plain_label(self)
        self.fetch = QPushButton(self)
        self.fetch.setToolTip(
            self.tr("Connects to this host alone, for this file alone, and logs that it did.")
        )
        self.offer_fetch("")
        words = QVBoxLayout()
        words.addWidget(self._name)
        words.addWidget(self._headline)
        words.addWidget(self._note)
        words.addWidget(self._more)
        words.addWidget(self._told)
        words.addWidget(self.fetch, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_name(self, name: str) -> None:
        """Name the file by what it is called on disk; a credential may call it otherwise."""
        self._name.setText(name)
        self._name.setVisible(bool(name))

    def show_state(self, provenance: Provenance) -> None:
        """Show a state; addresses and the reader's words come as plain text."""
        headline, mark = state_words(provenance)
        lane = provenance_lane(provenance)
        more = ""
        if provenance.state not in _WITH_TREE:
            more = "\n".join(f"{fact.name}: {fact.value}" for fact in lane.facts)
        self.show_words(headline, mark, state_note(provenance), more)

    def offer_fetch(self, host: str) -> None:
        """Offer to fetch the credential from a host, which the button names; from none, hide it."""
        words = self.tr("Fetch the credential from {host}").format(host=shown(host))
        if host.startswith("http://"):
            words = self.tr("Fetch the credential, unencrypted, from {host}").format(
                host=shown(host.removeprefix("http://"))
            )
        self.fetch.setText(words.replace("&", "&&"))
        self.fetch.setEnabled(True)
        self.fetch.setVisible(bool(host))

    def show_fetching(self) -> None:
        self.fetch.setEnabled(False)
        self.fetch.setText(self.tr("Fetching…"))

    def tell(self, words: str) -> None:
        """Say what is going on, or what came of it, below what is shown."""
        self._told.setText(words)
        self._told.setVisible(bool(words))
        self._describe()

    def show_words(self, headline: str, mark: Mark, note: str, more: str) -> None:
        self._mark.set_mark(mark)
        for label, words in ((self._headline, headline), (self._note, note), (self._more, more)):
            label.setText(words)
            label.setVisible(bool(words))
        self.tell("")

    def _describe(self) -> None:
        labels = (self._name, self._headline, self._note, self._more, self._told)
        words = " ".join(label.text() for label in labels if label.text())
        self.setAccessibleDescription(words)
        self.fetch.setAccessibleDescription(words)


_WITH_TREE = (ProvenanceState.VALID, ProvenanceState.TRUSTED, ProvenanceState.INVALID)
