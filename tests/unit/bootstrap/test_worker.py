from threading import Event

import pytest
from PIL import Image

from inspector.adapters.media.pool import WorkerPool
from inspector.adapters.samples import draw_photo
from inspector.adapters.traces.watermark import MESSAGES
from inspector.bootstrap.spotcheck import found_file
from inspector.bootstrap.worker import worker_entry
from inspector.domain.traces import Says
from inspector.ports import ExaminePlan
from inspector.settings import LimitSettings
from tests.unit.adapters.traces.test_watermark import marked


@pytest.fixture
def pool():
    pool = WorkerPool(1, LimitSettings(), worker_entry())
    yield pool
    pool.close()


def test_that_a_worker_reads_the_watermark_in_the_pixels_it_decodes(pool, tmp_path) -> None:
    message, _ = MESSAGES["Stable Diffusion XL"]
    file = tmp_path / "a.png"
    Image.fromarray(marked(draw_photo(2, 512, 384), message)).save(file)
    frames = []
    seen = pool.examine(found_file(str(file)), ExaminePlan(), frames.append, Event())
    (found,) = seen.traces
    assert (found.kind, found.says) == ("watermark", Says.AI)
    assert len(frames) == 1
