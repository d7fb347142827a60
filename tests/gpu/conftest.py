"""A CUDA session, or the reason why there is none."""

import os

import pytest

from inspector.adapters.onnx import load_detector
from inspector.adapters.onnx.providers import CUDA
from tests.unit.adapters.onnx.graphs import a_model_folder, brightness_graph

MUST = "INSPECTOR_GPU_TESTS"
"""Set to 1, as ``make gpu`` does, a missing GPU fails the tests instead of skipping them."""


@pytest.fixture(scope="session")
def cuda(tmp_path_factory):
    """Skip with the reason unless a session really runs on CUDA; return the device's name."""
    folder = a_model_folder(tmp_path_factory.mktemp("tiny"), brightness_graph())
    detector = load_detector(folder, "cuda")
    report = detector.device
    detector.close()
    if report.provider != CUDA:
        reason = f"needs a CUDA session: {report.fallback_reason}"
        if os.environ.get(MUST) == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return "cuda"
