import threading
from dataclasses import replace

import numpy as np
import pytest

from inspector.domain.events import PathTrouble, Progress
from inspector.domain.media import Fault, FaultCode, Frame, ItemStatus
from inspector.pipeline.gathering import Lesson, LookedAt, Use, as_pictures, look_at
from inspector.pipeline.scoring import FrameScorer
from inspector.ports import Examination
from tests.fakes import FakeDetector, FakeFinder, FakeMedia, FakeReader, a_file


def noisy(n, side_px=128):
    made = FakeMedia.picture(n, side_px)
    pixels = np.random.default_rng(n).integers(0, 256, (side_px, side_px, 3), np.uint8)
    return replace(made, frames=(Frame(pixels),))


MEDIA = {
    "/m/a.jpg": noisy(1),
    "/m/b.mp4": FakeMedia.clip(2),
    "/m/c.txt": FakeMedia(Examination(ItemStatus.SKIPPED)),
    "/m/d.jpg": replace(noisy(4), examination=Examination(ItemStatus.DAMAGED)),
    "/m/e.jpg": noisy(5, side_px=16),
    "/m/f.jpg": FakeMedia.picture(6),
    "/m/g.jpg": FakeMedia(
        Examination(ItemStatus.UNREADABLE, fault=Fault(FaultCode.CORRUPT, "It is."))
    ),
}


def looked(media, detector=None, jobs=2):
    files = [replace(a_file(i), path=path) for i, path in enumerate(media)]
    scorer = FrameScorer(detector or FakeDetector())
    return look_at(["/m"], FakeFinder(files), FakeReader(media), scorer, jobs)


def test_that_only_whole_pictures_that_can_be_judged_are_learnt_from():
    uses = {e.file.path: e.use for e in looked(MEDIA) if isinstance(e, LookedAt)}
    assert uses == {
        "/m/a.jpg": Use.LEARNT,
        "/m/b.mp4": Use.CLIP,
        "/m/c.txt": Use.NOT_MEDIA,
        "/m/d.jpg": Use.NOT_WHOLE,
        "/m/e.jpg": Use.ABSTAINED,
        "/m/f.jpg": Use.ABSTAINED,
        "/m/g.jpg": Use.NOT_WHOLE,
    }


def test_that_a_picture_is_seen_as_in_a_scan():
    (found,) = (e for e in looked({"/m/a.jpg": noisy(1)}) if isinstance(e, LookedAt))
    scanned = FrameScorer(FakeDetector()).score(noisy(1).frames[0])
    assert found.result.terms == scanned.terms
    assert found.result.likelihood == scanned.likelihood


def test_that_a_detector_that_gives_no_score_teaches_nothing():
    failing = looked({"/m/a.jpg": noisy(1)}, FakeDetector(fail=True))
    assert [e.use for e in failing if isinstance(e, LookedAt)] == [Use.NO_SCORE]


def test_that_progress_ends_with_everything_done():
    last = [e for e in looked(MEDIA) if isinstance(e, Progress)][-1]
    assert (last.done, last.found, last.discovered) == (len(MEDIA), len(MEDIA), True)


def test_that_trouble_with_paths_is_passed_on():
    trouble = PathTrouble("/m", "/m may not be read.", dropped=True)
    events = look_at(["/m"], FakeFinder([trouble]), FakeReader(), FrameScorer(FakeDetector()), 1)
    assert next(events) == trouble


def test_that_closing_it_early_ends_its_threads():
    before = threading.active_count()
    events = looked({f"/m/{n}.jpg": noisy(n) for n in range(40)})
    next(events)
    events.close()
    assert threading.active_count() == before


def test_that_pictures_of_one_scene_are_one_group():
    result = FrameScorer(FakeDetector()).score(noisy(1).frames[0])
    result = replace(result, features={"native": np.array([1.0, 2.0], np.float32)})
    hashes = (0b1011, 0b1001, (1 << 40) - 1)
    rows = as_pictures(
        [Lesson(n == 2, f"folder {n}", scene, result) for n, scene in enumerate(hashes)], "native"
    )
    assert rows.features.shape == (3, 2)
    assert rows.terms[:, 0] == pytest.approx([result.terms[0]] * 3)
    assert rows.synthetic.tolist() == [False, False, True]
    assert rows.group[0] == rows.group[1] != rows.group[2]
    assert [rows.sources[i] for i in rows.source] == ["folder 0", "folder 1", "folder 2"]
