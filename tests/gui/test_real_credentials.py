"""Credentials met in the wild: every one is shown, in words, without a warning."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from inspector.adapters.c2pa.reader import ProvenanceReader
from inspector.domain.policy import Thresholds
from inspector.gui.evidence.panel import EvidencePanel
from inspector.gui.provenance.view import ManifestView
from inspector.gui.workers.background import BackgroundJobs
from tests.builders import a_file, an_item
from tests.fakes import FakeMedia, FakeReader
from tests.gui.desk_services import FakeDesk

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "c2pa"
FORMATS = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".webp": "webp", ".mp4": "mp4"}

pytestmark = pytest.mark.shared


def files() -> list[Path]:
    return sorted(file for file in FOLDER.glob("*") if file.suffix in FORMATS)


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the development data folder is absent")
def test_that_every_credential_met_in_the_wild_is_shown(qtbot, qapp):
    assert files()
    reader, credentials = FakeReader(), ProvenanceReader(None)
    jobs = BackgroundJobs(qapp)
    host = QWidget()
    host.resize(1000, 700)
    qtbot.addWidget(host)
    view = ManifestView(FakeDesk(reader=reader), jobs, host)
    panel = EvidencePanel(host)
    host.show()
    for number, file in enumerate(files()):
        store = credentials.read_store(file, FORMATS[file.suffix])
        item = an_item(number, file=a_file(number, path=str(file)), provenance=store.summary)
        reader.media[item.path] = FakeMedia.picture(1)
        reader.stores[item.path] = store
        view.show_item(item)
        panel.show_item(item, Thresholds(0.5, 0.9))
        rows = 1 if store.root is not None else 0
        qtbot.waitUntil(lambda rows=rows: view.panel.model.rowCount() == rows)
        view.panel.expand_all()
        headline = next(label for label in view.findChildren(QLabel) if label.isVisible())
        assert headline.text()
        assert "Provenance: " in panel.summary
    jobs.close()
