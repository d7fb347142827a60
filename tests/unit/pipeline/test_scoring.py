from dataclasses import replace

import numpy as np
import pytest

from inspector.domain.detector import (
    Calibration,
    FusionTerm,
    OutputKind,
    OutputRole,
    Pool,
    SizePolicy,
    ViewInput,
    ViewOutput,
    ViewSpec,
)
from inspector.domain.media import Frame, MediaKind
from inspector.pipeline.fitting import fit_whole
from inspector.pipeline.scoring import FrameScorer, score_file
from tests.fakes import FakeDetector, a_detector_spec


def an_input(policy, size=64, resize=0, multiple=1, margin=0):
    return ViewInput(
        "pixels",
        "uint8",
        "nhwc",
        "rgb",
        1.0,
        (0,) * 3,
        (1,) * 3,
        policy,
        size,
        resize,
        multiple,
        margin,
    )


def a_map_view(margin):
    outputs = (ViewOutput("map", OutputRole.PATCH_MAP, OutputKind.LOGIT, stride=16),)
    return ViewSpec(
        "pixels", "p.onnx", "0" * 64, an_input(SizePolicy.NATIVE_TILES, 256, 0, 16, margin), outputs
    )


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def test_that_a_picture_gets_likelihood_map_and_region():
    pixels = noise(512, 512) // 4
    pixels[128:256, 128:256] = 250 - pixels[128:256, 128:256] // 8
    spec = a_detector_spec(
        views=(a_map_view(0),),
        fusion=(FusionTerm("pixels", Pool.MEAN, 1.0),),
        calibration=Calibration(region_review=0.9, region_low=0.6),
    )
    result = FrameScorer(FakeDetector(spec)).score(Frame(pixels))
    score = score_file([result], MediaKind.IMAGE, spec, review=0.5)
    assert score.heatmap.rows == score.heatmap.cols == 32
    (region,) = score.regions
    assert (region.x, region.y, region.w, region.h) == (128, 128, 128, 128)
    assert score.likelihood < 0.5 < score.likelihood_max


def test_that_flat_cells_are_not_scored():
    pixels = noise(128, 128)
    pixels[:64, :64] = 200
    result = FrameScorer(FakeDetector()).score(Frame(pixels))
    assert np.isnan(result.likelihoods[:4, :4]).all()
    assert np.isfinite(result.likelihoods[4:, 4:]).all()


def test_that_the_detector_abstains_on_a_flat_picture():
    spec = a_detector_spec()
    result = FrameScorer(FakeDetector(spec)).score(Frame(np.full((256, 256, 3), 255, np.uint8)))
    score = score_file([result], MediaKind.IMAGE, spec, 0.5)
    assert score.abstained
    assert "flat" in score.abstain_reason
    assert score.likelihood > 0.9


def test_that_the_detector_abstains_on_a_small_picture():
    spec = a_detector_spec(min_side_px=96)
    result = FrameScorer(FakeDetector(spec)).score(Frame(noise(80, 400)))
    assert "80 px" in score_file([result], MediaKind.IMAGE, spec, 0.5).abstain_reason


def test_that_a_large_picture_is_scored_from_few_tiles():
    spec = a_detector_spec(views=(a_map_view(0),), fusion=(FusionTerm("pixels", Pool.MEAN, 1.0),))
    detector = FakeDetector(spec)
    result = FrameScorer(detector, tiles=4).score(Frame(noise(2000, 3000)))
    assert detector.batches == [(1, 256, 256, 3)] * 4
    assert np.isfinite(result.likelihoods).sum() == 4 * 16 * 16


def test_that_tiles_that_score_themselves_are_fused_beside_the_map():
    view = a_map_view(0)
    own = ViewOutput("own", OutputRole.IMAGE_SCORE, OutputKind.LOGIT)
    both = replace(view, outputs=(own, *view.outputs))
    spec = a_detector_spec(views=(both,), fusion=(FusionTerm("pixels", Pool.SCORE, 1.0),))
    pixels = np.full((256, 512, 3), 255, np.uint8)
    pixels[:, :256] = 0
    result = FrameScorer(FakeDetector(spec)).score(Frame(pixels))
    assert result.terms == (pytest.approx(0.0),)
    assert result.views[0].likelihood == pytest.approx(0.5)
    assert result.likelihoods.shape == (16, 32)


def test_that_a_clip_is_the_mean_of_its_hotter_half_with_its_spans():
    spec = a_detector_spec()
    scorer = FrameScorer(FakeDetector(spec))
    dark, light = noise(128, 128) // 4, 255 - noise(128, 128) // 4
    frames = [dark, dark, dark, light, light, light]
    results = [scorer.score(Frame(pixels, float(i), i)) for i, pixels in enumerate(frames)]
    score = score_file(results, MediaKind.VIDEO, spec, review=0.5)
    assert score.likelihood == pytest.approx(results[3].likelihood, abs=0.01)
    assert [(s.start_s, s.end_s) for s in score.spans] == [(3.0, 5.0)]
    assert score.frames_scored == len(score.frames) == 6
    assert score.frames[0].heatmap is not None


def test_that_no_frame_is_no_score():
    assert score_file([], MediaKind.IMAGE, a_detector_spec(), 0.5) is None


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (700, 500), (64, 64), (65, 63)])
@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (an_input(SizePolicy.CENTRE_CROP, 64), (64, 64)),
        (an_input(SizePolicy.RESIZE_CROP, 64, 80), (64, 64)),
        (an_input(SizePolicy.RESIZE, 64), (64, 64)),
        (an_input(SizePolicy.RESIZE_SHORT, 64, 64, 16), None),
    ],
)
def test_that_any_picture_fits_any_view(shape, wanted, shown):
    fitted = fit_whole(noise(*shape), wanted)
    if shown is not None:
        assert fitted.shape == (*shown, 3)
    else:
        assert min(fitted.shape[:2]) >= 64
        assert fitted.shape[0] % 16 == fitted.shape[1] % 16 == 0


def test_that_a_card_may_have_a_temperature_of_its_own_for_clips():
    card = Calibration(temperature=1.0, bias=0.0, video_temperature=2.0, video_bias=-0.5)
    spec = a_detector_spec(calibration=card)
    results = [FrameScorer(FakeDetector(spec)).score(Frame(noise(128, 128)))]
    picture = score_file(results, MediaKind.IMAGE, spec, 0.5)
    clip = score_file(results, MediaKind.VIDEO, spec, 0.5)
    logit = np.log(picture.likelihood / (1 - picture.likelihood))
    assert clip.likelihood == pytest.approx(1 / (1 + np.exp(-(logit / 2 - 0.5))), abs=1e-5)
    assert clip.frames[0].likelihood == clip.likelihood
