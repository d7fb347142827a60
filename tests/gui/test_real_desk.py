"""The real window over the real services: workers, detector, session and lists."""

import json
import os
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt

from inspector.__main__ import main
from inspector.adapters.samples import draw_photo, encode_clip, encode_jpeg, encode_png
from inspector.bootstrap.desk import Desk, open_desk
from inspector.bootstrap.scanning import ScanRequest, open_scan
from inspector.domain.events import ItemJudged
from inspector.domain.record import record_of
from inspector.gui.models.arrangement import Sort, SortKey
from inspector.settings import Places, Settings
from tests.gui.conftest import drop

PHOTOS = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of real small files: photos, an AI-marked PNG, a clip, a broken file, a note."""
    media = tmp_path_factory.mktemp("media")
    for n in range(PHOTOS):
        (media / f"photo {n}.jpg").write_bytes(encode_jpeg(draw_photo(n, 480, 320)))
    marks = {"parameters": "a castle\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"}
    (media / "made.png").write_bytes(encode_png(draw_photo(9, 320, 320), text=marks))
    encode_clip(media / "clip.mp4", [draw_photo(4, 340, 240)[:, n : n + 320] for n in range(20)])
    (media / "broken.jpg").write_bytes(encode_jpeg(draw_photo(5, 320, 240))[:200])
    (media / "note.txt").write_text("not media")
    return media


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path / "home"))
    settings = Settings()
    settings = settings.model_copy(
        update={"scan": settings.scan.model_copy(update={"device": "cpu"})}
    )
    return Desk(Places(), settings, tmp_path / "desk.inspection")


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def test_that_a_dropped_folder_is_decided_with_keys_and_leaves_as_lists(
    qtbot, open_window, desk, folder, tmp_path
):
    window = open_window(desk)
    drop(window, str(folder))
    library = window.controller.library
    qtbot.waitUntil(lambda: library.rows.judged == len(os.listdir(folder)), timeout=60_000)
    qtbot.waitUntil(lambda: not window.controller.scans.is_busy, timeout=10_000)
    library.set_sort(Sort(SortKey.NAME))
    shown = [library.rows.paths[row] for row in library.model.order]
    assert [Path(path).name for path in shown][:2] == ["broken.jpg", "clip.mp4"]
    library.selection.choose_only(int(library.model.order[0]))
    for key in (Qt.Key.Key_X, Qt.Key.Key_P):
        qtbot.keyClick(window.library_page.gallery, key)
    qtbot.waitUntil(lambda: len(desk.store.history(shown[1])) == 1)
    out = tmp_path / "lists"
    desk.export(["txt", "jsonl"], out, None)
    assert shown[0] in lines(out / "drop.txt")
    assert shown[1] in lines(out / "keep.txt")
    assert str(folder / "made.png") in lines(out / "drop.txt")
    assert lines(out / "skipped.txt") == [str(folder / "note.txt")]
    rows = {row["path"]: row for row in map(json.loads, lines(out / "items.jsonl"))}
    assert len(rows) == len(os.listdir(folder))
    assert rows[shown[0]]["decided_by"] == "person"
    assert rows[str(folder / "made.png")]["rule"] == "AI_DECLARED_UNSIGNED"


def test_that_a_desk_closed_in_the_middle_goes_on_when_reopened(
    qtbot, open_window, desk, folder, tmp_path
):
    window = open_window(desk)
    drop(window, str(folder))
    rows = window.controller.library.rows
    qtbot.waitUntil(lambda: rows.judged >= 1, timeout=60_000)
    window.close()
    services, rest = open_desk([str(tmp_path / "desk.inspection")])
    assert rest == []
    done_before = services.store.count()
    assert done_before >= 1
    again = open_window(services)
    again.controller.read_session()
    rows = again.controller.library.rows
    qtbot.waitUntil(lambda: rows.judged == len(os.listdir(folder)), timeout=60_000)
    qtbot.waitUntil(lambda: not again.controller.scans.is_busy, timeout=10_000)
    assert services.store.count() == len(os.listdir(folder))


def test_that_desk_command_line_and_library_give_the_same_verdicts(desk, folder, tmp_path):
    home = {"session": tmp_path / "lib.inspection", "device": "cpu"}
    with open_scan(ScanRequest((str(folder),), **home), Event()) as running:
        library = [e.item for e in running.events() if isinstance(e, ItemJudged)]
    rows_file = tmp_path / "rows.jsonl"
    command = ["scan", str(folder), "--device", "cpu", "--jsonl", str(rows_file)]
    assert main(command) == 1
    windowed = [e.item for e in desk.scan([str(folder)], Event()) if isinstance(e, ItemJudged)]
    desk.close()
    by_library = {item.path: record_of(item) for item in library}
    by_desk = {item.path: record_of(item) for item in windowed}
    by_command = {row["path"]: row for row in map(json.loads, lines(rows_file))}
    assert len(by_library) == len(os.listdir(folder))
    assert by_library == by_command == by_desk
