"""One file's route: when copies are scored, and whose thresholds judge what was scored."""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest

from inspector.domain.detector import Calibration
from inspector.domain.item import ModelId
from inspector.domain.media import Frame, MediaKind
from inspector.domain.policy import PRESETS, Thresholds, with_thresholds
from inspector.domain.score import CopyKind
from inspector.domain.verdict import Decision, Rule
from inspector.pipeline.assess import Assessor
from inspector.pipeline.copies import changed_copies
from inspector.pipeline.scoring import FrameScorer
from inspector.ports import ExaminePlan, ViewResult
from tests.builders import a_detector_spec, a_file, an_item
from tests.fakes import FakeDetector, FakeMedia, FakeReader

CERTIFIED = Thresholds(0.5, 0.9, certified=True)
STRICT = with_thresholds(
    PRESETS["strict"], {MediaKind.IMAGE: CERTIFIED, MediaKind.VIDEO: CERTIFIED}
)


def textured(level, height=160, width=240):
    """Return pixels about a brightness that are not flat."""
    noise = np.random.default_rng(level).integers(-40, 41, (height, width, 1))
    return np.clip(level + noise.repeat(3, axis=2), 0, 255).astype(np.uint8)


def a_picture(level):
    media = FakeMedia.picture()
    return replace(media, frames=(Frame(textured(level)),))


def a_clip(levels):
    media = FakeMedia.clip(frames=len(levels))
    frames = tuple(Frame(textured(level), i / 25, i) for i, level in enumerate(levels))
    return replace(media, frames=frames)


class FineGrained(FakeDetector):
    """Sees brightness, and black where the texture is weaker than JPEG or scaling leave it."""

    def run(self, view, batch):
        result = super().run(view, batch)
        grey = batch.astype(np.float32).mean(axis=-1)
        fine = np.abs(np.diff(grey, axis=2)).mean(axis=(1, 2))
        seen = (fine > 16)[:, None, None]
        return ViewResult(None, np.where(seen, result.map_logits, np.float32(-4)))


def assessed(media, policy, detector=None, **changes):
    file = a_file(1)
    reader = FakeReader({file.path: media})
    scorer = FrameScorer(detector or FakeDetector())
    assessor = Assessor(reader, scorer, policy, ExaminePlan(), **changes)
    item, _ = assessor.assess(file, Event())
    return assessor, item


def test_that_the_copies_are_a_jpeg_and_three_quarters_of_the_size():
    pixels = textured(100)
    copies = dict(changed_copies(pixels))
    assert list(copies) == [CopyKind.JPEG_90, CopyKind.SCALE_075]
    jpeg = copies[CopyKind.JPEG_90]
    assert jpeg.shape == pixels.shape
    assert 0 < np.abs(jpeg.astype(int) - pixels).mean() < 8
    assert copies[CopyKind.SCALE_075].shape == (120, 180, 3)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 70_000, 3)])
def test_that_odd_shapes_have_copies_too(shape):
    for _, pixels in changed_copies(np.zeros(shape, np.uint8)):
        assert min(pixels.shape[:2]) >= 1


def test_that_nothing_is_scored_again_unless_asked_or_about_to_be_dropped():
    for policy in (PRESETS["cautious"], PRESETS["strict"], PRESETS["report"]):
        _, item = assessed(a_picture(240), policy)
        assert item.score.copies == ()
    _, item = assessed(a_picture(100), STRICT)
    assert item.score.copies == ()


def test_that_a_drop_stands_on_three_scorings_of_a_picture():
    detector = FakeDetector()
    _, item = assessed(a_picture(240), STRICT, detector)
    assert (item.rule, item.decision) == (Rule.DETECTOR_SYNTHETIC, Decision.DROP)
    assert [copy.kind for copy in item.score.copies] == list(CopyKind)
    assert "says the same" in item.verdict.reason
    assert len(detector.batches) == 3


def test_that_a_drop_that_the_copies_do_not_uphold_becomes_review():
    _, item = assessed(a_picture(240), STRICT, FineGrained())
    assert (item.rule, item.decision) == (Rule.DETECTOR_UNSTABLE, Decision.REVIEW)
    assert "0.75 of its size" in item.verdict.reason


def test_that_on_request_every_file_is_scored_again():
    for media in (a_picture(100), a_clip([100, 120, 240])):
        _, item = assessed(media, PRESETS["cautious"], stability=True)
        assert [copy.kind for copy in item.score.copies] == list(CopyKind)


@pytest.mark.parametrize("levels", [[240] * 4, [60, 240, 60, 240, 240, 60]])
def test_that_a_clip_is_dropped_only_once_its_copies_agree(levels):
    _, item = assessed(a_clip(levels), STRICT)
    assert item.decision is Decision.DROP
    assert len(item.score.copies) == 2
    assert item.score.frames_scored == len(levels)


def test_that_an_older_item_without_copies_is_read_again_before_it_is_dropped():
    assessor, item = assessed(a_picture(240), PRESETS["cautious"])
    assert assessor.still_stands(item, item.file)
    strict = replace(assessor, policy=STRICT)
    assert not strict.still_stands(item, item.file)
    assert strict.judged(item).decision is Decision.REVIEW
    assert not replace(assessor, stability=True).still_stands(item, item.file)


class TestOtherDetectors:
    other = ModelId("other", "f" * 64)

    def assessor(self, **changes):
        given = {"others": {self.other.sha256: Calibration(review=0.2, drop=0.3)}, **changes}
        return Assessor(FakeReader(), FrameScorer(FakeDetector()), STRICT, ExaminePlan(), **given)

    def test_that_an_item_is_judged_by_the_thresholds_of_what_scored_it(self):
        item = an_item(25, model=self.other)
        assert self.assessor().judged(item).rule is Rule.DETECTOR_SUSPECT

    def test_that_a_calibration_of_one_model_lets_no_other_drop(self):
        verdict = self.assessor().judged(an_item(95, model=self.other)).verdict
        assert verdict.decision is Decision.REVIEW
        assert "calibration of this model" in verdict.reason

    def test_that_an_item_of_a_detector_that_is_gone_keeps_its_verdict(self):
        item = an_item(25, model=ModelId("gone", "0" * 64))
        assert self.assessor().judged(item) == item

    def test_that_an_item_of_another_detector_stands_until_one_is_asked_for(self):
        item = an_item(25, model=self.other)
        assert self.assessor().still_stands(item, item.file)
        assert not self.assessor(keeps_others=False).still_stands(item, item.file)

    def test_that_another_version_of_the_same_detector_scores_again(self):
        spec = a_detector_spec()
        item = an_item(25, model=ModelId(spec.id, "0" * 64))
        assert not self.assessor().still_stands(item, item.file)
