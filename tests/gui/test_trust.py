"""What the desk says of trust lists, once, and only where a signed file makes it matter."""

from inspector.domain.provenance import Provenance, ProvenanceState
from tests.builders import an_item
from tests.gui.conftest import drop
from tests.gui.desk_services import FakeDesk

WORDS = ("No trust list is installed.",)
SIGNED = Provenance(ProvenanceState.VALID, manifests=1)


def told_by(qtbot, open_window, *folders) -> list[str]:
    desk = FakeDesk(folders={f"/{n}": items for n, items in enumerate(folders)}, about_trust=WORDS)
    window = open_window(desk)
    told: list[str] = []
    window.controller.told.connect(told.append)
    for n, _ in enumerate(folders):
        drop(window, f"/{n}")
        qtbot.waitUntil(lambda: not window.controller.scans.is_busy)
    return told


def test_that_nothing_is_said_while_no_file_is_signed(qtbot, open_window):
    assert told_by(qtbot, open_window, [an_item(1), an_item(2)]) == []


def test_that_it_is_said_once_however_many_files_are_signed(qtbot, open_window):
    first = [an_item(n, provenance=SIGNED) for n in range(3)]
    second = [an_item(n, provenance=SIGNED) for n in range(3, 6)]
    assert told_by(qtbot, open_window, first, second) == list(WORDS)
