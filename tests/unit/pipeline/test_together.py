"""Pictures are run together as far as the device gains by it, and keep their own results."""

import numpy as np
import pytest

from inspector.domain.detector import DeviceReport
from inspector.domain.media import Frame
from inspector.pipeline.scoring import FrameScorer
from inspector.pipeline.together import run_each
from tests.fakes import FakeDetector


class OnDevice(FakeDetector):
    """A detector whose device runs ``batch`` pictures together."""

    def __init__(self, batch):
        super().__init__()
        self._batch = batch

    @property
    def device(self):
        return DeviceReport("cuda", "CUDAExecutionProvider", batch=self._batch)


def pictures(*sides):
    return [np.full((side, side, 3), 10 * n, np.uint8) for n, side in enumerate(sides)]


@pytest.mark.parametrize(
    ("batch", "sizes"), [(1, [1] * 6), (2, [2, 1, 2, 1]), (8, [3, 2, 1]), (3, [3, 2, 1])]
)
def test_that_neighbours_of_one_shape_share_a_call(batch, sizes):
    detector = OnDevice(batch)
    shown = pictures(64, 64, 64, 32, 32, 64)
    view = detector.spec.views[0].name
    results = list(run_each(detector, view, shown))
    assert [shape[0] for shape in detector.batches] == sizes
    alone = FakeDetector()
    for picture, result in zip(shown, results, strict=True):
        expected = alone.run(view, picture[None])
        for part in ("logits", "map_logits"):
            got, wanted = getattr(result, part), getattr(expected, part)
            assert (got is None) == (wanted is None)
            if got is not None:
                assert got == pytest.approx(wanted)


def test_that_a_picture_scores_the_same_on_a_device_as_on_a_cpu():
    frame = Frame(np.random.default_rng(0).integers(0, 256, (700, 900, 3), np.uint8))
    here, there = (FrameScorer(OnDevice(batch)).score(frame) for batch in (1, 16))
    assert here.likelihood == pytest.approx(there.likelihood, abs=1e-6)
    assert here.likelihoods == pytest.approx(there.likelihoods, nan_ok=True, abs=1e-6)
