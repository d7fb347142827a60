import threading
from dataclasses import replace

import numpy as np

from inspector.domain.detector import FusionTerm, Pool, SizePolicy
from inspector.domain.events import PathTrouble, Progress
from inspector.domain.media import Fault, FaultCode, Frame, ItemStatus
from inspector.pipeline.gathering import Lesson, Look, LookedAt, Use, as_pictures, look_at
from inspector.pipeline.scenes import scene_hash
from inspector.pipeline.scoring import FrameScorer
from inspector.ports import Examination
from tests.fakes import FakeDetector, FakeFinder, FakeMedia, FakeReader, a_detector_spec, a_file


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


def a_spec():
    """A detector with a view of the whole picture that gives features, and one of tiles."""
    spec = a_detector_spec()
    (tiles,) = spec.views
    scene = replace(
        tiles,
        name="scene",
        input=replace(tiles.input, size_policy=SizePolicy.CENTRE_CROP),
        outputs=tiles.outputs[:1],
    )
    terms = (FusionTerm("scene", Pool.MEAN, 1.0), FusionTerm("native", Pool.MEAN, 1.0))
    return replace(spec, views=(scene, tiles), fusion=terms)


class Onlooked(FakeDetector):
    """Its features are the picture's mean red and green."""

    def run(self, view, batch):
        features = batch.mean(axis=(1, 2), dtype=np.float64)[:, :2].astype(np.float32)
        return replace(super().run(view, batch), features=features if view == "scene" else None)


def looked(media, *, fail=False, jobs=2):
    files = [replace(a_file(i), path=path) for i, path in enumerate(media)]
    scorer = FrameScorer(Onlooked(a_spec(), fail=fail))
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
    scanned = FrameScorer(Onlooked(a_spec())).score(noisy(1).frames[0])
    assert found.look.terms == scanned.terms
    assert found.look.features.tolist() == scanned.features["scene"].tolist()
    assert found.look.scene == scene_hash(noisy(1).frames[0].pixels)


def test_that_a_detector_that_gives_no_score_teaches_nothing():
    failing = looked({"/m/a.jpg": noisy(1)}, fail=True)
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
    hashes = (0b1011, 0b1001, (1 << 40) - 1)
    looks = [Look(None, scene, np.full(2, n, np.float32), (0.5,)) for n, scene in enumerate(hashes)]
    rows = as_pictures([Lesson(n == 2, f"folder {n}", look) for n, look in enumerate(looks)])
    assert rows.features.tolist() == [[0, 0], [1, 1], [2, 2]]
    assert rows.terms.tolist() == [[0.5]] * 3
    assert rows.synthetic.tolist() == [False, False, True]
    assert rows.group[0] == rows.group[1] != rows.group[2]
    assert [rows.sources[i] for i in rows.source] == ["folder 0", "folder 1", "folder 2"]
