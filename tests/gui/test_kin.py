"""Files that share an ingredient, reached from the evidence of one of them."""

from PySide6.QtWidgets import QToolButton

from inspector.domain.provenance import Provenance, ProvenanceState
from tests.builders import an_item
from tests.gui.conftest import drop
from tests.gui.desk_services import FakeDesk

FOLDER = "/media/set"
SHARED = "xmp:iid:0123456789abcdef"


def signed(number: int, *ids: str) -> object:
    own = f"urn:c2pa:{number}"
    return an_item(number, provenance=Provenance(ProvenanceState.VALID, ingredient_ids=(own, *ids)))


def kin_button(window) -> QToolButton:
    return next(b for b in window.evidence.findChildren(QToolButton) if "origin" in b.text())


def test_that_the_count_leads_to_the_files_with_the_same_origin(qtbot, open_window):
    items = [signed(1, SHARED), signed(2, SHARED), signed(3), an_item(4), signed(5, SHARED)]
    window = open_window(FakeDesk(folders={FOLDER: items}))
    drop(window, FOLDER)
    library = window.controller.library
    qtbot.waitUntil(lambda: library.rows.judged == len(items))
    library.selection.choose_only(1)
    qtbot.waitUntil(lambda: kin_button(window).isVisible())
    assert kin_button(window).text().startswith("2 more share")
    kin_button(window).click()
    assert list(library.model.order) == [0, 1, 4]
    assert SHARED in window.library_page.search.field.text()


def test_that_a_file_alone_offers_nothing(qtbot, open_window):
    items = [signed(1, SHARED), an_item(2)]
    window = open_window(FakeDesk(folders={FOLDER: items}))
    drop(window, FOLDER)
    library = window.controller.library
    qtbot.waitUntil(lambda: library.rows.judged == len(items))
    for row in (0, 1):
        with qtbot.waitSignal(window.controller.focus.item_changed):
            library.selection.choose_only(row)
        assert not kin_button(window).isVisible()
