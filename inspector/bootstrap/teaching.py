"""From two folders to a detector of the user's own: looked at, taught, written at once."""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from inspector.adapters.media.discover import find_files
from inspector.adapters.onnx import load_detector, read_card, read_training
from inspector.adapters.onnx.card import CARD_FILE
from inspector.adapters.onnx.card_writing import TaughtCard, taught_card
from inspector.adapters.report.taught import TaughtWith, report_numbers, taught_card_text
from inspector.bootstrap.comparing import source_of
from inspector.bootstrap.detectors import FAST, detector_folder
from inspector.bootstrap.model_check import check_once
from inspector.bootstrap.scanning import device_words, job_count, open_reader
from inspector.domain.errors import TeachError
from inspector.domain.events import PathTrouble, Progress
from inspector.domain.media import display_path
from inspector.domain.teaching import LabelledPictures
from inspector.pipeline import teaching
from inspector.pipeline.gathering import Lesson, LookedAt, Use, as_pictures, look_at
from inspector.pipeline.scoring import FrameScorer
from inspector.ports import Detector, MediaReader
from inspector.settings import Places, data_folder, load_settings

NAMES = {False: "real", True: "synthetic"}


class Classroom:
    """Owns a detector and the workers while it is taught; one thread.

    ``look``, then ``teach``, then ``write``.
    """

    def __init__(
        self,
        folders: Mapping[bool, Path],
        base: Path,
        builtin: LabelledPictures,
        detector: Detector,
        reader: MediaReader,
        tiles: int,
        jobs: int,
    ) -> None:
        self._folders = folders
        self._labels = {str(folder.resolve()): label for label, folder in folders.items()}
        self._base = base
        self._builtin = builtin
        self._detector = detector
        self._reader = reader
        self._scorer = FrameScorer(detector, tiles)
        self._jobs = jobs
        self._looked: list[LookedAt] = []
        self._lessons: list[Lesson] = []
        self.words = device_words(detector)
        self.troubles: list[str] = []
        self.uses: Counter[Use] = Counter()

    def look(self) -> Iterator[Progress]:
        """Look at every file of both folders; yield how far it is.

        Raises:
            TeachError: a folder cannot be read, or a file lies in both.
        """
        seen = look_at(list(self._labels), find_files, self._reader, self._scorer, self._jobs)
        with closing(seen) as events:
            for event in events:
                match event:
                    case LookedAt():
                        self._looked.append(event)
                    case PathTrouble(message=message, dropped=True):
                        raise TeachError(message)
                    case PathTrouble(message=message):
                        self.troubles.append(message)
                    case Progress():
                        yield event
        self.uses.update(found.use for found in self._looked)
        self._lessons = self._distinct()

    def teach(self, progress: teaching.Progress) -> teaching.Taught:
        """Return what was learnt.

        Raises:
            TeachError: there are too few pictures, or the detector would become worse.
        """
        spec = self._detector.spec
        own = as_pictures(self._lessons) if self._lessons else None
        for label, folder in self._folders.items():
            if own is None or not (own.synthetic == label).any():
                raise TeachError(
                    f"There is no {NAMES[label]} picture to learn from below {folder}."
                )
        assert own is not None
        if own.features.shape[1] != self._builtin.features.shape[1]:
            raise TeachError(f"The training file of {spec.id} does not fit its net.")
        return teaching.teach(self._builtin, own, spec, progress)

    def write(self, taught: teaching.Taught, out: Path) -> None:
        """Write the detector's folder; it appears whole or not at all.

        Raises:
            TeachError: it cannot be written.
        """
        refuse_taken(out)
        out = out.resolve()
        unfinished = out.with_name(f".{out.name}.{os.getpid()}.part")
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            unfinished.mkdir()
            try:
                self._fill(unfinished, taught, detector_name(out))
                load_detector(unfinished, "cpu").close()
                with suppress(FileNotFoundError):
                    out.rmdir()
                unfinished.rename(out)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
        except OSError as error:
            raise TeachError(f"{out} cannot be written: {error.strerror}.") from error

    def _fill(self, folder: Path, taught: teaching.Taught, name: str) -> None:
        spec, now = self._detector.spec, datetime.now(UTC)
        for file in {view.file for view in spec.views}:
            _link_or_copy(self._base / file, folder / file)
        counts = {label: self._count(label) for label in NAMES}
        own = " and ".join(f"{sum(counts[label].values()):,} {NAMES[label]}" for label in NAMES)
        card = TaughtCard(
            id=name,
            version=f"{spec.version}+taught.{now:%Y%m%d}",
            source=f"{spec.source} Its head was taught {own} pictures of the user's.",
            head=taught.head,
            fusion=taught.fusion,
            calibration=taught.calibration,
            report=report_numbers(taught.own, taught.builtin),
        )
        how = TaughtWith(
            base=spec,
            taught_on=now.date(),
            folders=counts,
            n_builtin=self._builtin.synthetic.size,
            by_folder=taught.by_folder,
            share=taught.recipe.share,
        )
        text = taught_card_text(name, how, taught.calibration, taught.own, taught.builtin)
        (folder / CARD_FILE).write_text(taught_card(self._base, card), encoding="utf-8")
        (folder / "CARD.md").write_text(text, encoding="utf-8")

    def _distinct(self) -> list[Lesson]:
        """Return one lesson for each picture, by path; copies teach nothing more."""
        known: dict[str | None, tuple[bool, str]] = {}
        lessons = []
        for found in sorted(self._looked, key=lambda found: found.file.path):
            if found.look is None:
                continue
            label = self._labels[found.file.root]
            earlier, path = known.setdefault(found.look.sha256, (label, found.file.path))
            if earlier is not label:
                raise TeachError(
                    f"{display_path(path)} and {display_path(found.file.path)} are one picture, "
                    "in both folders."
                )
            if path == found.file.path:
                lessons.append(Lesson(label, source_of(found.file), found.look))
        return lessons

    def _count(self, label: bool) -> Counter[str]:
        return Counter(lesson.source for lesson in self._lessons if lesson.synthetic is label)


def refuse_taken(out: Path) -> None:
    """Raise TeachError where a detector cannot come to lie."""
    if out.exists() and not out.is_dir():
        raise TeachError(f"{out} is no folder, so no detector can be written there.")
    if out.is_dir() and any(out.iterdir()):
        raise TeachError(f"{out} is not empty; name a folder that is not there yet.")
    if (data_folder("models") / detector_name(out)).is_dir():
        raise TeachError(f"{detector_name(out)} is the name of a built-in detector; take another.")


def detector_name(out: Path) -> str:
    """Return the id of a detector in a folder: its name, in the letters an id may have."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", out.resolve().name).strip("-.") or "taught"


@contextmanager
def open_classroom(
    real: Path, synthetic: Path, *, model: str | None, device: str | None
) -> Iterator[Classroom]:
    """Open a detector that can be taught, and workers; close them afterwards.

    Raises:
        ModelError: the detector cannot be taught or loaded.
        InspectorError: another part cannot be opened.
    """
    places = Places()
    settings = load_settings(places.settings_file)
    base = detector_folder(model or FAST, places)
    check_once(base, places.cache / "checked-detectors")
    builtin = read_training(base, read_card(base))
    with ExitStack() as stack:
        detector = load_detector(base, device or settings.scan.device, with_features=True)
        stack.callback(detector.close)
        jobs = job_count(settings.scan.jobs)
        reader = open_reader(jobs, settings, places)
        stack.callback(reader.close)
        folders = {False: real, True: synthetic}
        yield Classroom(folders, base, builtin, detector, reader, settings.scan.tiles, jobs)


def _link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it where that cannot be done; it is never changed."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
