"""What a whole folder says of itself: facets, columns, disagreements, common origins."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt

from inspector.domain.provenance import (
    AiDeclared,
    Permission,
    Provenance,
    ProvenanceState,
    TrainingUse,
)
from inspector.gui.actions.catalogue import ActionId
from inspector.gui.models.arrangement import Sort, SortKey
from inspector.gui.models.table import TableColumn
from inspector.gui.views.stage import Page
from tests.builders import an_item
from tests.gui.conftest import drop
from tests.gui.desk_services import FakeDesk

FOLDER = "/media/set"
SIGNED = Provenance(
    ProvenanceState.VALID, hash_ok=True, signature_ok=True, signer="Maker", claim_generator="Editor"
)
SHARED = "xmp:iid:0123456789abcdef"
FILES = (
    replace(SIGNED, ai_declared=AiDeclared.WHOLE, signer="Studio", claim_generator="Painter"),
    replace(SIGNED, ai_declared=AiDeclared.PART, ingredient_ids=("a", SHARED)),
    replace(SIGNED, digital_source_types=("digitalCapture",), capture_trusted=True),
    replace(SIGNED, training=((TrainingUse.DATA_MINING, Permission.NOT_ALLOWED),)),
    replace(SIGNED, hash_ok=False, ingredient_ids=("b", SHARED)),
    Provenance(),
)
LIKELIHOODS = (10, 20, 95, 30, 40, 50)


@pytest.fixture
def window(qtbot, open_window):
    items = [
        an_item(number, provenance=provenance)
        for number, provenance in zip(LIKELIHOODS, FILES, strict=True)
    ]
    window = open_window(FakeDesk(folders={FOLDER: items}))
    drop(window, FOLDER)
    library = window.controller.library
    qtbot.waitUntil(lambda: library.rows.judged == len(items))
    qtbot.waitUntil(lambda: count_of(window, "Made with", "Painter") == 1)
    return window


def line(window, facet: str, value: str):
    """Return the index of a value in the left panel."""
    model = window.facets
    for place in range(model.rowCount()):
        above = model.index(place, 0)
        if above.data() == facet:
            for row in range(model.rowCount(above)):
                if model.index(row, 0, above).data() == value:
                    return model.index(row, 0, above)
    raise AssertionError(f"no {value} below {facet}")


def count_of(window, facet: str, value: str) -> int:
    try:
        return window.facets.count(line(window, facet, value))
    except AssertionError:
        return -1


def click_count(qtbot, window, facet: str, value: str) -> None:
    """Click the number beside a value."""
    tree = window.facet_panel.tree
    number = line(window, facet, value).siblingAtColumn(1)
    tree.scrollTo(number)
    place = tree.visualRect(number).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)


def shown(window) -> list[int]:
    return sorted(window.controller.library.model.order.tolist())


@pytest.mark.parametrize(
    ("facet", "value", "files"),
    [
        ("Signed by", "Studio", [0]),
        ("Made with", "Editor", [1, 2, 3, 4]),
        ("Says or shows", "AI-generated", [0]),
        ("Says or shows", "AI-edited", [1]),
        ("Says or shows", "Camera-captured", [2]),
        ("Says or shows", "Training limited", [3]),
        ("Says or shows", "Tampered", [4]),
        ("Detector disagrees", "Camera, likelihood high", [2]),
        ("Detector disagrees", "AI, likelihood low", [0]),
        ("Shares an ingredient", "with 000020.jpg", [1, 4]),
    ],
)
def test_that_a_count_leads_to_as_many_files(qtbot, window, facet, value, files):
    assert count_of(window, facet, value) == len(files)
    click_count(qtbot, window, facet, value)
    qtbot.waitUntil(lambda: shown(window) == files)
    click_count(qtbot, window, facet, value)
    qtbot.waitUntil(lambda: len(shown(window)) == len(FILES))


def test_that_the_disagreements_are_a_list_with_the_widest_first(window):
    window.library_page.search.sort_by(Sort(SortKey.DISAGREEMENT, descending=True))
    order = window.controller.library.model.order.tolist()
    assert order[:2] == [2, 0]


def test_that_a_key_shows_columns_and_a_heading_sorts_by_them(qtbot, window):
    page = window.library_page
    page.gallery.setFocus()
    qtbot.keyClick(page.gallery, Qt.Key.Key_L)
    assert page.table.isVisible()
    assert page.table.hasFocus()
    headings = page.table.horizontalHeader()
    place = QPoint(headings.sectionViewportPosition(TableColumn.SIGNER) + 5, 5)
    library = window.controller.library
    for descending in (False, True):
        qtbot.mouseClick(headings.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert library.sort == Sort(SortKey.SIGNER, descending)
        assert headings.sortIndicatorSection() == TableColumn.SIGNER
    qtbot.keyClick(page.table, Qt.Key.Key_L)
    assert page.gallery.isVisible()
    assert page.gallery.hasFocus()


def test_that_keys_walk_the_table_choose_decide_and_open(qtbot, window):
    page, library = window.library_page, window.controller.library
    window.actions_of_desk[ActionId.TABLE].trigger()
    library.selection.choose_only(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert library.selection.current == 1
    qtbot.keyClick(page.table, Qt.Key.Key_Right)
    qtbot.keyClick(page.table, Qt.Key.Key_Right)
    assert page.table.currentIndex().column() == 2
    qtbot.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert page.table.currentIndex().row() == 2
    assert page.table.currentIndex().column() == 2
    assert library.selection.among(library.model.order).tolist() == [1, 2]
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.stage.page is Page.LOUPE)
    qtbot.keyClick(window.stage.currentWidget(), Qt.Key.Key_G)
    assert page.table.isVisible()
    assert page.table.hasFocus()


def test_that_a_click_chooses_and_two_open(qtbot, window):
    page, library = window.library_page, window.controller.library
    window.actions_of_desk[ActionId.TABLE].trigger()
    place = page.table.visualRect(page.table.model().index(3, TableColumn.SIGNER)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert library.selection.current == 3
    qtbot.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: window.stage.page is Page.LOUPE)


def test_that_filters_hold_for_the_table_too(qtbot, window):
    window.actions_of_desk[ActionId.TABLE].trigger()
    click_count(qtbot, window, "Says or shows", "Tampered")
    qtbot.waitUntil(lambda: window.library_page.table.model().rowCount() == 1)
    index = window.library_page.table.model().index(0, TableColumn.BROKEN)
    assert index.data() == "Tampered"


def test_that_no_cell_of_the_table_is_without_a_name_for_a_screen_reader(window):
    window.actions_of_desk[ActionId.TABLE].trigger()
    table = window.library_page.table
    assert table.accessibleName()
    model = table.model()
    for row in range(model.rowCount()):
        for column in TableColumn:
            assert model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole)
