"""What ``doctor`` and the About box say: versions, device, speed, limits, trust."""

import platform
from collections.abc import Mapping

from inspector.adapters.c2pa.trust import TrustList
from inspector.adapters.onnx import device_facts
from inspector.bootstrap.detectors import FAST, FULL, list_detectors, open_detector
from inspector.bootstrap.scanning import job_count, open_reader
from inspector.bootstrap.self_test import measure_speed
from inspector.bootstrap.trust import outdated_words, trust_store
from inspector.bootstrap.versions import engine_versions
from inspector.domain.errors import InspectorError
from inspector.ports import Detector, MediaReader
from inspector.settings import Places, ScanSettings, load_settings

Report = dict[str, dict[str, str]]
"""Facts by section, in the order they are shown."""


def examine_installation(device: str | None = None) -> Report:
    """Return sections of facts, each measured now; a part that fails says why.

    Args:
        device: where detectors are tried; None takes that of the settings.
    """
    places = Places()
    settings = load_settings(places.settings_file)
    scan = settings.scan.model_copy(update={"device": device or settings.scan.device})
    reader = open_reader(1, settings, places)
    try:
        in_use = _examined(scan.model, scan, places)
        tests = {}
        for model in (FAST, FULL):
            same = in_use.get("id", "").startswith(f"{model} ")
            tests[model] = in_use if same else _examined(model, scan, places)
        return installation_report(in_use, reader, places, tests)
    finally:
        reader.close()


def installation_report(
    detector: dict[str, str],
    reader: MediaReader,
    places: Places,
    tests: Mapping[str, dict[str, str]] | None = None,
) -> Report:
    """Return every section, with what is told of the detector in use as it is given.

    Args:
        tests: the same of every detector that was tried, by its id.
    """
    return {
        "Versions": dict(engine_versions()),
        "System": {"system": platform.platform(), "machine": platform.machine()},
        "Devices": dict(device_facts()),
        "Detector": detector,
        **{f"Self-test of {model}": facts for model, facts in (tests or {}).items()},
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
    """Return which detector is loaded, the provider it really got, and how fast that is."""
    device = detector.device
    facts = {"id": f"{detector.spec.id} {detector.spec.version}", "provider": device.provider}
    if device.fallback_reason:
        facts["fallback"] = device.fallback_reason
    if device.graph_share is not None:
        facts["share of the graph on it"] = f"{device.graph_share:.0%}"
    if device.tiles_per_s is not None:
        facts["tiles per second"] = f"{device.tiles_per_s:.2f}"
        facts["tiles in a batch"] = str(device.batch)
    return facts


def _until(entry: TrustList) -> str:
    if entry.next_update is None:
        return ""
    late = ", out of date" if outdated_words(entry) else ""
    return f", next update {entry.next_update[:10]}{late}"


def _examined(model: str, scan: ScanSettings, places: Places) -> dict[str, str]:
    try:
        detector = open_detector(model, scan.device, places)
    except InspectorError as error:
        return {"trouble": str(error)}
    try:
        speed = measure_speed(detector, job_count(scan.jobs), scan.tiles)
        measured = {
            "pictures per second": f"{speed.pictures_per_s:.2f}",
            "callers": str(speed.callers),
        }
        return detector_facts(detector) | measured
    except InspectorError as error:
        return detector_facts(detector) | {"trouble": str(error)}
    finally:
        detector.close()
