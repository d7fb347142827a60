"""What strangers wrote is shown as it is: nowhere does Qt take it for mark-up."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget

from inspector.domain.provenance import Provenance, ProvenanceState
from inspector.gui.views.stage import Page
from inspector.gui.wording import plain_tip
from tests.builders import a_file, an_item
from tests.gui.conftest import drop
from tests.gui.desk_services import FakeDesk

FOLDER = "/media/set"
MARKUP = "<b>bold</b><img src='/etc/hostname'>"


@pytest.fixture
def window(qtbot, open_window):
    """A desk over files whose names, signers and generators are mark-up."""
    marked = Provenance(
        state=ProvenanceState.VALID,
        signer=MARKUP,
        claim_generator=MARKUP,
        active_label=MARKUP,
        manifests=1,
        depth=1,
    )
    items = [
        an_item(n, file=a_file(n, path=f"{FOLDER}/{MARKUP.replace('/', '')}{n}.jpg"))
        for n in range(3)
    ]
    items = [replace(item, provenance=marked) for item in items]
    window = open_window(FakeDesk(folders={FOLDER: items}))
    drop(window, FOLDER)
    library = window.controller.library
    qtbot.waitUntil(lambda: library.rows.judged == 3)
    library.selection.choose_only(0)
    qtbot.waitUntil(lambda: window.controller.focus.item is not None)
    return window


def tips(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[str]:
    parent = parent or QModelIndex()
    for row in range(model.rowCount(parent)):
        for column in range(model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
        yield from tips(model, model.index(row, 0, parent))


def acts(text: str) -> bool:
    """Whether Qt would read a stranger's mark-up in a text."""
    return MARKUP[:3] in text and GuiQt.mightBeRichText(text)


def test_that_no_tooltip_takes_a_strangers_text_for_mark_up(window):
    seen = [
        tip
        for view in window.findChildren(QAbstractItemView)
        if view.model() is not None
        for tip in tips(view.model())
    ]
    seen += [widget.toolTip() for widget in window.findChildren(QWidget)]
    assert any("&lt;b&gt;bold" in tip for tip in seen)
    assert not [tip for tip in seen if acts(tip)]


def test_that_no_label_takes_a_strangers_text_for_mark_up(window):
    for page in (Page.GALLERY, Page.LOUPE, Page.PROVENANCE):
        window.stage.show_page(page)
        for label in window.findChildren(QLabel):
            plain = label.textFormat() is Qt.TextFormat.PlainText
            assert plain or MARKUP[:3] not in label.text(), label.text()


def test_that_a_tooltip_shows_every_character_and_breaks_lines_as_given():
    assert plain_tip("a & b\nc") == "a & b\nc"
    assert plain_tip("<b>x</b> & y\nz") == "<p>&lt;b&gt;x&lt;/b&gt; &amp; y<br>z</p>"
