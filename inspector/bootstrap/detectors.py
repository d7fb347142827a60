"""Which detectors there are, and which one a scan gets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from inspector.adapters.onnx import accelerator_in_sight, load_detector, read_card
from inspector.bootstrap.model_check import check_once
from inspector.domain.detector import Calibration, DetectorSpec
from inspector.domain.errors import ModelError, UsageError
from inspector.ports import Detector
from inspector.settings import Places, data_folder

FAST = "inspector-fast"
FULL = "inspector-full"
CARD = "card.toml"


@dataclass(frozen=True, slots=True)
class ListedDetector:
    """A detector found on this machine; ``trouble`` says why its card cannot be read."""

    id: str
    folder: Path
    spec: DetectorSpec | None
    trouble: str | None


def model_folders(places: Places) -> tuple[Path, ...]:
    """Return where detectors are looked for: shipped ones first, then the user's own."""
    return (data_folder("models"), places.data / "models")


def list_detectors(places: Places) -> Iterator[ListedDetector]:
    """Yield every detector, shipped ones first, by name."""
    for parent in model_folders(places):
        for folder in sorted(path.parent for path in parent.glob(f"*/{CARD}")):
            try:
                spec = read_card(folder)
            except ModelError as error:
                yield ListedDetector(folder.name, folder, None, str(error))
            else:
                yield ListedDetector(spec.id, folder, spec, None)


def known_calibrations(places: Places) -> Mapping[str, Calibration]:
    """Return what each detector's likelihoods mean, by the sha256 of its card."""
    listed = (found.spec for found in list_detectors(places))
    return {spec.sha256: spec.calibration for spec in listed if spec is not None}


def detector_folder(model: str, places: Places) -> Path:
    """Return the folder of a detector named by id or by folder.

    Raises:
        UsageError: there is none of that name.
    """
    given = Path(model)
    if (given / CARD).is_file():
        return given
    for parent in model_folders(places):
        if "/" not in model and (parent / model / CARD).is_file():
            return parent / model
    for listed in list_detectors(places):
        if listed.spec is not None and listed.spec.id == model:
            return listed.folder
    known = ", ".join(listed.id for listed in list_detectors(places)) or "none"
    raise UsageError(f"There is no detector {model}; known are {known}, or give a folder.")


def card_of(model: str, places: Places) -> DetectorSpec:
    """Return what the card of a detector says, by id or folder.

    Raises:
        UsageError: there is none of that name.
        ModelError: its card cannot be read.
    """
    return read_card(detector_folder(model, places))


def lasting_name(model: str, spec: DetectorSpec) -> str:
    """Return what a session notes to find its detector again: an id, or the folder it lies in.

    Args:
        model: by what name it was asked for.
        spec: what was loaded for it.
    """
    if (Path(model) / CARD).is_file():
        return str(Path(model).resolve())
    return spec.id


def open_detector(model: str, device: str, places: Places) -> Detector:
    """Load a detector; "auto" takes *full* where a GPU session is real, else *fast*.

    One that does not ship is first checked in a limited child process, once for each card.

    Raises:
        UsageError: there is none of that name.
        ModelError: it is refused or cannot be loaded.
    """
    if model != "auto":
        folder = detector_folder(model, places)
        check_once(folder, places.cache / "checked-detectors")
        return load_detector(folder, device)
    shipped = data_folder("models")
    # Loading the large one only to find that there is no GPU would cost seconds and memory.
    if accelerator_in_sight(device) and (shipped / FULL / CARD).is_file():
        detector = load_detector(shipped / FULL, device)
        if detector.device.name != "CPU":
            return detector
        detector.close()
    return load_detector(detector_folder(FAST, places), device)


def card_in_waiting(model: str, places: Places) -> DetectorSpec | None:
    """Return the card that ``open_detector`` would load on a CPU; None where it would fail."""
    try:
        return read_card(detector_folder(FAST if model == "auto" else model, places))
    except (UsageError, ModelError):
        return None
