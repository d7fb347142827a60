"""The table: a column for everything that is asked of a folder, a line a file, sorted by any."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from inspector.domain.provenance import (
    AiDeclared,
    Permission,
    Provenance,
    ProvenanceState,
    TrainingUse,
)
from inspector.gui.app import make_application
from inspector.gui.look import Look
from inspector.gui.models.arrangement import Filter, Sort, SortKey, arrange
from inspector.gui.models.library import Library
from inspector.gui.models.table import SORTED_BY, TableColumn, TableModel, column_words
from inspector.settings import Theme, data_folder
from tests.builders import a_file, an_item

PLAIN = Provenance(
    ProvenanceState.VALID, hash_ok=True, signature_ok=True, signer="beta", claim_generator="Editor"
)
FILES = (
    replace(PLAIN, signer="Alpha", ai_declared=AiDeclared.PART, claim_generator="Zoom"),
    Provenance(),
    replace(PLAIN, state=ProvenanceState.INVALID, hash_ok=False, signer="gamma\u202e"),
    replace(PLAIN, digital_source_types=("digitalCapture",), capture_trusted=True),
    replace(PLAIN, ai_declared=AiDeclared.WHOLE),
    replace(PLAIN, training=((TrainingUse.AI_TRAINING, Permission.NOT_ALLOWED),)),
)


@pytest.fixture(scope="session")
def qapp():
    return make_application()


@pytest.fixture
def library(qapp):
    library = Library()
    items = [an_item(90 + n, provenance=provenance) for n, provenance in enumerate(FILES)]
    for item in items:
        library.rows.judge(item, 0.5)
    library.rearrange()
    return library


@pytest.fixture
def model(library):
    model = TableModel(library, Look(data_folder("resources"), Theme.LIGHT))
    model.wake(True)
    return model


def column(model, wanted: TableColumn) -> list[str]:
    return [model.index(line, wanted).data() for line in range(model.rowCount())]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (TableColumn.SIGNER, ["Alpha", "", "gamma\\u202e", "beta", "beta", "beta"]),
        (TableColumn.GENERATOR, ["Zoom", "", "Editor", "Editor", "Editor", "Editor"]),
        (TableColumn.SAYS, ["AI-edited", "", "", "Camera-captured", "AI-generated", ""]),
        (TableColumn.TRAINING, ["", "", "", "", "", "limited"]),
        (TableColumn.BROKEN, ["", "", "Tampered", "", "", ""]),
        (TableColumn.DISAGREES, ["", "", "", "Camera, likelihood high", "", ""]),
        (TableColumn.LIKELIHOOD, ["0.90", "0.91", "0.92", "0.93", "0.94", "0.95"]),
    ],
)
def test_that_each_column_says_what_its_heading_names(model, wanted, words):
    assert column(model, wanted) == words


def test_that_every_cell_is_read_out_with_its_heading(model):
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(2, TableColumn.BROKEN).data(role) == "Broken: Tampered"
    assert model.index(1, TableColumn.SIGNER).data(role) == "Signed by: nothing"
    name = model.index(3, TableColumn.NAME).data(role)
    assert name.startswith("000093.jpg, ")
    assert "likelihood 0.93" in name


@pytest.mark.parametrize(
    ("key", "ascending", "descending"),
    [
        (SortKey.SIGNER, [0, 3, 4, 5, 2, 1], [2, 3, 4, 5, 0, 1]),
        (SortKey.GENERATOR, [2, 3, 4, 5, 0, 1], [0, 2, 3, 4, 5, 1]),
        (SortKey.SAYS, [4, 0, 3, 1, 2, 5], [3, 0, 4, 1, 2, 5]),
        (SortKey.TRAINING, [5, 0, 1, 2, 3, 4], [5, 0, 1, 2, 3, 4]),
        (SortKey.BROKEN, [2, 0, 1, 3, 4, 5], [2, 0, 1, 3, 4, 5]),
        (SortKey.CREDENTIAL, [0, 3, 4, 5, 2, 1], [2, 0, 3, 4, 5, 1]),
    ],
)
def test_that_files_without_a_value_come_last_both_ways(library, key, ascending, descending):
    assert arrange(library.rows, Filter(), Sort(key)).tolist() == ascending
    assert arrange(library.rows, Filter(), Sort(key, descending=True)).tolist() == descending


def test_that_every_column_has_a_heading_and_an_order():
    assert set(SORTED_BY) == set(TableColumn)
    assert len({column_words(column) for column in TableColumn}) == len(TableColumn)
    assert len(set(SORTED_BY.values())) == len(TableColumn)


def test_that_the_table_is_a_model_whatever_happens(qtmodeltester, library, model):
    qtmodeltester.check(model)
    library.take_found([a_file(n) for n in range(200, 230)])
    library.take_judged([an_item(n) for n in range(200, 220)])
    assert model.rowCount() == 36
    qtmodeltester.check(model)
    library.set_sort(Sort(SortKey.SIGNER))
    assert model.index(0, TableColumn.SIGNER).data() == "Alpha"
    library.clear()
    assert model.rowCount() == 0
    qtmodeltester.check(model)


def test_that_files_that_join_are_shown_also_where_a_line_of_the_gallery_has_room(library, model):
    library.model.set_columns(4)
    library.take_found([a_file(300)])
    assert model.rowCount() == 7
    assert model.index(6, TableColumn.FINDING).data() == "Waiting"


def test_that_asleep_it_has_no_lines(library, model):
    model.wake(False)
    library.take_found([a_file(300)])
    assert model.rowCount() == 0
    model.wake(True)
    assert model.rowCount() == 7
