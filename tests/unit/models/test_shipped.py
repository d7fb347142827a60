"""Every detector that ships loads, gives finite scores, and draws a map without seams."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from inspector.adapters.onnx import load_detector, read_card
from inspector.domain.detector import SizePolicy
from inspector.domain.media import Frame
from inspector.domain.score import NOT_SCORED
from inspector.pipeline.scoring import FrameScorer, score_picture
from inspector.settings import data_folder

FOLDERS = sorted(card.parent for card in data_folder("models").glob("*/card.toml"))


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def folder(request) -> Path:
    return request.param


@pytest.fixture(scope="module")
def detector(folder):
    detector = load_detector(folder, "cpu")
    yield detector
    detector.close()


def noise(width, height, seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3))
    return pixels.astype(np.uint8)


def test_that_something_ships():
    assert FOLDERS


def test_that_the_card_names_the_folder_and_the_files_as_they_are(folder):
    spec = read_card(folder)
    assert spec.id == folder.name
    for view in spec.views:
        assert hashlib.sha256((folder / view.file).read_bytes()).hexdigest() == view.sha256


def test_that_thresholds_stand_on_counted_reals_and_rise(folder):
    calibration = read_card(folder).calibration
    assert calibration.n_real >= 300
    assert calibration.n_real_over_drop <= 0.01 * calibration.n_real
    assert 0 < calibration.review <= calibration.drop <= 1
    assert 0 < calibration.region_low <= calibration.region_review <= 1


@pytest.mark.parametrize("pixels", [np.full((300, 400, 3), 128, np.uint8), noise(400, 300)])
def test_that_flat_grey_and_noise_give_finite_likelihoods(detector, pixels):
    result = FrameScorer(detector).score(Frame(pixels))
    assert 0.0 <= result.likelihood <= 1.0
    assert {view.name for view in result.views} == {view.name for view in detector.spec.views}


@pytest.mark.parametrize(("width", "height"), [(96, 96), (333, 251), (1000, 500)])
def test_that_a_picture_of_any_size_gets_a_score_and_a_map_that_fits(detector, width, height):
    result = FrameScorer(detector).score(Frame(noise(width, height)))
    score = score_picture(result, detector.spec)
    assert score.abstain_reason is None
    cell = score.heatmap.cell_px
    assert score.heatmap.values.shape == (-(-height // cell), -(-width // cell))


def test_that_a_tile_gives_the_cells_of_one_pass(detector):
    """Where a margin is declared, away from borders; else for a tile that is one window."""
    view = detector.spec.map_view
    stride, margin, window = view.map_output.stride, view.input.margin, view.input.size
    side = 2 * margin + 8 * stride if margin else window
    left, top = (6 * stride, 4 * stride) if margin else (window, 0)
    picture = noise(left + 2 * side, top + side, seed=1)
    whole = detector.run(view.name, picture[None]).map_logits[0]
    tile = np.ascontiguousarray(picture[top : top + side, left : left + side])
    part = detector.run(view.name, tile[None]).map_logits[0]
    cells, row, col, skip = side // stride, top // stride, left // stride, margin // stride
    inner = slice(skip, cells - skip)
    theirs = whole[row : row + cells, col : col + cells]
    assert np.abs(part[inner, inner] - theirs[inner, inner]).max() < 1e-3


def test_that_a_batch_gives_each_picture_its_own_score(detector):
    for view in detector.spec.views:
        pictures = np.stack([noise(view.input.size, view.input.size, seed) for seed in (1, 2)])
        both = detector.run(view.name, pictures)
        alone = detector.run(view.name, pictures[1:])
        for joint, single in ((both.logits, alone.logits), (both.map_logits, alone.map_logits)):
            if single is not None:
                assert np.abs(joint[1:] - single).max() < 1e-3


def test_that_the_stitched_map_covers_the_whole_picture(detector):
    heatmap = FrameScorer(detector).whole_map(noise(460, 240))
    assert not (heatmap.values == NOT_SCORED).any()


def test_that_two_runs_give_the_same_score(detector):
    scorer = FrameScorer(detector)
    frame = Frame(noise(640, 480))
    assert scorer.score(frame).likelihood == scorer.score(frame).likelihood


def test_that_whole_views_are_bounded_in_what_they_cost(folder):
    for view in read_card(folder).views:
        assert view.input.size <= 1024
        if view.input.size_policy is SizePolicy.RESIZE_SHORT:
            assert view.input.resize <= 384
