"""The desk's services: the same word as the command line, and scoring by another detector."""

import json
from threading import Event

import pytest

from inspector.__main__ import main
from inspector.adapters.samples import draw_photo, encode_clip, encode_jpeg
from inspector.bootstrap.desk import Desk
from inspector.domain.events import ItemJudged, PathTrouble
from inspector.domain.record import record_of
from inspector.domain.score import CopyKind
from inspector.domain.verdict import Rule
from inspector.ports import Rescore
from inspector.settings import Places, Settings
from tests.unit.adapters.onnx.graphs import SCORE, a_model_folder, brightness_graph

BRIGHT = "bright"


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    for n in range(2):
        (folder / f"photo {n}.jpg").write_bytes(encode_jpeg(draw_photo(n, 480, 320)))
    encode_clip(folder / "clip.mp4", [draw_photo(4, 340, 240)[:, n : n + 320] for n in range(6)])
    return folder


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A place of one's own, with a second detector that takes what is bright for synthetic."""
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path / "home"))
    folder = Places().data / "models" / BRIGHT
    folder.mkdir(parents=True)
    a_model_folder(folder, brightness_graph(gain=0.05), SCORE.format(kind="logit"))
    card = folder / "card.toml"
    card.write_text(card.read_text("utf-8").replace('id = "tiny"', f'id = "{BRIGHT}"'), "utf-8")
    return tmp_path


def opened(home):
    settings = Settings()
    scan = settings.scan.model_copy(update={"device": "cpu"})
    return Desk(Places(), settings.model_copy(update={"scan": scan}), home / "desk.inspection")


def items_of(events):
    return [event.item for event in events if isinstance(event, ItemJudged)]


def test_that_a_check_of_stability_gives_what_the_command_line_gives(home, media, capsys):
    desk = opened(home)
    paths = tuple(item.path for item in items_of(desk.scan([str(media)], Event())))
    again = items_of(desk.score_again(Rescore(paths, stability=True), Event()))
    desk.close()
    assert main(["scan", str(media), "--stability", "--device", "cpu", "--jsonl", "-"]) == 0
    rows = {row["path"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert {item.path: record_of(item) for item in again} == rows
    assert all([copy.kind for copy in i.score.copies] == list(CopyKind) for i in again)


def test_that_a_file_scored_by_another_detector_keeps_it_and_the_session_its_own(home, media):
    desk = opened(home)
    first = items_of(desk.scan([str(media)], Event()))
    chosen = first[0].path
    (again,) = items_of(desk.score_again(Rescore((chosen,), BRIGHT), Event()))
    assert again.model.id == BRIGHT
    assert again.rule is Rule.DETECTOR_SYNTHETIC
    assert desk.store.info().model == first[0].model.id == "inspector-fast"
    assert desk.store.info().details[f"model.{BRIGHT}.sha256"] == again.model.sha256
    assert desk.thresholds(again.media, again.model).drop == 0.9
    desk.export(["jsonl"], home / "lists", None)
    desk.close()
    lines = (home / "lists/items.jsonl").read_text("utf-8").splitlines()
    exported = [json.loads(line) for line in lines]
    models = {row["path"]: row["model"]["id"] for row in exported}
    assert models[chosen] == BRIGHT
    assert set(models.values()) == {BRIGHT, "inspector-fast"}

    reopened = opened(home)
    stays = {item.path: item for item in items_of(reopened.scan([str(media)], Event()))}
    assert stays[chosen].model.id == BRIGHT
    assert stays[chosen].verdict == again.verdict
    (own,) = items_of(reopened.score_again(Rescore((chosen,), stability=True), Event()))
    assert own.model.id == BRIGHT
    reopened.close()


def test_that_a_file_that_went_away_is_told(home, media):
    desk = opened(home)
    events = list(desk.score_again(Rescore((str(media / "gone.jpg"),), BRIGHT), Event()))
    assert any(isinstance(event, PathTrouble) for event in events)
    assert items_of(events) == []
    desk.close()


def test_that_every_frame_of_a_stretch_is_scored(home, media):
    desk, clip = opened(home), str(media / "clip.mp4")
    frames = list(desk.score_frames(clip, None, 0.0, float("inf"), Event()))
    assert len(frames) == 6
    assert frames[0].heatmap is not None
    start_s, end_s = frames[1].pts_s, frames[3].pts_s
    some = list(desk.score_frames(clip, None, start_s, end_s, Event()))
    assert [f.pts_s for f in some] == [f.pts_s for f in frames[1:4]]
    desk.close()


def test_that_an_imported_detector_maps_by_sliding_tiles(home, media):
    desk, photo = opened(home), str(media / "photo 0.jpg")
    (item,) = items_of(desk.score_again(Rescore((photo,), BRIGHT), Event()))
    steps = []
    pixels = desk.reader.picture(item.path).pixels
    drawn = desk.whole_map(pixels, item.model, lambda *step: steps.append(step), Event())
    desk.close()
    assert (drawn.model, drawn.by_sliding) == (BRIGHT, True)
    assert steps[-1][0] == steps[-1][1] > 1
