"""An imported detector is run in a limited child first, and refused with a reason."""

import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from inspector.bootstrap import model_check
from inspector.bootstrap.detectors import open_detector
from inspector.bootstrap.model_check import DIRECTION, check_model
from inspector.domain.errors import ModelError
from inspector.settings import Places
from tests.lessons import a_teachable_folder, some_pictures
from tests.unit.adapters.onnx.graphs import MAP, SCORE, a_model_folder, brightness_graph
from tests.unit.bootstrap.hostile_graphs import (
    HOSTILE,
    a_folder_with_a_wrong_hash,
    a_hostile_folder,
)

QUICK = ("NaN", "out of range", "the same for all", "data at a path", "custom operator")


@pytest.fixture
def good(tmp_path):
    graph = brightness_graph(gain=0.02, shift=-2.5, outputs=("score", "map"))
    folder = tmp_path / "good"
    folder.mkdir()
    return a_model_folder(folder, graph, SCORE.format(kind="logit") + MAP)


def test_that_a_good_detector_passes_at_three_sizes(good):
    findings = check_model(good)
    for size in ("512 x 384", "640 x 640", "1200 x 300"):
        assert sum(size in finding for finding in findings) == 2
    assert findings[-1] == DIRECTION


@pytest.mark.parametrize("name", QUICK)
def test_that_a_hostile_detector_is_refused_with_a_reason(tmp_path, name):
    with pytest.raises(ModelError, match=HOSTILE[name][1]) as caught:
        check_model(a_hostile_folder(tmp_path / "model", name))
    assert str(caught.value).startswith("Refused: ")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - {*QUICK, "endless"}))
def test_that_every_other_hostile_detector_is_refused_too(tmp_path, name):
    with pytest.raises(ModelError, match=HOSTILE[name][1]):
        check_model(a_hostile_folder(tmp_path / "model", name))


def test_that_a_detector_that_never_ends_is_refused_in_time(tmp_path):
    folder = a_hostile_folder(tmp_path / "model", "endless")
    started = time.monotonic()
    with pytest.raises(ModelError, match="did not finish within 4 s"):
        check_model(folder, time_limit_s=4)
    assert time.monotonic() - started < 10


def test_that_a_detector_that_outgrows_its_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(model_check, "RESIDENT_BYTES", 1 << 20)
    with pytest.raises(ModelError, match="of memory"):
        check_model(a_hostile_folder(tmp_path / "model", "endless"))


def test_that_another_file_than_the_cards_is_refused(tmp_path):
    with pytest.raises(ModelError, match="not the one its card names"):
        check_model(a_folder_with_a_wrong_hash(tmp_path / "model"))


def test_that_an_imported_detector_is_checked_before_it_is_opened(tmp_path):
    places = Places(tmp_path / "home")
    with pytest.raises(ModelError, match="Refused"):
        open_detector(str(a_hostile_folder(tmp_path / "model", "NaN")), "cpu", places)


def test_that_a_detector_that_passed_is_not_checked_again(tmp_path, good, monkeypatch):
    places = Places(tmp_path / "home")
    open_detector(str(good), "cpu", places).close()
    monkeypatch.setattr(model_check, "TIME_LIMIT_S", 0.0)
    monkeypatch.setattr(model_check, "_entry", lambda: ("/no/such/program",))
    open_detector(str(good), "cpu", places).close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits calls")
def test_that_the_child_may_make_no_socket_and_no_file(good, tmp_path, monkeypatch):
    boot = (
        "import json, os, socket, sys; sys.path[:] = {path!r}\n"
        "from inspector.bootstrap import model_check as check  # not {module}\n"
        "check._limit(os.getppid(), 60.0)\n"
        "said = []\n"
        "for act in (lambda: socket.socket(socket.AF_INET), lambda: open('made', 'w')):\n"
        "    try: act()\n"
        "    except OSError as error: said.append(type(error).__name__)\n"
        "print(json.dumps(said))"
    )
    monkeypatch.setattr(model_check, "_BOOT", boot)
    assert check_model(good) == ["PermissionError", "PermissionError"]


def test_that_what_a_detector_was_trained_on_is_checked(tmp_path):
    folder = a_teachable_folder(tmp_path / "model", some_pictures(60, tells=3))
    assert "can be taught: 60 training pictures, 4 features each" in check_model(folder)


def test_that_training_features_of_another_net_are_refused(tmp_path):
    pictures = some_pictures(60, tells=3)
    wide = replace(pictures, features=np.repeat(pictures.features, 2, axis=1))
    with pytest.raises(ModelError, match="does not fit its net"):
        check_model(a_teachable_folder(tmp_path / "model", wide))
