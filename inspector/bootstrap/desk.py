"""Everything the desk asks of the rest of Inspector, behind one object."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.policies import load_policy
from inspector.adapters.sqlite import SessionStore, open_or_look
from inspector.bootstrap.demo import make_demo
from inspector.bootstrap.detectors import lasting_name, list_detectors
from inspector.bootstrap.health import detector_facts, installation_report
from inspector.bootstrap.recorder import RECORDER
from inspector.bootstrap.remote import is_encrypted, read_remote, remote_address
from inspector.bootstrap.running import RunningMark, left_behind
from inspector.bootstrap.scanning import (
    build_assessor,
    build_scan,
    job_count,
    open_reader,
    policy_for,
    record_device,
    resolved,
    scan_again,
    scan_details,
    with_scan,
)
from inspector.bootstrap.session_detectors import SessionDetectors
from inspector.bootstrap.sessions import export_store, list_formats
from inspector.bootstrap.trust import trust_words
from inspector.domain.detector import DetectorSpec, DeviceReport
from inspector.domain.errors import StoreError, UsageError
from inspector.domain.events import ScanEvent
from inspector.domain.item import ModelId
from inspector.domain.media import MediaKind
from inspector.domain.policy import Thresholds
from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.score import FrameScore, WholeMap
from inspector.domain.verdict import Decision
from inspector.pipeline.assess import Assessor
from inspector.pipeline.scoring import FrameScorer
from inspector.pipeline.stretch import score_stretch
from inspector.pipeline.whole_map import draw_whole_map
from inspector.ports import Detector, MediaReader, Rescore, Store, WrittenList
from inspector.settings import Places, Settings, load_settings, save_settings

DESK_WORKERS = 2
"""Workers of the desk's own: one for what is looked at, one for thumbnails."""

SESSION_SUFFIX = ".inspection"


class Desk:
    """Owns the open session, the desk's workers and the detector; any thread may call it.

    The detector is loaded by the first scan or map and stays: the scan and the desk's maps
    share it, as one device has one owner.
    """

    def __init__(self, places: Places, settings: Settings, session: Path) -> None:
        self._places = places
        self._settings = settings
        self._begun_here = not session.exists()
        self._left_behind = left_behind(places)
        self._store = _store_at(session)
        self._mark = _mark_for(places, self._store)
        self._reader = open_reader(DESK_WORKERS, settings, places)
        self._detectors = SessionDetectors(places, settings.scan, self._store.info().model)

    @property
    def store(self) -> Store:
        return self._store

    @property
    def reader(self) -> MediaReader:
        return self._reader

    @property
    def settings(self) -> Settings:
        return self._settings

    def change_settings(self, settings: Settings) -> None:
        self._settings = settings
        self._detectors.change(settings.scan)
        try:
            save_settings(settings, self._places.settings_file)
        except OSError as error:
            raise UsageError(f"The settings could not be saved: {error.strerror}.") from error

    def scan(self, roots: Sequence[str], cancel: Event) -> Iterator[ScanEvent]:
        wanted = self._settings.scan
        if self._store.only_looks:
            raise StoreError(self._store.only_looks)
        with ExitStack() as stack:

            def prepare() -> Assessor:
                detector = self._detectors.own()
                policy = load_policy(wanted.policy, detector.spec.sha256)
                reader = open_reader(job_count(wanted.jobs), self._settings, self._places)
                stack.callback(reader.close)
                stack.callback(record_device, self._store, detector)
                details = scan_details(detector, policy, reader, self._places)
                begun = self._store.info()
                model = lasting_name(wanted.model, detector.spec)
                info = with_scan(begun, resolved(roots), model, policy, details)
                self._store.set_info(info)
                RECORDER.know({"session": str(self._store.path), **details})
                return build_assessor(
                    reader, detector, policy, wanted, self._detectors.calibrations
                )

            scan = build_scan(roots, prepare, self._store, wanted.jobs, cancel)
            yield from RECORDER.follow(scan.events())

    def score_again(self, wanted: Rescore, cancel: Event) -> Iterator[ScanEvent]:
        scan = self._settings.scan
        if wanted.frames is not None:
            scan = scan.model_copy(update={"frames": wanted.frames})
        for model, paths in self._by_model(wanted).items():
            with ExitStack() as stack:

                def prepare(model: str = model, stack: ExitStack = stack) -> Assessor:
                    detector = self._detectors.get(model)
                    policy = policy_for(scan.policy, detector.spec.sha256)
                    reader = open_reader(job_count(scan.jobs), self._settings, self._places)
                    stack.callback(reader.close)
                    self._note_model(detector)
                    return build_assessor(
                        reader,
                        detector,
                        policy,
                        scan,
                        self._detectors.calibrations,
                        stability=wanted.stability,
                    )

                run = scan_again(paths, prepare, self._store, scan.jobs, cancel)
                yield from RECORDER.follow(run.events())

    def detectors(self) -> Sequence[DetectorSpec]:
        listed = (found.spec for found in list_detectors(self._places))
        return [spec for spec in listed if spec is not None]

    def detector(self) -> DetectorSpec | None:
        loaded = self._detectors.loaded
        return loaded.spec if loaded else None

    def load_detector(self) -> None:
        self._detectors.own()

    def device(self) -> DeviceReport | None:
        loaded = self._detectors.loaded
        return loaded.device if loaded else None

    def thresholds(
        self, media: MediaKind | None, model: ModelId | None = None
    ) -> Thresholds | None:
        return self._detectors.thresholds(media, model)

    def whole_map(
        self,
        pixels: NDArray[np.uint8],
        model: ModelId | None,
        step: Callable[[int, int], None],
        cancel: Event,
    ) -> WholeMap:
        scorer = FrameScorer(self._detectors.of_item(model), self._settings.scan.tiles)
        return draw_whole_map(scorer, pixels, step, cancel)

    def score_frames(
        self, path: str, model: ModelId | None, start_s: float, end_s: float, cancel: Event
    ) -> Iterator[FrameScore]:
        scorer = FrameScorer(self._detectors.of_item(model), self._settings.scan.tiles)
        clip = self._reader.open_clip(path)
        try:
            yield from score_stretch(scorer, clip, start_s, end_s, cancel)
        finally:
            clip.close()

    def remote_host(self, provenance: Provenance) -> str:
        url, host = remote_address(provenance)
        return host if is_encrypted(url) else f"http://{host}"

    def fetch_manifests(self, path: str, provenance: Provenance) -> ManifestStore:
        # Whoever asks was shown ``remote_host``, which says where nothing is encrypted.
        return read_remote(
            path,
            provenance,
            self._reader,
            self._places,
            hosts=self._settings.network.hosts,
            allow_http=True,
        )

    def formats(self) -> Sequence[str]:
        return list_formats()

    def export(
        self, formats: Sequence[str], folder: Path, only: Decision | None
    ) -> Sequence[WrittenList]:
        return export_store(self._store, formats, folder, only, "desk")

    def sample(self) -> str:
        folder = self._places.data / "sample"
        if not folder.is_dir():
            make_demo(folder)
        return str(folder)

    def trust_words(self) -> Sequence[str]:
        return trust_words(self._places)

    def facts(self) -> Mapping[str, str]:
        loaded = self._detectors.loaded
        detector = detector_facts(loaded) if loaded else {"id": "not loaded yet"}
        report = installation_report(detector, self._reader, self._places)
        return {
            f"{section}: {name}": value
            for section, facts in report.items()
            for name, value in facts.items()
        }

    def left_behind(self) -> Sequence[Path]:
        return self._left_behind

    def open_session(self, path: Path) -> None:
        if path.resolve() == self._store.path and not self._store.only_looks:
            return  # it is open here already
        begins = not path.exists()
        opened = _store_at(path)
        _close_store(self._store, self._begun_here)
        _remove_mark(self._mark)
        self._store, self._begun_here = opened, begins
        self._detectors.begin_session(opened.info().model)
        self._mark = _mark_for(self._places, opened)

    def close(self) -> None:
        self._reader.close()
        self._detectors.close()
        _close_store(self._store, self._begun_here)
        _remove_mark(self._mark)

    def _by_model(self, wanted: Rescore) -> Mapping[str, Sequence[str]]:
        """Return the paths by the detector that is to score them: the one asked for, or their own.

        An item that none has scored, or one that is gone, gets the session's.
        """
        if wanted.model is not None:
            return {wanted.model: wanted.paths}
        own = self._detectors.own().spec
        here = {spec.sha256 for spec in self.detectors()} - {own.sha256}
        groups: dict[str, list[str]] = {}
        for path in wanted.paths:
            item = self._store.item(path)
            model = item.model if item is not None else None
            is_other = model is not None and model.sha256 in here
            groups.setdefault(model.id if model and is_other else own.id, []).append(path)
        return groups

    def _note_model(self, detector: Detector) -> None:
        """Record another detector than the session's own beside it, for exports."""
        begun = self._store.info()
        fact = {f"model.{detector.spec.id}.sha256": detector.spec.sha256}
        self._store.set_info(replace(begun, details={**begun.details, **fact}))


def open_desk(paths: Sequence[str]) -> tuple[Desk, list[str]]:
    """Open the desk on a dropped session, or on a fresh one; return it and the other paths.

    Raises:
        StoreError: the session cannot be opened.
        UsageError: the settings are wrong.
    """
    places = Places()
    settings = load_settings(places.settings_file)
    sessions = [path for path in paths if path.endswith(SESSION_SUFFIX) and Path(path).is_file()]
    rest = [path for path in paths if path not in sessions]
    session = Path(sessions[0]) if sessions else fresh_session(places)
    return Desk(places, settings, session), rest


def fresh_session(places: Places) -> Path:
    """Return a path for a new session, named by the time it begins."""
    places.sessions.mkdir(parents=True, exist_ok=True)
    name = datetime.now(UTC).astimezone().strftime("%Y-%m-%d %H.%M.%S")
    candidate = places.sessions / f"{name}{SESSION_SUFFIX}"
    number = 2
    while candidate.exists():
        candidate = places.sessions / f"{name} {number}{SESSION_SUFFIX}"
        number += 1
    return candidate


def _store_at(path: Path) -> Store:
    return open_or_look(path) if path.exists() else SessionStore.create(path)


def _mark_for(places: Places, store: Store) -> RunningMark | None:
    """Mark a session as worked on, unless it is only looked at."""
    return None if store.only_looks else RunningMark(places, store.path)


def _remove_mark(mark: RunningMark | None) -> None:
    if mark is not None:
        mark.remove()


def _close_store(store: Store, begun_here: bool) -> None:
    """Close a session; one begun in this run in which nothing was found leaves no file behind."""
    leave_nothing = begun_here and store.count() == 0
    path = store.path
    store.close()
    if leave_nothing:
        for suffix in ("", "-wal", "-shm", "-lock", "-journal.jsonl"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
