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
from inspector.ports import Detector, MediaReader
from inspector.settings import Places, load_settings

SELF_TEST_FILES = 5
SELF_TEST_SIDE = 1024


Report = dict[str, dict[str, str]]
"""Facts by section, in the order they are shown."""


def examine_installation() -> Report:
    """Return sections of facts, each measured now; a part that fails says why."""
    places = Places()
    settings = load_settings(places.settings_file)
    reader = open_reader(1, settings, places)
    try:
        detector = _examined_detector(settings.scan.model, settings.scan.device, places)
        return installation_report(detector, reader, places)
    finally:
        reader.close()


def installation_report(detector: dict[str, str], reader: MediaReader, places: Places) -> Report:
    """Return every section, with what is told of the detector as it is given."""
    return {
        "Versions": dict(engine_versions()),
        "System": {"system": platform.platform(), "machine": platform.machine()},
        "Detector": detector,
        "Detectors": {
            entry.id: entry.trouble or f"{entry.spec.version if entry.spec else ''} {entry.folder}"
            for entry in list_detectors(places)
        },
        "Isolation of workers": dict(reader.isolation()),
        "Trust lists": {
            entry.id: f"{entry.tier.value}, {entry.certificates} {entry.kind.value}{_until(entry)}"
            for entry in trust_store(places).list()
        }
        or {"none": "no signer is trusted"},
        "Folders": {
            "settings": str(places.settings_file),
            "data": str(places.data),
            "cache": str(places.cache),
        },
    }


def detector_facts(detector: Detector) -> dict[str, str]:
    """Return which detector is loaded and the provider it really got."""
    facts = {
        "id": f"{detector.spec.id} {detector.spec.version}",
        "provider": detector.device.provider,
    }
    if detector.device.fallback_reason:
        facts["fallback"] = detector.device.fallback_reason
    return facts


def _until(entry: TrustList) -> str:
    if entry.next_update is None:
        return ""
    late = ", out of date" if outdated_words(entry) else ""
    return f", next update {entry.next_update[:10]}{late}"


def _examined_detector(model: str, device: str, places: Places) -> dict[str, str]:
    try:
        detector = open_detector(model, device, places)
    except InspectorError as error:
        return {"trouble": str(error)}
    try:
        speed = {"pictures per second": f"{self_test(detector):.2f}"}
        return detector_facts(detector) | speed
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
