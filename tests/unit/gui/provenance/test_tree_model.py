"""The tree as a Qt model: sound, lazy, and usable when deep and wide."""

import pytest
from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt

from inspector.gui.provenance.tree_model import Column, ManifestModel, node_at
from tests.unit.gui.provenance.trees import a_tree


@pytest.fixture
def model(host):
    return ManifestModel(host)


@pytest.mark.parametrize("root", [None, a_tree(1, 0), a_tree(12, 5)])
def test_that_the_model_keeps_qts_promises(qtmodeltester, model, root):
    model.set_root(root)
    qtmodeltester.check(model)


def test_that_the_whole_depth_can_be_walked(model):
    model.set_root(a_tree(12, 5))
    index, depth = model.index(0, 0), 1
    while model.rowCount(index):
        index, depth = model.index(0, 0, index), depth + 1
    assert depth == 12
    assert index.data() == "original.jpg"
    assert node_at(index).label == "urn:0"


def test_that_rows_read_out_whole(model):
    model.set_root(a_tree(2, 1))
    leaf = model.index(1, Column.NAME, model.index(0, 0))
    spoken = leaf.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "leaf 1.0.png, part, no credential"
    assert model.index(0, Column.RELATIONSHIP).data() == "this file"


def test_that_a_filter_keeps_the_way_down_to_what_it_finds(host, model):
    model.set_root(a_tree(12, 5))
    proxy = QSortFilterProxyModel(host)
    proxy.setSourceModel(model)
    proxy.setRecursiveFilteringEnabled(True)
    proxy.setFilterFixedString("leaf 3.4")
    index, names = proxy.index(0, 0), []
    while index.isValid():
        names.append(index.data())
        assert proxy.rowCount(index) <= 1
        index = proxy.index(0, 0, index)
    assert names[-1] == "leaf 3.4.png"
    assert len(names) == 10


def test_that_another_tree_replaces_the_first(model):
    model.set_root(a_tree(3, 1))
    model.set_root(None)
    assert model.rowCount(QModelIndex()) == 0


def test_that_place_and_whole_row_can_be_read_where_a_column_is_short(model):
    model.set_root(a_tree(2, 1))
    leaf = model.index(1, Column.RELATIONSHIP, model.index(0, 0))
    place = "part of the file above (componentOf)"
    assert leaf.data(Qt.ItemDataRole.AccessibleDescriptionRole) == place
    assert leaf.data(Qt.ItemDataRole.ToolTipRole) == f"leaf 1.0.png\n{place}\nno credential"


def test_that_rows_are_made_only_where_somebody_looks(model):
    model.set_root(a_tree(3, 1000))
    first = model.index(0, 0, model.index(0, 0))
    assert model.rowCount(first) == 1001
    assert first.internalPointer().below is None
