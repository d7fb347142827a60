"""The provenance view: every state told apart, the tree, the details and the raw JSON."""

import base64
import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from inspector.domain.provenance import (
    Location,
    ManifestNode,
    ManifestStore,
    Provenance,
    ProvenanceState,
    Relationship,
    Thumbnail,
)
from inspector.gui.provenance.view import ManifestView
from tests.fakes import FakeMedia, FakeReader, an_item
from tests.unit.gui.viewer_services import FakeViewerServices

LEAF = ManifestNode(None, "<b>leaf</b>.png", None, Relationship.COMPONENT)
PARENT = ManifestNode("urn:p", "parent.jpg", "image/jpeg", Relationship.PARENT, signer="Maker")
ROOT = ManifestNode("urn:r", "edit.jpg", None, None, "Editor", ingredients=(PARENT, LEAF))
SUMMARY = Provenance(ProvenanceState.VALID, location=Location.EMBEDDED, hash_ok=True)
STORE = ManifestStore(SUMMARY, ROOT, json.dumps({"active": "urn:r", "other": "urn:p"}, indent=2))


@pytest.fixture
def services():
    return FakeViewerServices(reader=FakeReader())


@pytest.fixture
def view(host, jobs, services):
    view = ManifestView(services, jobs, host)
    view.resize(900, 600)
    host.show()
    return view


def give(services, store: ManifestStore):
    item = an_item(1, provenance=store.summary)
    services.reader.media[item.path] = FakeMedia.picture(1)
    services.reader.stores[item.path] = store
    return item


def words(view) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def shown(qtbot, view, services, store=STORE):
    view.show_item(give(services, store))
    qtbot.waitUntil(lambda: view.panel.model.rowCount() == 1)


def test_that_a_credential_that_is_being_read_says_so(qtbot, view, services):
    view.show_item(give(services, STORE))
    assert "Reading the credential…" in words(view)
    qtbot.waitUntil(lambda: view.panel.model.rowCount() == 1)
    assert "Reading the credential…" not in words(view)


@pytest.mark.parametrize("state", ProvenanceState)
def test_that_every_state_is_told_in_words_of_its_own(qtbot, view, services, state):
    told = {}
    for each in ProvenanceState:
        summary = Provenance(
            each, remote_url="http://x/y" if each is ProvenanceState.REMOTE else None
        )
        view.show_item(give(services, ManifestStore(summary, None, "")))
        told[each] = words(view)
    assert sum(text == told[state] for text in told.values()) == 1


def test_that_no_credential_proves_nothing_and_nothing_is_read(view, services):
    view.show_item(an_item(1))
    assert "No credential proves nothing" in words(view)


def test_that_a_remote_address_is_shown_as_text(view, services):
    summary = Provenance(ProvenanceState.REMOTE, remote_url="http://x/<img src=y>")
    view.show_item(give(services, ManifestStore(summary, None, "")))
    assert "http://x/<img src=y>" in words(view)


def test_that_the_tree_opens_with_the_active_manifest_in_the_details(qtbot, view, services):
    shown(qtbot, view, services)
    assert "edit.jpg" in view.details.facts.toPlainText()
    view.panel.tree.setCurrentIndex(view.panel.tree.indexBelow(view.panel.tree.currentIndex()))
    assert "Maker (on no trust list)" in view.details.facts.toPlainText()


def test_that_markup_in_a_title_stays_text(qtbot, view, services):
    shown(qtbot, view, services)
    view.panel.filter.setText("leaf")
    leaf = view.panel.tree.indexBelow(view.panel.tree.model().index(0, 0))
    view.panel.tree.setCurrentIndex(leaf)
    assert "<b>leaf</b>.png" in view.details.facts.toPlainText()


def test_that_collapse_and_expand_reach_every_level(qtbot, view, services):
    shown(qtbot, view, services)
    root = view.panel.tree.model().index(0, 0)
    view.panel.collapse_all()
    assert not view.panel.tree.isExpanded(root)
    view.panel.expand_all()
    assert view.panel.tree.isExpanded(root)


def test_that_the_raw_json_can_be_searched_copied_and_saved(qtbot, view, services, tmp_path):
    shown(qtbot, view, services)
    view.raw.search.setText("urn:")
    first = view.raw.text.textCursor().selectionStart()
    view.raw.find_next()
    assert view.raw.text.textCursor().selectionStart() > first
    view.raw.find_next()
    assert view.raw.text.textCursor().selectionStart() == first
    view.raw.copy()
    assert QGuiApplication.clipboard().text() == STORE.raw_json
    target = tmp_path / "credential.json"
    view.raw.save_to(target)
    qtbot.waitUntil(lambda: "Saved" in view.raw.told)
    assert target.read_text(encoding="utf-8") == STORE.raw_json


def test_that_a_failed_save_leaves_the_old_file_and_says_why(qtbot, view, services, tmp_path):
    shown(qtbot, view, services)
    view.raw.save_to(tmp_path / "missing" / "credential.json")
    qtbot.waitUntil(lambda: "could not be saved" in view.raw.told)


def test_that_a_credential_that_cannot_be_read_again_says_why(qtbot, view, services):
    item = give(services, STORE)
    services.reader.media.clear()
    view.show_item(item)
    qtbot.waitUntil(lambda: "The file is gone." in words(view))


def test_that_a_hidden_view_reads_once_it_is_seen(qtbot, view, services):
    view.hide()
    view.show_item(give(services, STORE))
    assert view.panel.model.rowCount() == 0
    view.show()
    qtbot.waitUntil(lambda: view.panel.model.rowCount() == 1)


REMOTE = Provenance(
    ProvenanceState.REMOTE,
    location=Location.REMOTE,
    remote_url="https://credentials.example.org/a.c2pa",
)


def shown_remote(qtbot, view, services) -> None:
    view.show_item(give(services, ManifestStore(REMOTE, None, "")))
    qtbot.waitUntil(lambda: "credentials.example.org" in fetch_button(view).text())


def fetch_button(view) -> QPushButton:
    return view.findChild(QPushButton)


def test_that_nothing_is_fetched_unasked_and_the_host_is_named_first(qtbot, view, services):
    shown_remote(qtbot, view, services)
    assert fetch_button(view).isVisible()
    assert services.fetched == []


def test_that_a_fetched_credential_is_shown_as_such(qtbot, view, services):
    services.remote = STORE
    shown_remote(qtbot, view, services)
    fetch_button(view).click()
    qtbot.waitUntil(lambda: view.panel.model.rowCount() == 1)
    assert len(services.fetched) == 1
    assert "what the scan recorded" in words(view)
    assert not fetch_button(view).isVisible()


def test_that_a_refusal_is_told_and_can_be_tried_again(qtbot, view, services):
    shown_remote(qtbot, view, services)
    fetch_button(view).click()
    qtbot.waitUntil(lambda: "cannot be found" in words(view))
    assert fetch_button(view).isEnabled()
    assert "credentials.example.org" in fetch_button(view).text()


@pytest.mark.parametrize("state", [state for state in ProvenanceState if state != "remote"])
def test_that_no_other_state_offers_to_fetch(qtbot, view, services, state):
    store = ManifestStore(replace(REMOTE, state=state), None, "")
    view.show_item(give(services, store))
    assert not fetch_button(view).isVisible()


def test_that_the_picture_of_a_node_is_drawn_in_the_tree_and_beside_its_facts(
    qtbot, view, services
):
    red = Thumbnail(2, 1, base64.b64encode(b"\xff\0\0" * 2).decode())
    root = replace(ROOT, thumbnail=red)
    shown(qtbot, view, services, ManifestStore(SUMMARY, root, "{}"))
    icon = view.panel.model.index(0, 0).data(Qt.ItemDataRole.DecorationRole)
    assert icon.pixmap(2, 1).toImage().pixelColor(0, 0) == QColor("red")
    assert view.details.picture.isVisible()
    assert view.details.picture.pixmap().size() == QSize(2, 1)
    view.panel.tree.setCurrentIndex(
        view.panel.tree.model().index(0, 0, view.panel.tree.model().index(0, 0))
    )
    assert not view.details.picture.isVisible()


@pytest.mark.parametrize(
    "picture",
    [
        Thumbnail(4000, 4000, ""),
        Thumbnail(2, 2, "AAAA"),
        Thumbnail(1, 1, "no base64"),
        Thumbnail(-1, -1, "AAAA"),
        Thumbnail(0, 0, ""),
    ],
)
def test_that_a_picture_that_is_not_what_it_claims_is_not_drawn(qtbot, view, services, picture):
    shown(qtbot, view, services, ManifestStore(SUMMARY, replace(ROOT, thumbnail=picture), "{}"))
    assert view.panel.model.index(0, 0).data(Qt.ItemDataRole.DecorationRole) is None
    assert not view.details.picture.isVisible()
