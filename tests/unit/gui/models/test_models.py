"""The models keep Qt's promises, whatever happens to the rows."""

import numpy as np
import pytest

from inspector.domain.provenance import Provenance, ProvenanceState
from inspector.gui.app import make_application
from inspector.gui.look import Look
from inspector.gui.models.arrangement import Facet, facet_counts
from inspector.gui.models.facets import FacetModel
from inspector.gui.models.library import Library
from inspector.settings import Theme, data_folder
from tests.builders import a_file, an_item


@pytest.fixture(scope="session")
def qapp():
    return make_application()


@pytest.fixture
def library(qapp) -> Library:
    return Library()


@pytest.fixture
def look(qapp) -> Look:
    return Look(data_folder("resources"), Theme.LIGHT)


def test_that_the_gallery_model_is_a_model_at_every_size(library, qtmodeltester):
    for columns in (1, 3, 7):
        library.model.set_columns(columns)
        library.take_found([a_file(number) for number in range(columns * 5)])
        library.take_judged([an_item(number) for number in range(columns * 4)])
        qtmodeltester.check(library.model)


def test_that_rows_added_in_parts_are_shown_as_if_at_once(library):
    library.model.set_columns(4)
    for start in range(0, 30, 3):
        library.take_found([a_file(number) for number in range(start, start + 3)])
        assert library.model.rowCount() == -(-(start + 3) // 4)
    assert np.array_equal(library.model.order, np.arange(30))
    assert library.model.row_at(library.model.index(7, 1)) == 29
    assert library.model.row_at(library.model.index(7, 2)) is None


def test_that_an_empty_cell_can_neither_be_chosen_nor_read(library):
    library.model.set_columns(4)
    library.take_found([a_file(1)])
    empty = library.model.index(0, 3)
    assert not library.model.flags(empty)
    assert empty.data() is None


def test_that_the_facet_model_is_a_model_while_signers_come(library, look, qtmodeltester):
    model = FacetModel(look)
    qtmodeltester.check(model)
    signed = Provenance(ProvenanceState.VALID, signer="Adobe Inc.")
    library.take_judged([an_item(1, provenance=signed), an_item(2)])
    model.set_counts(facet_counts(library.rows, library.filter), library.rows)
    qtmodeltester.check(model)
    signers = model.index(list(Facet).index(Facet.SIGNER), 0)
    assert model.index(0, 0, signers).data() == "Adobe Inc."
    assert model.count(model.index(0, 0, signers)) == 1


def test_that_a_tick_is_told_and_taken_back(look, qtbot):
    model = FacetModel(look)
    first = model.index(0, 0, model.index(0, 0))
    with qtbot.waitSignal(model.ticked) as told:
        model.toggle(first)
    assert told.args == [Facet.FINDING, frozenset({0})]
    assert model.is_ticked(first)
    model.toggle(first)
    assert not model.is_ticked(first)


def test_that_a_selection_of_many_survives_a_growing_library(library):
    library.take_found([a_file(number) for number in range(3000)])
    library.selection.choose(library.model.order, 0)
    library.take_found([a_file(number) for number in range(3000, 9000)])
    assert len(library.selection.among(library.model.order)) == 3000
