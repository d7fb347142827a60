"""From a request to a running scan: session, workers, detector and policy put together."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event

from inspector.adapters.media.discover import find_files
from inspector.adapters.media.pool import WorkerPool
from inspector.adapters.policies import load_policy
from inspector.adapters.sqlite import SessionStore
from inspector.bootstrap.detectors import (
    FAST,
    FULL,
    known_calibrations,
    lasting_name,
    open_detector,
)
from inspector.bootstrap.recorder import RECORDER
from inspector.bootstrap.running import marked_running
from inspector.bootstrap.trust import trust_facts, trust_words
from inspector.bootstrap.versions import engine_versions
from inspector.bootstrap.worker import worker_entry
from inspector.domain.detector import Calibration, DetectorSpec, DeviceReport
from inspector.domain.errors import UsageError
from inspector.domain.events import PathTrouble, ScanEvent
from inspector.domain.media import FoundFile, display_path
from inspector.domain.policy import Policy, with_thresholds
from inspector.pipeline.assess import Assessor
from inspector.pipeline.scan import Scan
from inspector.pipeline.scoring import FrameScorer
from inspector.ports import Detector, ExaminePlan, MediaReader, SessionInfo, Store
from inspector.settings import Places, ScanSettings, Settings, load_settings


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """What a front end asks for; None leaves a choice to the settings.

    ``frames`` is the number scored per clip, 0 for every frame; ``stability`` has every file
    scored again from changed copies.
    """

    roots: tuple[str, ...]
    session: Path | None = None
    resume: bool = False
    model: str | None = None
    no_detector: bool = False
    device: str | None = None
    policy: str | None = None
    jobs: int | None = None
    frames: int | None = None
    stability: bool = False


@dataclass(frozen=True, slots=True)
class RunningScan:
    """A scan ready to be iterated, its session, and what to say aloud before it starts."""

    scan: Scan
    session: Path
    words: tuple[str, ...]
    detector: DetectorSpec | None
    device: Callable[[], DeviceReport | None]

    def events(self) -> Iterator[ScanEvent]:
        return RECORDER.follow(self.scan.events())


def job_count(wanted: int) -> int:
    """Return files in work at once; 0 asks for one per core, and one."""
    if wanted:
        return wanted
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (cores or 1) + 1


def resolved(roots: Sequence[str]) -> tuple[str, ...]:
    """Return the dropped paths absolute and resolved."""
    return tuple(os.path.realpath(root) for root in roots)


def scan_settings(request: ScanRequest, settings: ScanSettings) -> ScanSettings:
    """Return the settings with what the request asks for put over them."""
    asked = {
        name: value
        for name in ("model", "device", "policy", "jobs", "frames")
        if (value := getattr(request, name)) is not None
    }
    return settings.model_copy(update=asked)


def build_assessor(
    reader: MediaReader,
    detector: Detector | None,
    policy: Policy,
    settings: ScanSettings,
    others: Mapping[str, Calibration] | None = None,
    *,
    stability: bool = False,
    keeps_others: bool = True,
) -> Assessor:
    """Return what turns files into items; every front end scans through it."""
    return Assessor(
        reader=reader,
        scorer=FrameScorer(detector, settings.tiles) if detector else None,
        policy=policy,
        plan=ExaminePlan(frames=settings.frames or None, pixels=detector is not None),
        engine_versions=engine_versions(),
        stability=stability,
        others=others or {},
        keeps_others=keeps_others,
    )


def build_scan(
    roots: Sequence[str],
    prepare: Callable[[], Assessor],
    store: Store,
    jobs: int,
    cancel: Event,
) -> Scan:
    """Return a scan of resolved paths into a session; ``prepare`` runs while files are found."""
    return Scan(resolved(roots), find_files, prepare, store, job_count(jobs), cancel)


def scan_again(
    paths: Sequence[str],
    prepare: Callable[[], Assessor],
    store: Store,
    jobs: int,
    cancel: Event,
) -> Scan:
    """Return a scan that scores files of a session anew, whatever it holds of them."""
    finder = partial(_files_of, store)
    return Scan(paths, finder, prepare, store, job_count(jobs), cancel, again=True)


def _files_of(
    store: Store, paths: Sequence[str], cancel: Event
) -> Iterator[FoundFile | PathTrouble]:
    """Yield files of a session as they are now, under the folder they were dropped with."""
    for path in paths:
        if cancel.is_set():
            return
        known = store.item(path)
        try:
            facts = os.stat(path)
        except OSError as error:
            yield PathTrouble(path, f"{display_path(path)}: {error.strerror}.", dropped=False)
            continue
        root = known.file.root if known is not None else path
        yield FoundFile(path, facts.st_size, facts.st_mtime_ns, root)


def policy_for(name: str, model_sha256: str) -> Policy:
    """Return a policy for a detector that its calibration may not be of: then it drops nothing.

    Raises:
        UsageError: there is no such policy, or the file is wrong.
    """
    try:
        return load_policy(name, model_sha256)
    except UsageError:
        return with_thresholds(load_policy(name, None), {})


@contextmanager
def open_scan(request: ScanRequest, cancel: Event) -> Iterator[RunningScan]:
    """Open everything a scan needs and close it afterwards.

    Raises:
        UsageError: the request does not fit (an existing session without ``resume``, ...).
        InspectorError: a part cannot be opened.
    """
    places = Places()
    settings = load_settings(places.settings_file)
    wanted = scan_settings(request, settings.scan)
    with ExitStack() as stack:
        store = stack.enter_context(_open_store(request))
        if request.session is not None:
            stack.enter_context(marked_running(places, store.path))
        begun = store.info()
        if request.resume and request.model is None and begun.model:
            wanted = wanted.model_copy(update={"model": begun.model})
        detector = None
        if not request.no_detector:
            detector = open_detector(wanted.model, wanted.device, places)
            stack.callback(detector.close)
        policy = load_policy(wanted.policy, detector.spec.sha256 if detector else None)
        reader = open_reader(job_count(wanted.jobs), settings, places)
        stack.callback(reader.close)
        details = scan_details(detector, policy, reader, places)
        RECORDER.know({"session": str(store.path), **details})
        model = lasting_name(wanted.model, detector.spec) if detector else None
        roots = resolved(request.roots)
        store.set_info(with_scan(begun, roots, model, policy, details))
        assessor = build_assessor(
            reader,
            detector,
            policy,
            wanted,
            known_calibrations(places),
            stability=request.stability,
            keeps_others=request.model is None,
        )
        scan = build_scan(request.roots, lambda: assessor, store, wanted.jobs, cancel)
        words = (*device_words(detector, wanted.model), *trust_words(places))
        spec = detector.spec if detector else None
        yield RunningScan(scan, store.path, words, spec, lambda: _device_of(detector))
        record_device(store, detector)


def open_reader(workers: int, settings: Settings, places: Places) -> MediaReader:
    """Return a pool of limited workers that read hostile files."""
    return WorkerPool(workers, settings.limits, worker_entry(places.trust))


def device_words(detector: Detector | None, asked: str | None = None) -> tuple[str, ...]:
    """Return what to say of the detector and the device it really runs on.

    Args:
        asked: the model asked for; where it is "auto", why this one was taken is said too.
    """
    if detector is None:
        return ("No detector: nothing is scored.",)
    device, spec = detector.device, detector.spec
    said = f"Detector {spec.id} {spec.version} on {device.name}"
    if asked == "auto":
        said += f": {_choice_words(device)}"
    reason = (device.fallback_reason,) if device.fallback_reason else ()
    return (f"{said}.", *reason)


def _device_of(detector: Detector | None) -> DeviceReport | None:
    return detector.device if detector else None


def _choice_words(device: DeviceReport) -> str:
    if device.name == "CPU":
        return f"the fast one, since no GPU is in use; --model {FULL} takes the large one"
    return f"the large one, since a GPU is in use; --model {FAST} takes the fast one"


def record_device(store: Store, detector: Detector | None) -> None:
    """Add to a session's facts where the detector ran in the end, if not where it began."""
    info = store.info()
    begun = info.details.get("device")
    if detector is None or begun is None or begun.endswith(detector.device.provider):
        return
    device = f"{begun}, then {detector.device.provider}"
    store.set_info(replace(info, details={**info.details, "device": device}))


def _open_store(request: ScanRequest) -> SessionStore:
    if request.session is None:
        if request.resume:
            raise UsageError("--resume needs the --session to go on with.")
        return SessionStore.temporary()
    if not request.session.exists():
        return SessionStore.create(request.session)
    if not request.resume:
        raise UsageError(
            f"{request.session} exists already; add --resume to go on with it, or name another."
        )
    return SessionStore.open(request.session)


def scan_details(
    detector: Detector | None, policy: Policy, reader: MediaReader, places: Places
) -> dict[str, str]:
    """Return what a session and its exports record of how files were examined."""
    details = {f"engine.{name}": value for name, value in engine_versions().items()}
    details |= {f"isolation.{name}": value for name, value in reader.isolation().items()}
    if detector is not None:
        details["model.sha256"] = detector.spec.sha256
        details["device"] = detector.device.provider
    details["policy.sha256"] = policy.sha256
    return details | trust_facts(places)


def with_scan(
    begun: SessionInfo,
    roots: tuple[str, ...],
    model: str | None,
    policy: Policy,
    details: dict[str, str],
) -> SessionInfo:
    """Return a session's facts with a scan added to them; it keeps the model it began with."""
    return replace(
        begun,
        roots=tuple(dict.fromkeys([*begun.roots, *roots])),
        model=begun.model or model,
        policy=policy.name,
        created_at=begun.created_at or datetime.now(UTC).isoformat(timespec="seconds"),
        details={**begun.details, **details},
    )
