"""The manifest tree on screen: readable when deep and wide, searched and moved in by keys."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from inspector.domain.provenance import Action, ManifestNode, Relationship, ValidationCode
from inspector.gui.provenance.marks_delegate import MarksDelegate
from inspector.gui.provenance.tree_model import Column
from inspector.gui.provenance.tree_panel import TreePanel
from tests.unit.gui.provenance.trees import a_tree

DEEP = a_tree(12, 5)  # 12 deep, 66 ingredients
LONG = "A long title that a stranger gave to a photograph of the harbour at dawn.jpg"


@pytest.fixture
def panel(host):
    panel = TreePanel(host)
    panel.resize(712, 330)  # as in a window of 1280 by 800
    host.show()
    return panel


def deepest(panel):
    index = panel.tree.model().index(0, 0)
    while panel.tree.model().rowCount(index):
        index = panel.tree.model().index(0, 0, index)
    return index


def readable_characters(panel, index) -> float:
    """Return how many characters of a row's name are seen."""
    words = panel.tree.visualRect(index).width() - panel.tree.iconSize().width()
    return words / panel.tree.fontMetrics().averageCharWidth()


def shown_columns(panel) -> set[Column]:
    return {column for column in Column if not panel.tree.isColumnHidden(column)}


def test_that_sixty_ingredients_twelve_deep_are_read_without_scrolling_sideways(panel):
    panel.show_root(replace(DEEP, title=LONG, signed_at="2026-01-02T03:04:05Z"))
    panel.expand_all()
    assert panel.tree.horizontalScrollBar().maximum() == 0
    assert shown_columns(panel) == set(Column)
    assert readable_characters(panel, deepest(panel)) >= 12
    for column in Column:
        right = panel.tree.columnViewportPosition(column) + panel.tree.columnWidth(column)
        assert right <= panel.tree.viewport().width()


def test_that_a_column_without_words_takes_no_room(panel):
    panel.show_root(DEEP)
    assert shown_columns(panel) == set(Column) - {Column.SIGNED_AT}


def test_that_a_narrow_tree_keeps_the_names_and_leaves_columns_out(panel):
    panel.show_root(DEEP)
    panel.resize(260, 330)
    assert Column.NAME in shown_columns(panel)
    assert Column.SIGNER not in shown_columns(panel)
    panel.resize(712, 330)
    assert Column.SIGNER in shown_columns(panel)


def test_that_a_larger_tree_still_fits(qtbot, panel):
    panel.show_root(DEEP)
    for _ in range(4):
        panel.tree.zoom_in()
        qtbot.waitUntil(lambda: panel.tree.horizontalScrollBar().maximum() == 0)


def test_that_a_thousand_ingredients_open_without_a_widget_each(panel, host):
    panel.show_root(a_tree(2, 3))
    few = len(host.findChildren(QWidget))
    panel.show_root(a_tree(3, 1000))
    panel.expand_all()
    assert panel.tree.model().rowCount(panel.tree.model().index(0, 0)) == 1001
    assert len(host.findChildren(QWidget)) == few


class CountingDelegate(MarksDelegate):
    """Counts the cells that are measured."""

    measured = 0

    def sizeHint(self, option, index):
        self.measured += 1
        return super().sizeHint(option, index)


def test_that_of_a_thousand_ingredients_only_the_first_are_measured(panel):
    delegate = CountingDelegate(panel.tree)
    panel.tree.setItemDelegate(delegate)
    panel.show_root(a_tree(2, 50))
    few = delegate.measured
    delegate.measured = 0
    panel.show_root(a_tree(2, 1000))
    assert 0 < delegate.measured <= 4 * few


SEARCHED = replace(
    DEEP,
    ingredients=(
        *DEEP.ingredients,
        ManifestNode(
            "urn:x",
            "sky.jpg",
            None,
            Relationship.COMPONENT,
            actions=(Action("c2pa.cropped", "Cropped", "Skymaker 9"),),
            codes=(ValidationCode("assertion.dataHash.mismatch", "Changed.", True),),
        ),
    ),
)


@pytest.mark.parametrize(
    "wanted", ["skymaker", "dataHash.mismatch", "c2pa.cropped", "sky.jpg", "does not match"]
)
def test_that_titles_software_actions_and_codes_are_searched(qtbot, panel, wanted):
    panel.show_root(SEARCHED)
    qtbot.keyClicks(panel.filter, wanted)
    assert panel.found == "1 found"
    assert panel.tree.currentIndex().data() == "sky.jpg"


def test_that_what_is_found_stays_with_its_way_and_the_keys_go_to_it(qtbot, panel, host):
    panel.show_root(DEEP)
    host.activateWindow()
    panel.start_search()
    qtbot.keyClicks(panel.filter, "leaf 3.")
    assert panel.found == "5 found"
    assert panel.tree.currentIndex().data() == "leaf 3.0.png"
    assert panel.tree.model().rowCount(panel.tree.model().index(0, 0)) == 1
    qtbot.keyClick(panel.filter, Qt.Key.Key_Return)
    assert panel.tree.hasFocus()
    qtbot.keyClick(panel.tree, Qt.Key.Key_Down)
    assert panel.tree.currentIndex().data() == "leaf 3.1.png"
    panel.filter.clear()
    assert panel.found == ""
    assert panel.tree.currentIndex().data() == "leaf 3.1.png"


def test_that_a_search_that_finds_nothing_says_so(qtbot, panel):
    panel.show_root(DEEP)
    qtbot.keyClicks(panel.filter, "nowhere")
    assert panel.found == "Nothing found"
    assert panel.tree.model().rowCount() == 0


def test_that_keys_open_close_and_walk_the_rows(qtbot, panel):
    panel.show_root(DEEP)
    tree = panel.tree
    root = tree.model().index(0, 0)
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert not tree.isExpanded(root)
    qtbot.keyClick(tree, Qt.Key.Key_Asterisk)
    assert tree.isExpanded(deepest(panel).parent())
    with qtbot.waitSignal(panel.chosen) as chosen:
        qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert [chosen.args[0].title, chosen.args[1]] == ["step 10.jpg", False]
    qtbot.keyClick(tree, Qt.Key.Key_End)
    assert tree.currentIndex().data() == "leaf 11.4.png"
    qtbot.keyClick(tree, Qt.Key.Key_Home)
    assert tree.currentIndex() == root


def test_that_collapsing_comes_back_to_the_root(panel):
    panel.show_root(DEEP)
    panel.expand_all()
    panel.tree.setCurrentIndex(deepest(panel))
    panel.collapse_all()
    assert panel.tree.currentIndex() == panel.tree.model().index(0, 0)
