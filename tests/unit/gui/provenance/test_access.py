"""The provenance view by keyboard and by screen reader, and against names made to deceive."""

import base64
import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QWidget

from inspector.domain.provenance import (
    Action,
    Location,
    ManifestNode,
    ManifestStore,
    Provenance,
    ProvenanceState,
    SoftBinding,
    Thumbnail,
)
from inspector.gui.provenance.view import ManifestView
from tests.fakes import FakeMedia, FakeReader, an_item
from tests.unit.gui.provenance.trees import a_tree
from tests.unit.gui.viewer_services import FakeViewerServices

RED = Thumbnail(2, 1, base64.b64encode(b"\xff\0\0" * 2).decode())
SIGNED = Provenance(ProvenanceState.VALID, location=Location.EMBEDDED, hash_ok=True)
REMOTE = Provenance(ProvenanceState.REMOTE, remote_url="https://credentials.example.org/a.c2pa")
ACTING = "photo\u202egpj.exe\u200b\u2066\x07\x1b[31m\u2028<b>bold</b>"


@pytest.fixture
def view(host, jobs):
    services = FakeViewerServices(reader=FakeReader())
    view = ManifestView(services, jobs, host)
    view.resize(900, 600)
    host.show()
    host.activateWindow()
    return view


def show(qtbot, view, root: ManifestNode | None, raw: str = "{}", summary=SIGNED) -> None:
    item = an_item(1, provenance=summary)
    view._services.reader.media[item.path] = FakeMedia.picture(1)
    view._services.reader.stores[item.path] = ManifestStore(summary, root, raw)
    view.show_item(item)
    if root is not None:
        qtbot.waitUntil(lambda: view.panel.model.rowCount() == 1)


def spoken(widget: QWidget) -> str:
    """Return what a screen reader calls a widget: its own name, or the words on it."""
    if isinstance(widget, QTabBar):
        return widget.tabText(widget.currentIndex())
    words = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    return widget.accessibleName() or words


def nameless(view) -> list[str]:
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in view.findChildren(QWidget)
        if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and widget.window() is view.window()
        and not (isinstance(widget, QLabel) and not widget.text())  # nothing to read
        and not spoken(widget).strip()
    ]


@pytest.mark.parametrize("page", range(3))
def test_that_whatever_takes_the_keys_has_a_name(qtbot, view, page):
    show(qtbot, view, replace(a_tree(3, 2), thumbnail=RED))
    tabs = view.findChild(QTabBar)
    tabs.setCurrentIndex(page)
    view.compare.how.setCurrentIndex(1)
    assert not nameless(view)


def test_that_the_offer_to_fetch_is_named_and_described(qtbot, view):
    show(qtbot, view, None, summary=REMOTE)
    assert not nameless(view)
    fetch = view._head.fetch
    assert "credentials.example.org" in spoken(fetch)
    assert "not fetched" in fetch.accessibleDescription()


def test_that_pictures_have_names_and_say_what_they_show(qtbot, view):
    show(qtbot, view, replace(a_tree(2, 1), thumbnail=RED))
    assert spoken(view.details.picture)
    assert spoken(view.compare.pair)
    described = view.compare.pair.accessibleDescription()
    assert described == "Left: step 1.jpg. Right: The file as it is."


def stops(view) -> list[QWidget]:
    """Return where Tab goes from the tree's search on, once round."""
    first = view.panel.filter
    found, widget = [first], first.nextInFocusChain()
    while widget is not first:
        takes_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        is_here = widget.isVisible() and view.isAncestorOf(widget)
        if takes_tab and is_here and widget.focusProxy() is None:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


@pytest.mark.parametrize(
    ("page", "last"),
    [
        (0, ["Details", "Details of the chosen row"]),
        (1, ["Compare with", "How to compare", "Where one picture ends and the other begins"]),
        (2, ["Find in the JSON", "Previous", "Next", "Copy", "Save…", "Raw JSON"]),
    ],
)
def test_that_tab_goes_from_top_to_bottom(qtbot, view, page, last):
    show(qtbot, view, a_tree(3, 2))
    view.findChild(QTabBar).setCurrentIndex(page)
    view.compare.how.setCurrentIndex(1)
    assert [spoken(widget) for widget in stops(view)] == [
        "Search the tree",
        "Expand all",
        "Collapse all",
        "Smaller tree (Ctrl+-)",
        "Larger tree (Ctrl++)",
        "Manifests and ingredients",
        view.findChild(QTabBar).tabText(page),
        *last,
    ]


def test_that_every_row_is_read_out_with_what_it_says(qtbot, view):
    show(qtbot, view, a_tree(3, 1))
    view.panel.expand_all()
    for index in rows(view):
        text = index.data(Qt.ItemDataRole.AccessibleTextRole)
        assert index.data() in text
        assert "no list" in text or "no credential" in text
        assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole)


def test_that_the_key_of_finding_finds_in_what_has_the_keys(qtbot, view):
    show(qtbot, view, a_tree(3, 1))
    view.panel.tree.setFocus()
    qtbot.keyClick(view.panel.tree, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert view.panel.filter.hasFocus()
    view.findChild(QTabBar).setCurrentIndex(2)
    view.raw.text.setFocus()
    qtbot.keyClick(view.raw.text, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert view.raw.search.hasFocus()


def rows(view, above: QModelIndex | None = None):
    model, above = view.panel.tree.model(), above or QModelIndex()
    for place in range(model.rowCount(above)):
        index = model.index(place, 0, above)
        yield index
        yield from rows(view, index)


def test_that_names_that_hide_turn_or_act_are_shown_by_their_marks(qtbot, view):
    leaf = ManifestNode(None, ACTING, ACTING, None)
    root = ManifestNode(
        ACTING,
        ACTING,
        ACTING,
        None,
        claim_generator=ACTING,
        signer=ACTING,
        signed_at=ACTING,
        actions=(Action(ACTING, ACTING, ACTING, ACTING, ACTING),),
        assertions=(ACTING,),
        redactions=(ACTING,),
        soft_bindings=(SoftBinding(ACTING, ACTING, ACTING),),
        ingredients=(leaf,),
    )
    show(qtbot, view, root, json.dumps({"title": ACTING}, ensure_ascii=False))
    view.panel.expand_all()
    seen = [view.raw.text.toPlainText(), view.compare.with_what.itemText(1)]
    roles = Qt.ItemDataRole
    for index in rows(view):
        view.panel.tree.setCurrentIndex(index)
        seen.append(view.details.facts.toPlainText())
        seen.append(view.compare.pair.accessibleDescription())
        for column in range(view.panel.tree.model().columnCount()):
            cell = index.siblingAtColumn(column)
            seen += [
                str(cell.data(role) or "")
                for role in (roles.DisplayRole, roles.ToolTipRole, roles.AccessibleTextRole)
            ]
    text = "\n".join(seen).replace("\N{OBJECT REPLACEMENT CHARACTER}", "").replace("\n", "")
    assert "bold" in text
    assert text.isprintable()
