"""Two folders scored for a comparison: files as they are, treated copies, pasted regions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.sqlite import SessionStore
from inspector.adapters.treat import MOST_PIXELS, treated
from inspector.bootstrap.detectors import open_detector
from inspector.bootstrap.scanning import (
    build_assessor,
    build_scan,
    device_words,
    job_count,
    open_reader,
)
from inspector.domain.detector import DetectorSpec
from inspector.domain.errors import MediaError, ModelError
from inspector.domain.events import ItemJudged, Progress
from inspector.domain.figures import Treatment
from inspector.domain.item import Item
from inspector.domain.media import FoundFile, Frame, MediaKind
from inspector.domain.policy import PRESETS, Thresholds
from inspector.domain.provenance import ManifestStore
from inspector.pipeline.baselines import Trivial, trivial_measures
from inspector.pipeline.evaluation import ComparedFile, Scored
from inspector.pipeline.pasting import FoundRegions, found_regions, paste
from inspector.pipeline.scan import Scan
from inspector.pipeline.scenes import scene_hash
from inspector.pipeline.scoring import FrameScorer
from inspector.ports import (
    ClipReader,
    Examination,
    ExaminePlan,
    MediaReader,
    ScanCancelled,
)
from inspector.settings import Places, load_settings

_TRIES = 4
"""Pairs of pictures tried for each region that is wanted; some are too small."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was measured of a file besides its score."""

    scene: int
    trivial: Trivial | None
    copies: Mapping[Treatment, Scored] = field(default_factory=dict)


class _WatchedReader:
    """A reader that measures each file's first frame once more; threads may share it.

    Treated copies are made from pixels that a limited worker has decoded, so the same frame
    stands behind every figure and no file is opened twice.
    """

    def __init__(
        self, reader: MediaReader, scorer: FrameScorer, treatments: Sequence[Treatment]
    ) -> None:
        self._reader = reader
        self._scorer = scorer
        self._treatments = treatments
        self._lock = Lock()
        self.seen: dict[str, _Seen] = {}

    def examine(
        self,
        file: FoundFile,
        plan: ExaminePlan,
        on_frame: Callable[[Frame], None],
        cancel: Event,
    ) -> Examination:
        kept: list[NDArray[np.uint8]] = []

        def keep(frame: Frame) -> None:
            on_frame(frame)
            if not kept:
                kept.append(frame.pixels.copy())  # the worker's memory is lent only until now

        examined = self._reader.examine(file, plan, keep, cancel)
        if kept and examined.info is not None:
            still = examined.info.kind is MediaKind.IMAGE
            seen = self._measured(kept[0], still, cancel)
            with self._lock:
                self.seen[file.path] = seen
        return examined

    def _measured(self, pixels: NDArray[np.uint8], still: bool, cancel: Event) -> _Seen:
        trivial = trivial_measures(pixels)
        copies: dict[Treatment, Scored] = {}
        fits = pixels.shape[0] * pixels.shape[1] <= MOST_PIXELS
        for treatment in self._treatments if still and fits else ():
            if cancel.is_set():
                raise ScanCancelled
            copy = treated(pixels, treatment)
            if copy is not None:
                likelihood = self._scorer.score(Frame(copy)).likelihood
                copies[treatment] = Scored(likelihood, trivial_measures(copy))
        return _Seen(scene_hash(pixels), trivial, copies)

    def thumbnail(self, path: str, side_px: int, *, quick: bool = False) -> NDArray[np.uint8]:
        return self._reader.thumbnail(path, side_px, quick=quick)

    def picture(self, path: str) -> Frame:
        return self._reader.picture(path)

    def manifests(self, path: str, beside: str | None = None) -> ManifestStore:
        return self._reader.manifests(path, beside)

    def open_clip(self, path: str) -> ClipReader:
        return self._reader.open_clip(path)

    def isolation(self) -> Mapping[str, str]:
        return self._reader.isolation()

    def close(self) -> None:
        self._reader.close()


def source_of(file: FoundFile) -> str:
    """Return the sub-folder of the root that a file was found in; the root's name at its top.

    What a link led to may lie elsewhere; its own folder's name stands for the source then.
    """
    path, root = Path(file.path), Path(file.root)
    if not path.is_relative_to(root):
        return path.parent.name
    parts = path.relative_to(root).parts
    return parts[0] if len(parts) > 1 else root.name


class Comparison:
    """Scores two folders once; holds what was measured until its figures are made."""

    def __init__(
        self,
        real: Path,
        synthetic: Path,
        scan: Scan,
        watched: _WatchedReader,
        scorer: FrameScorer,
        words: tuple[str, ...],
    ) -> None:
        self._roots = {real.resolve(): False, synthetic.resolve(): True}
        self._scan = scan
        self._watched = watched
        self._scorer = scorer
        self._files: list[ComparedFile] = []
        self._stills: dict[bool, list[str]] = {False: [], True: []}
        self.words = words
        self.unscored = 0
        self.clips = 0

    @property
    def spec(self) -> DetectorSpec:
        return self._scorer.spec

    @property
    def files(self) -> list[ComparedFile]:
        """The scored files, by path."""
        return sorted(self._files, key=lambda file: file.path)

    def run(self) -> Iterator[Progress]:
        """Score every file; yield how far it is.

        Raises:
            InspectorError: the detector or the workers broke down as a whole.
        """
        for event in self._scan.events():
            match event:
                case ItemJudged(item=item):
                    self._add(item)
                case Progress():
                    yield event
                case _:
                    pass

    def regions(self, count: int) -> Iterator[FoundRegions]:
        """Paste regions both ways between the two folders' pictures and look for them.

        Yields fewer than ``count`` where pictures are too small.

        Raises:
            ModelError: the detector has no map.
        """
        if self.spec.map_view is None:
            raise ModelError(f"{self.spec.id} draws no map, so there are no regions to find.")
        generator = np.random.default_rng(0)
        reals, fakes = (sorted(self._stills[label]) for label in (False, True))
        made = 0
        for _ in range(_TRIES * count if reals and fakes else 0):
            if made == count:
                return
            pair = [paths[int(generator.integers(len(paths)))] for paths in (reals, fakes)]
            found = self._region(pair, made % 2 == 1, generator)
            if found is not None:
                made += 1
                yield found

    def _region(
        self, pair: Sequence[str], into_synthetic: bool, generator: np.random.Generator
    ) -> FoundRegions | None:
        try:
            real, fake = (self._watched.picture(path).pixels for path in pair)
        except MediaError:
            return None  # it went away since it was scored
        base, insert = (fake, real) if into_synthetic else (real, fake)
        pasted = paste(base, insert, generator)
        if pasted is None:
            return None
        pixels = treated(pasted.pixels, Treatment.JPEG_85)
        heatmap = self._scorer.whole_map(pixels) if pixels is not None else None
        assert heatmap is not None
        synthetic = ~pasted.mask if into_synthetic else pasted.mask
        return found_regions(heatmap, synthetic, self.spec.calibration)

    def _add(self, item: Item) -> None:
        seen = self._watched.seen.pop(item.path, None)
        if item.score is None or item.media is None or seen is None:
            self.unscored += 1
            return
        label = self._roots[Path(item.file.root)]
        plain = {Treatment.NONE: Scored(item.score.likelihood, seen.trivial)}
        self._files.append(
            ComparedFile(
                path=item.path,
                source=source_of(item.file),
                synthetic=label,
                scene=seen.scene,
                limits=Thresholds.of(self.spec.calibration, item.media),
                scored={**plain, **seen.copies},
            )
        )
        if item.media is MediaKind.IMAGE:
            self._stills[label].append(item.path)
        else:
            self.clips += 1


@contextmanager
def open_comparison(
    real: Path,
    synthetic: Path,
    *,
    model: str | None,
    device: str | None,
    treatments: Sequence[Treatment] = (),
) -> Iterator[Comparison]:
    """Open a detector and workers for a comparison of two folders, and close them afterwards.

    Raises:
        InspectorError: a part cannot be opened.
    """
    places = Places()
    settings = load_settings(places.settings_file)
    wanted = settings.scan
    with ExitStack() as stack:
        detector = open_detector(model or wanted.model, device or wanted.device, places)
        stack.callback(detector.close)
        reader = open_reader(job_count(wanted.jobs), settings, places)
        stack.callback(reader.close)
        store = stack.enter_context(SessionStore.temporary())
        scorer = FrameScorer(detector, wanted.tiles)
        watched = _WatchedReader(reader, scorer, treatments)
        assessor = build_assessor(watched, detector, PRESETS["report"], wanted)
        roots = (str(real), str(synthetic))
        scan = build_scan(roots, lambda: assessor, store, wanted.jobs, Event())
        yield Comparison(real, synthetic, scan, watched, scorer, device_words(detector))
