"""The panel shows all three lanes as plain text, also to screen readers and the clipboard."""

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QToolButton

from inspector.domain.policy import Thresholds
from inspector.domain.provenance import Provenance, ProvenanceState
from inspector.domain.traces import Says, Trace
from inspector.gui.evidence.facts import Mark
from inspector.gui.evidence.facts_view import FactsView
from inspector.gui.evidence.marks import mark_image
from inspector.gui.evidence.panel import EvidencePanel
from tests.fakes import an_item

LIMITS = Thresholds(0.5, 0.9)


@pytest.fixture
def panel(host):
    panel = EvidencePanel(host)
    panel.resize(300, 600)
    host.show()
    return panel


def texts(panel) -> str:
    shown = [label.text() for label in panel.findChildren(QLabel)]
    shown += [view.toPlainText() for view in panel.findChildren(FactsView)]
    return "\n".join(shown)


def test_that_every_lane_and_the_rules_sentence_are_shown(panel):
    item = an_item(3)
    panel.show_item(item, LIMITS)
    for words in ("Provenance", "Traces", "Detector", item.verdict.reason, "by rule NO_EVIDENCE"):
        assert words in texts(panel)


def test_that_markup_in_a_file_stays_text(panel):
    hostile = "<h1>Real</h1><img src='http://127.0.0.1/x'>"
    credential = Provenance(ProvenanceState.VALID, signer=hostile, hash_ok=True, signature_ok=True)
    item = an_item(3, provenance=credential, traces=(Trace("x", "key", hostile, Says.INFO),))
    panel.show_item(item, LIMITS)
    assert texts(panel).count(hostile) >= 2


def test_that_screen_readers_and_the_clipboard_get_everything(panel):
    panel.show_item(an_item(3), LIMITS)
    assert "No credential proves nothing" in panel.accessibleDescription()
    next(b for b in panel.findChildren(QToolButton) if "Copy" in b.text()).click()
    assert QGuiApplication.clipboard().text() == panel.summary


def test_that_no_file_says_what_to_do(panel):
    panel.show_item(an_item(3), LIMITS)
    panel.show_item(None, None)
    assert panel.summary == ""
    assert "Choose a file" in panel.accessibleDescription()


def test_that_facts_grow_with_their_text(qtbot, panel):
    trace = Trace("a1111", "PNG tEXt parameters", "word " * 60, Says.AI)
    panel.show_item(an_item(3, traces=(trace,)), LIMITS)
    view = next(v for v in panel.findChildren(FactsView) if "word" in v.toPlainText())
    qtbot.waitUntil(lambda: view.height() > view.fontMetrics().height() * 3)


@pytest.mark.parametrize("mark", Mark)
def test_that_every_mark_draws_something(qapp, mark):
    image = mark_image(mark, QColor("black"), 16, 2.0)
    assert image.width() == 32
    blank = QImage(image)
    blank.fill(QColor(0, 0, 0, 0))
    assert image != blank
