"""The evidence panel: the ruling on top, then three lanes that are never blended."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.item import Item
from inspector.domain.policy import Thresholds
from inspector.domain.score import Score
from inspector.gui.evidence.facts import Lane, Ruling
from inspector.gui.evidence.facts_view import FactsView
from inspector.gui.evidence.lanes import detector_lane, ruling, traces_lane
from inspector.gui.evidence.marks import MarkWidget
from inspector.gui.evidence.provenance_lane import provenance_lane
from inspector.gui.evidence.scale import LikelihoodScale
from inspector.gui.wording import grouped


class EvidencePanel(QWidget):
    """Shows what is known of one item; everything comes with the item, nothing is read."""

    kin_wanted = Signal(str)  # id of the ingredient whose files are to be shown

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._summary = ""
        self._ruling = RulingWidget(self)
        self._provenance = LaneWidget(self)
        self._traces = LaneWidget(self)
        self._detector = DetectorLaneWidget(self)
        self._copy = QToolButton(self)
        self._copy.setText(self.tr("Copy all as text"))
        self._copy.clicked.connect(self._copy_all)
        self._kin = QToolButton(self)
        self._kin.clicked.connect(self._ask_for_kin)
        self._kin_id = ""
        self._nothing = QLabel(self.tr("Choose a file to see its evidence."), self)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._lay_out()
        self.setAccessibleName(self.tr("Evidence"))
        self.show_item(None, None)
        self.show_kin(None)

    def minimumSizeHint(self) -> QSize:
        """Be wide enough for every word to wrap: what does not fit cannot be scrolled to."""
        content = self._content.minimumSizeHint().width()
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        least = super().minimumSizeHint()
        return QSize(max(least.width(), content + bar), least.height())

    @property
    def summary(self) -> str:
        """Return everything shown as plain text."""
        return self._summary

    def show_item(self, item: Item | None, thresholds: Thresholds | None) -> None:
        """Show an item's evidence, or none.

        Args:
            item: with or without its heatmaps; they are not used here.
            thresholds: the detector's limits in force for this kind of media.
        """
        self._nothing.setVisible(item is None)
        self._scroll.setVisible(item is not None)
        if item is None:
            self._summary = ""
            self.setAccessibleDescription(self._nothing.text())
            return
        ruled = ruling(item)
        model = item.model.id if item.model else None
        lanes = (
            provenance_lane(item.provenance),
            traces_lane(item.traces),
            detector_lane(item.score, thresholds, model),
        )
        self._ruling.show_ruling(ruled)
        self._provenance.show_lane(lanes[0])
        self._traces.show_lane(lanes[1])
        self._detector.show_lane(lanes[2])
        self._detector.show_score(item.score, thresholds)
        self._summary = "\n\n".join([ruled.summary, *(lane.summary for lane in lanes)])
        self.setAccessibleDescription(self._summary)

    def show_kin(self, kin: tuple[str, int] | None) -> None:
        """Offer the files that share an ingredient: its id, and how many others there are."""
        self._kin_id, others = kin if kin is not None else ("", 0)
        self._kin.setText(
            self.tr("{0} more share its origin").format(grouped(others))
            if others != 1
            else self.tr("One more shares its origin")
        )
        self._kin.setToolTip(self.tr("Show the files that rest on the same ingredient"))
        self._kin.setVisible(kin is not None)

    @Slot()
    def _ask_for_kin(self) -> None:
        self.kin_wanted.emit(self._kin_id)

    @Slot()
    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self._summary)

    def _lay_out(self) -> None:
        content = self._content = QWidget(self)
        column = QVBoxLayout(content)
        for widget in (self._ruling, self._provenance, self._traces, self._detector):
            column.addWidget(widget)
            if widget is self._provenance:
                column.addWidget(self._kin, 0, Qt.AlignmentFlag.AlignLeft)
            column.addWidget(_rule_line(content))
        column.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._nothing)
        whole.addWidget(self._scroll)


class RulingWidget(QWidget):
    """The finding, the decision with who took it, and the rule's sentence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._mark = MarkWidget(self, 1.3)
        self._finding = plain_label(self, bold=True)
        self._decision = plain_label(self, bold=True)
        self._by = plain_label(self)
        self._by.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._reason = plain_label(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self._mark, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._finding, 0, 1)
        grid.addWidget(self._reason, 1, 0, 1, 2)
        grid.addWidget(self._decision, 2, 0, 1, 2)
        grid.addWidget(self._by, 3, 0, 1, 2)
        grid.setColumnStretch(1, 1)

    def show_ruling(self, ruled: Ruling) -> None:
        self._mark.set_mark(ruled.mark)
        self._finding.setText(ruled.finding)
        self._decision.setText(self.tr("Decision: {decision}").format(decision=ruled.decision))
        self._by.setText(ruled.decided_by)
        self._by.setVisible(bool(ruled.decided_by))
        self._reason.setText(ruled.reason)


class LaneWidget(QWidget):
    """One lane: its title, what it says, what follows not, and the facts behind it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = plain_label(self)
        self._title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._mark = MarkWidget(self)
        self._headline = plain_label(self, bold=True)
        self._note = plain_label(self)
        self._note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._facts = FactsView(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        head = QHBoxLayout()
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._headline, 1)
        self._column.addWidget(self._title)
        self._column.addLayout(head)
        self._column.addWidget(self._note)
        self._column.addWidget(self._facts)

    def show_lane(self, lane: Lane) -> None:
        self._title.setText(lane.title)
        self._mark.set_mark(lane.mark)
        self._headline.setText(lane.headline)
        self._note.setText(lane.note)
        self._note.setVisible(bool(lane.note))
        self._facts.show_facts(lane.facts)
        self._facts.setAccessibleName(lane.title)
        self._facts.setAccessibleDescription(lane.summary)
        self.setAccessibleName(lane.title)
        self.setAccessibleDescription(lane.summary)


class DetectorLaneWidget(LaneWidget):
    """The detector's lane, with the likelihood on a scale."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._scale = LikelihoodScale(self)
        self._column.insertWidget(3, self._scale)

    def show_score(self, score: Score | None, limits: Thresholds | None) -> None:
        self._scale.setVisible(score is not None)
        if score is not None:
            self._scale.set_likelihood(score.likelihood, not score.abstained, limits)


def plain_label(parent: QWidget, *, bold: bool = False) -> QLabel:
    """Return a wrapping, selectable label that never reads its text as markup."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    if bold:
        font = label.font()
        font.setWeight(QFont.Weight.DemiBold)
        label.setFont(font)
    return label


def _rule_line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setForegroundRole(QPalette.ColorRole.Mid)
    return line
