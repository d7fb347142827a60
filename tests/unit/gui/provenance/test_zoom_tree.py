"""Zooming of the manifest tree by keys, wheel and buttons."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolButton

from inspector.domain.provenance import AiDeclared, ManifestNode
from inspector.gui.provenance.tree_model import Column
from inspector.gui.provenance.tree_panel import TreePanel
from inspector.gui.provenance.view import ManifestView
from inspector.gui.provenance.zoom_tree import LARGEST, SMALLEST, STEP, ZoomTree
from tests.fakes import FakeReader
from tests.unit.gui.viewer_services import FakeViewerServices

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def tree(qtbot, host):
    tree = ZoomTree(32, host)
    model = QStandardItemModel(tree)
    model.appendRow(QStandardItem("one"))
    tree.setModel(model)
    host.show()
    tree.setFocus()
    return tree


def turn(tree, notches: float, modifiers=CTRL) -> None:
    place = QPointF(5, 5)
    buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    delta = QPoint(0, round(120 * notches))
    event = QWheelEvent(place, place, QPoint(), delta, buttons, modifiers, phase, False)
    QApplication.sendEvent(tree.viewport(), event)


def test_that_keys_zoom_words_pictures_and_rows(qtbot, tree):
    height, points = tree.sizeHintForRow(0), tree.font().pointSizeF()
    qtbot.keyClick(tree, Qt.Key.Key_Plus, CTRL)
    qtbot.keyClick(tree, Qt.Key.Key_Equal, CTRL)
    assert tree.zoom == pytest.approx(STEP**2)
    assert tree.font().pointSizeF() == pytest.approx(points * STEP**2)
    assert tree.iconSize().width() == round(32 * STEP**2)
    assert tree.sizeHintForRow(0) > height
    qtbot.keyClick(tree, Qt.Key.Key_Minus, CTRL)
    assert tree.zoom == pytest.approx(STEP)
    qtbot.keyClick(tree, Qt.Key.Key_0, CTRL)
    assert tree.zoom == 1
    assert tree.font().pointSizeF() == pytest.approx(points)


def test_that_the_wheel_zooms_with_ctrl_alone_and_by_whole_notches(tree):
    turn(tree, 1)
    assert tree.zoom == pytest.approx(STEP)
    turn(tree, 0.5)
    assert tree.zoom == pytest.approx(STEP)
    turn(tree, 0.5)
    assert tree.zoom == pytest.approx(STEP**2)
    turn(tree, -2, Qt.KeyboardModifier.NoModifier)
    assert tree.zoom == pytest.approx(STEP**2)


def test_that_zooming_has_its_ends(tree):
    for _ in range(30):
        tree.zoom_in()
    assert tree.zoom == pytest.approx(STEP**LARGEST)
    for _ in range(60):
        tree.zoom_out()
    assert tree.zoom == pytest.approx(STEP**SMALLEST)


def test_that_the_tree_comes_before_the_menus_with_its_keys(qtbot, tree, host):
    pressed = []
    shortcut = QShortcut(QKeySequence("Ctrl++"), host)
    shortcut.activated.connect(lambda: pressed.append(1))
    qtbot.keyClick(tree, Qt.Key.Key_Plus, CTRL)
    assert (tree.zoom, pressed) == (pytest.approx(STEP), [])


def test_that_words_beside_marks_grow_with_the_others(host):
    panel = TreePanel(host)
    panel.resize(900, 600)
    host.setStyleSheet("QTreeView::indicator { width: 13px; }")  # as the themes have it
    host.show()
    panel.show_root(ManifestNode("urn:a", "a.jpg", None, None, ai_declared=AiDeclared.WHOLE))

    def inked() -> int:
        """Return how high the words behind the marks are, pixels."""
        place = panel.tree.visualRect(panel.tree.model().index(0, Column.SAYS))
        image = panel.tree.viewport().grab(place.adjusted(120, 1, -2, -1)).toImage()
        paper = image.pixel(image.width() - 1, 0)
        rows = range(image.height())
        inked = [y for y in rows if any(image.pixel(x, y) != paper for x in range(image.width()))]
        return inked[-1] - inked[0] if inked else 0

    panel.tree.expandAll()
    before = inked()
    for _ in range(4):
        panel.tree.zoom_in()
    assert inked() > 1.5 * before > 0


def test_that_buttons_zoom_too_and_have_names(qtbot, host, jobs):
    view = ManifestView(FakeViewerServices(reader=FakeReader()), jobs, host)
    host.show()
    named = {button.accessibleName(): button for button in view.findChildren(QToolButton)}
    named["Larger tree (Ctrl++)"].click()
    assert view.panel.tree.zoom == pytest.approx(STEP)
    named["Smaller tree (Ctrl+-)"].click()
    assert view.panel.tree.zoom == 1
    for name in ("Larger tree (Ctrl++)", "Smaller tree (Ctrl+-)"):
        assert named[name].focusPolicy() & Qt.FocusPolicy.TabFocus
