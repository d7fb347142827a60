"""The map of a whole frame: no seams, blank cells apart, steps, an end, and sliding tiles."""

from threading import Event

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
from inspector.pipeline.blank_cells import blank_cells
from inspector.pipeline.scoring import FrameScorer
from inspector.pipeline.stitching import stitched_likelihoods
from inspector.pipeline.whole_map import draw_whole_map, sliding_likelihoods
from inspector.ports import ScanCancelled, ViewResult
from tests.builders import a_detector_spec
from tests.fakes import FakeDetector

ONE = (1.0, 1.0, 1.0)
NONE = (0.0, 0.0, 0.0)
MAP = ViewOutput("map", OutputRole.PATCH_MAP, OutputKind.LOGIT, stride=16)
SCORE = ViewOutput("score", OutputRole.IMAGE_SCORE, OutputKind.LOGIT)


def a_view(policy, size, output, *, resize=0, multiple=1, margin=0):
    given = ViewInput(
        "x", "float32", "nchw", "rgb", 1.0, NONE, ONE, policy, size, resize, multiple, margin
    )
    return ViewSpec("view", "v.onnx", "0" * 64, given, (output,))


def a_spec(view):
    return a_detector_spec(views=(view,), fusion=(FusionTerm("view", Pool.MEAN, 1.0),))


def a_map_spec(margin, size=256):
    return a_spec(a_view(SizePolicy.NATIVE_TILES, size, MAP, multiple=16, margin=margin))


class BlurringDetector(FakeDetector):
    """Every cell sees 48 px around it; beyond the tile it sees black, as padded nets do."""

    def run(self, view, batch):
        cells = super().run(view, batch).map_logits
        seen = np.pad(cells, ((0, 0), (3, 3), (3, 3)), constant_values=-4.0)
        rows, cols = cells.shape[1:]
        shifted = [seen[:, r : r + rows, c : c + cols] for r in range(7) for c in range(7)]
        return ViewResult(None, np.mean(shifted, axis=0))


class WindowDetector(FakeDetector):
    """Every tile has a bias of its own, as a net has that sees all of it and nothing beyond."""

    def run(self, view, batch):
        cells = super().run(view, batch).map_logits
        bias = np.sin(batch[:, 0, 0].astype(np.float32).sum(axis=-1))[:, None, None]
        return ViewResult(None, cells + bias)


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def likelihoods_of(logits):
    return 1 / (1 + np.exp(-logits))


def test_that_a_stitched_map_equals_one_pass():
    spec = a_map_spec(margin=48)
    detector = BlurringDetector(spec)
    pixels = noise(1300, 2100)
    stitched, cell_px = stitched_likelihoods(detector, spec.views[0], pixels)
    padded = np.pad(pixels, ((0, 12), (0, 12), (0, 0)), mode="reflect")
    once = detector.run("view", padded[None]).map_logits[0][: stitched.shape[0]]
    assert cell_px == 16
    assert len(detector.batches) > 4
    assert np.abs(stitched - likelihoods_of(once[:, : stitched.shape[1]])).max() < 1e-3


def test_that_overlapping_tiles_equal_one_pass_where_a_cell_sees_only_itself():
    spec = a_map_spec(margin=0, size=224)
    detector = FakeDetector(spec)
    pixels = noise(700, 1000)
    stitched, _ = stitched_likelihoods(detector, spec.views[0], pixels)
    padded = np.pad(pixels, ((0, 4), (0, 8), (0, 0)), mode="reflect")
    once = detector.run("view", padded[None]).map_logits[0]
    assert np.abs(stitched - likelihoods_of(once)).max() < 1e-3


def test_that_too_small_a_margin_shows_seams():
    spec = a_map_spec(margin=16)
    detector = BlurringDetector(spec)
    pixels = noise(1024, 2048)
    stitched, _ = stitched_likelihoods(detector, spec.views[0], pixels)
    once = detector.run("view", pixels[None]).map_logits[0]
    assert np.abs(stitched - likelihoods_of(once)).max() > 1e-3


def test_that_no_edge_of_a_tile_shows_where_each_sees_only_itself():
    spec = a_map_spec(margin=0, size=224)
    pixels = noise(64, 900)
    pixels[:] = 128
    pixels[0, :, 0] = np.random.default_rng(1).integers(0, 256, 900)
    stitched, _ = stitched_likelihoods(WindowDetector(spec), spec.views[0], pixels)
    logits = np.log(stitched / (1 - stitched))
    biases = logits.max() - logits.min()
    assert biases > 0.5
    assert np.abs(np.diff(logits, axis=1)).max() < 0.5 * biases


@pytest.mark.parametrize("shape", [(1, 1), (16, 16), (15, 500), (224, 224), (225, 223)])
def test_that_every_shape_gets_a_map_that_covers_it(shape):
    for spec in (a_map_spec(0, 224), a_map_spec(48)):
        drawn = draw_whole_map(FrameScorer(FakeDetector(spec)), noise(*shape))
        assert drawn.heatmap.rows == -(-shape[0] // 16)
        assert drawn.heatmap.cols == -(-shape[1] // 16)


def test_that_flat_and_saturated_cells_abstain():
    pixels = noise(64, 64)
    pixels[:32, :32] = 90
    pixels[:32, 32:] = 255 - noise(32, 32, 1) // 200
    pixels[32:, :32] = noise(32, 32, 2) // 128
    blank = blank_cells(pixels, 16)
    assert blank[:2].all()
    assert blank[2:, :2].all()
    assert not blank[2:, 2:].any()


def test_that_a_map_tells_its_steps_and_ends_when_it_is_cancelled():
    scorer = FrameScorer(FakeDetector(a_map_spec(0, 224)))
    steps, cancel = [], Event()

    def step(done, total):
        steps.append((done, total))
        if done == 2:
            cancel.set()

    with pytest.raises(ScanCancelled):
        draw_whole_map(scorer, noise(544, 544), step, cancel)
    assert steps == [(1, 9), (2, 9)]


class TestSlidingTiles:
    """A detector without a patch map is slid over the frame."""

    @pytest.mark.parametrize(
        ("view", "side"),
        [
            (a_view(SizePolicy.CENTRE_CROP, 224, SCORE), 224),
            (a_view(SizePolicy.NATIVE_TILES, 256, SCORE, multiple=2), 256),
            (a_view(SizePolicy.RESIZE_CROP, 384, SCORE, resize=440), 440),
            (a_view(SizePolicy.RESIZE, 224, SCORE), 224),
            (a_view(SizePolicy.RESIZE_SHORT, 224, SCORE, resize=256, multiple=32), 256),
            (a_view(SizePolicy.RESIZE, 224, MAP), 224),
        ],
    )
    def test_that_it_finds_the_bright_part_and_says_how(self, view, side):
        pixels = noise(900, 1300) // 4
        pixels[:, 650:] += 190
        drawn = draw_whole_map(FrameScorer(FakeDetector(a_spec(view))), pixels)
        assert drawn.by_sliding
        assert drawn.heatmap.cell_px == side // 2
        found = drawn.heatmap.likelihoods()
        assert (found.shape[0] - 1) * side // 2 < 900 <= found.shape[0] * side // 2
        assert np.isfinite(found).all()
        assert found[:, 0].max() < 0.2
        assert found[:, -1].min() > 0.8

    def test_that_a_picture_smaller_than_a_tile_is_one_tile(self):
        spec = a_spec(a_view(SizePolicy.CENTRE_CROP, 224, SCORE))
        detector = FakeDetector(spec)
        found, _ = sliding_likelihoods(FrameScorer(detector), noise(100, 60))
        assert found.shape == (1, 1)
        assert len(detector.batches) == 1

    def test_that_a_huge_picture_is_slid_in_tiles_side_by_side(self):
        spec = a_spec(a_view(SizePolicy.CENTRE_CROP, 32, SCORE))
        detector = FakeDetector(spec)
        sliding_likelihoods(FrameScorer(detector), noise(640, 640))
        assert len(detector.batches) == 400

    def test_that_the_calibration_of_the_card_holds_for_each_tile(self):
        view = a_view(SizePolicy.CENTRE_CROP, 64, SCORE)
        plain = a_spec(view)
        warm = a_detector_spec(
            views=(view,), fusion=plain.fusion, calibration=Calibration(temperature=4.0)
        )
        pixels = noise(64, 64) // 4
        found = [
            sliding_likelihoods(FrameScorer(FakeDetector(spec)), pixels)[0].max()
            for spec in (plain, warm)
        ]
        assert found[0] < found[1] < 0.5
