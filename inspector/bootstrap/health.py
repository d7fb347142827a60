"""What ``doctor`` and the About box say: versions, device, speed, limits, trust."""

import platform
from time import perf_counter

import numpy as np

from inspector.adapters.c2pa.trust import TrustList
from inspector.bootstrap.detectors import list_detectors, open_detector
from inspector.bootstrap.scanning import open_reader
from inspector.bootstrap.trust import outdated_words, trust_store
from inspector.bootstrap.versions import engine_versions
from inspector.domain.errors import InspectorError
from inspector.domain.media import Frame
from inspector.pipeline.scoring import FrameScorer
from inspector.ports import Detector
from inspector.settings import Places, load_settings

SELF_TEST_FILES = 5
SELF_TEST_SIDE = 1024


def examine_installation() -> dict[str, dict[str, str]]:
    """Return sections of facts, each measured now; a part that fails says why."""
    places = Places()
    settings = load_settings(places.settings_file)
    report = {
        "Versions": dict(engine_versions()),
        "System": {"system": platform.platform(), "machine": platform.machine()},
    }
    report["Detector"] = _detector(settings.scan.model, settings.scan.device, places)
    report["Detectors"] = {
        entry.id: entry.trouble or f"{entry.spec.version if entry.spec else ''} {entry.folder}"
        for entry in list_detectors(places)
    }
    reader = open_reader(1, settings, places)
    try:
        report["Isolation of workers"] = dict(reader.isolation())
    finally:
        reader.close()
    report["Trust lists"] = {
        entry.id: f"{entry.tier.value}, {entry.certificates} {entry.kind.value}{_until(entry)}"
        for entry in trust_store(places).list()
    } or {"none": "no signer is trusted"}
    report["Folders"] = {
        "settings": str(places.settings_file),
        "data": str(places.data),
        "cache": str(places.cache),
    }
    return report


def _until(entry: TrustList) -> str:
    if entry.next_update is None:
        return ""
    late = ", out of date" if outdated_words(entry) else ""
    return f", next update {entry.next_update[:10]}{late}"


def _detector(model: str, device: str, places: Places) -> dict[str, str]:
    try:
        detector = open_detector(model, device, places)
    except InspectorError as error:
        return {"trouble": str(error)}
    try:
        facts = {
            "id": f"{detector.spec.id} {detector.spec.version}",
            "provider": detector.device.provider,
            "pictures per second": f"{self_test(detector):.2f}",
        }
        if detector.device.fallback_reason:
            facts["fallback"] = detector.device.fallback_reason
        return facts
    finally:
        detector.close()


def self_test(detector: Detector) -> float:
    """Return pictures of 1024 x 1024 px scored per second by one caller."""
    generator = np.random.default_rng(0)
    shape = (SELF_TEST_SIDE, SELF_TEST_SIDE, 3)
    frame = Frame(generator.integers(0, 256, shape, np.uint8))
    scorer = FrameScorer(detector)
    scorer.score(frame)
    started = perf_counter()
    for _ in range(SELF_TEST_FILES):
        scorer.score(frame)
    return SELF_TEST_FILES / (perf_counter() - started)
