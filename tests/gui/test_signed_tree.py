"""The provenance view over files that are signed on the spot and read as the desk reads them."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QTabBar, QWidget

from inspector.adapters.c2pa.reader import ProvenanceReader
from inspector.adapters.c2pa.signing import ManifestPlan, TestSigner
from inspector.adapters.c2pa.trust import TrustStore
from inspector.adapters.media.direct import DirectReader
from inspector.adapters.samples import draw_photo, encode_jpeg
from inspector.bootstrap.worker import EvidenceReaders
from inspector.domain.provenance import Permission, TrainingUse, TrustTier
from inspector.gui.provenance.picture_pair import Way
from inspector.gui.provenance.tree_model import node_at
from inspector.gui.provenance.view import ManifestView
from inspector.gui.workers.background import BackgroundJobs
from tests.builders import a_file, an_item
from tests.gui.desk_services import FakeDesk
from tests.signed_chain import DEPTH, sign_deep_file, sign_redacting_file


@dataclass(frozen=True)
class Signed:
    """Files by what they show, and the trust lists with who signed them."""

    deep: Path
    redacting: Path
    camera: Path
    refusing: Path
    broken: Path
    trust: Path


@pytest.fixture(scope="module")
def signed(tmp_path_factory) -> Signed:
    folder = tmp_path_factory.mktemp("signed")
    camera = TestSigner.create("Aperture Works")
    editor = TestSigner.create("Pixel Bureau", below=camera)
    root = folder / "root.pem"
    root.write_text(camera.root_pem)
    TrustStore(folder / "trust").add(root, TrustTier.USER)
    photo = folder / "photo.jpg"
    photo.write_bytes(encode_jpeg(draw_photo(3, 320, 240)))
    binding = {"c2pa.soft-binding": {"alg": "com.adobe.trustmark.P", "blocks": []}}
    captured = camera.sign(photo, folder / "captured.jpg", ManifestPlan(assertions=binding))
    refused = {TrainingUse.AI_TRAINING: Permission.NOT_ALLOWED}
    broken = bytearray(captured.read_bytes())
    broken[-400:-390] = bytes(byte ^ 0x15 for byte in broken[-400:-390])
    (folder / "broken.jpg").write_bytes(broken)
    return Signed(
        sign_deep_file(folder, camera, editor),
        sign_redacting_file(folder, camera),
        captured,
        camera.sign(photo, folder / "refusing.jpg", ManifestPlan(training=refused)),
        folder / "broken.jpg",
        folder / "trust",
    )


@pytest.fixture
def show(qtbot, qapp, signed):
    """Return what shows a file in a view as wide as in a window of 1280 by 800."""
    jobs, reader = BackgroundJobs(qapp), DirectReader(EvidenceReaders(signed.trust))
    credentials = ProvenanceReader(signed.trust)
    host = QWidget()
    host.resize(732, 714)
    qtbot.addWidget(host)
    view = ManifestView(FakeDesk(reader=reader), jobs, host)
    view.resize(host.size())
    host.show()
    host.activateWindow()

    def show_file(path: Path) -> ManifestView:
        found = credentials.read(path, "jpeg")
        view.show_item(an_item(1, file=a_file(1, path=str(path)), provenance=found))
        qtbot.waitUntil(lambda: view.panel.model.rowCount() == 1)
        return view

    yield show_file
    jobs.close()


def rows(view, above=None):
    model = view.panel.tree.model()
    above = above or model.index(-1, -1)
    for place in range(model.rowCount(above)):
        index = model.index(place, 0, above)
        yield index
        yield from rows(view, index)


def details(view) -> str:
    text: str = view.details.facts.toPlainText()
    return text.replace("\N{OBJECT REPLACEMENT CHARACTER} ", "")


def words(view) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def test_that_a_chain_of_twelve_with_sixty_ingredients_is_read_and_searched(qtbot, show, signed):
    view = show(signed.deep)
    panel = view.panel
    panel.expand_all()
    everything = list(rows(view))
    assert len(everything) > 60
    deepest = max(everything, key=depth_of)
    assert depth_of(deepest) == DEPTH
    qtbot.waitUntil(lambda: panel.tree.horizontalScrollBar().maximum() == 0)
    assert panel.tree.visualRect(deepest).width() > 12 * panel.fontMetrics().averageCharWidth()
    qtbot.keyClicks(panel.filter, "not allowed")
    assert panel.found == "1 found"
    found = node_at(panel.tree.currentIndex())
    assert found is not None
    assert found.captured
    assert "not allowed, stated by Aperture Works" in details(view)
    assert "captured by a digital camera" in details(view)
    panel.filter.clear()
    qtbot.keyClicks(panel.filter, "sticker 7.")
    assert panel.found == "5 found"


def depth_of(index) -> int:
    return 1 + depth_of(index.parent()) if index.isValid() else 0


def test_that_a_camera_file_names_signer_trust_and_soft_binding(show, signed):
    view = show(signed.camera)
    assert "captured.jpg" in words(view)
    assert "Credential of a trusted signer" in words(view)
    for told in (
        "Aperture Works (on a trust list)",
        "Created (c2pa.created)",
        "TrustMark P, Adobe: invisible watermark",
        "The signature matches.\nclaimSignature.validated",
    ):
        assert told in details(view)


def test_that_a_refusal_names_who_signed_it(show, signed):
    view = show(signed.refusing)
    assert "not allowed, stated by Aperture Works" in details(view)
    assert "training limited" in view.panel.tree.currentIndex().data(
        Qt.ItemDataRole.AccessibleTextRole
    )


def test_that_changed_content_is_told_as_such_with_its_code(show, signed):
    view = show(signed.broken)
    assert "Tampered: not the content that was signed" in words(view)
    assert "assertion.dataHash.mismatch" in details(view)


def test_that_a_redaction_names_what_was_taken_out(show, signed):
    view = show(signed.redacting)
    assert "Credential of a trusted signer" in words(view)
    assert "Redacted part of the credential (c2pa.redacted)" in details(view)
    assert "stds.exif\nfrom urn:c2pa:" in details(view)


def test_that_a_node_is_compared_with_the_file_by_keys(qtbot, show, signed):
    view = show(signed.deep)
    view.findChild(QTabBar).setCurrentIndex(1)
    compare = view.compare
    qtbot.waitUntil(lambda: compare.pair.accessibleDescription().endswith("The file as it is."))
    compare.how.setFocus()
    qtbot.keyClick(compare.how, Qt.Key.Key_Down)
    assert compare.pair.way is Way.SLIDER
    compare.slider.setFocus()
    qtbot.keyClick(compare.slider, Qt.Key.Key_End)
    assert compare.pair.share == 1.0
    qtbot.keyClick(compare.slider, Qt.Key.Key_Left)
    assert compare.pair.share == pytest.approx(0.99)
    qtbot.keyClick(compare.how, Qt.Key.Key_Down)
    assert compare.pair.way is Way.DIFFERENCE
    qtbot.waitUntil(lambda: "of 255 apart" in compare.told.text())
    compare.with_what.setFocus()
    qtbot.keyClick(compare.with_what, Qt.Key.Key_Down)
    qtbot.keyClick(compare.with_what, Qt.Key.Key_Down)
    assert "Harbour" in compare.facts.toPlainText()


def test_that_the_raw_json_of_a_signed_file_is_copied_whole(show, signed):
    view = show(signed.camera)
    view.raw.copy()
    assert '"c2pa.soft-binding"' in QApplication.clipboard().text()
