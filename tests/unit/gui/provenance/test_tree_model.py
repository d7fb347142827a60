"""The tree as a Qt model: sound, lazy, and usable when deep and wide."""

import pytest
from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt

from inspector.domain.provenance import ManifestNode, Relationship
from inspector.gui.provenance.tree_model import Column, ManifestModel, node_at


def a_tree(depth: int, width: int) -> ManifestNode:
    """Return a chain of parents, ``depth`` deep, with ``width`` unsigned leaves at each step."""
    node = ManifestNode("urn:0", "original.jpg", "image/jpeg", Relationship.PARENT)
    for step in range(1, depth):
        leaves = tuple(
            ManifestNode(None, f"leaf {step}.{number}.png", None, Relationship.COMPONENT)
            for number in range(width)
        )
        relationship = Relationship.PARENT if step < depth - 1 else None
        node = ManifestNode(
            f"urn:{step}",
            f"step {step}.jpg",
            None,
            relationship,
            signer=f"Signer {step}",
            ingredients=(node, *leaves),
        )
    return node


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
    assert spoken == "leaf 1.0.png, no credential, contains this"
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
