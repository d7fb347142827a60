"""One file at a time: examined, scored, judged, and its whole heatmap drawn."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from inspector.adapters.c2pa.remote import Network
from inspector.adapters.policies import load_policy
from inspector.bootstrap.detectors import known_calibrations, open_detector
from inspector.bootstrap.remote import read_remote
from inspector.bootstrap.scanning import build_assessor, open_reader
from inspector.domain.errors import ListError, UsageError
from inspector.domain.item import Item
from inspector.domain.media import FoundFile, MediaKind
from inspector.domain.score import WholeMap
from inspector.pipeline.assess import Assessor
from inspector.pipeline.overlay import blend_heatmap, png_bytes
from inspector.pipeline.whole_map import draw_whole_map
from inspector.ports import MediaReader
from inspector.settings import Places, load_settings


def found_file(path: str) -> FoundFile:
    """Return a file as discovery would have found it.

    Raises:
        UsageError: there is no such file.
    """
    absolute = os.path.realpath(path)
    try:
        facts = os.stat(absolute)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    return FoundFile(absolute, facts.st_size, facts.st_mtime_ns, absolute)


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """Examines single files with the detector and rules of the settings.

    Attributes:
        hosts: the only ones a credential is fetched from; empty for the one a file names.
    """

    assessor: Assessor
    reader: MediaReader
    places: Places
    hosts: tuple[str, ...] = ()

    def item(self, path: str) -> Item:
        """Return everything known of one file.

        Raises:
            UsageError: there is no such file.
        """
        return self.assessor.assess(found_file(path), Event())[0]

    def with_remote(self, item: Item, *, allow_http: bool, network: Network | None = None) -> Item:
        """Return the item judged anew with the manifest that it keeps elsewhere, fetched now.

        Raises:
            FetchError: it names none, the address is refused, or nothing usable came.
            MediaError: the worker failed.
        """
        store = read_remote(
            item.path,
            item.provenance,
            self.reader,
            self.places,
            hosts=self.hosts,
            allow_http=allow_http,
            network=network,
        )
        return self.assessor.judged(replace(item, provenance=store.summary))

    def write_heatmap(self, item: Item, out: Path, time_s: float) -> WholeMap:
        """Write the whole map over the picture, or over the frame shown at a time, as PNG.

        Raises:
            MediaError: the file cannot be decoded.
            ModelError: the detector gives no usable map.
            ListError: ``out`` cannot be written.
        """
        if item.media is MediaKind.VIDEO:
            clip = self.reader.open_clip(item.path)
            try:
                pixels = clip.frame_at(time_s).pixels
            finally:
                clip.close()
        else:
            pixels = self.reader.picture(item.path).pixels
        assert self.assessor.scorer is not None
        drawn = draw_whole_map(self.assessor.scorer, pixels)
        unfinished = out.with_name(f".{out.name}.{os.getpid()}.part")
        try:
            unfinished.write_bytes(png_bytes(blend_heatmap(pixels, drawn.heatmap)))
            unfinished.replace(out)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise ListError(f"{out} cannot be written: {error.strerror}.") from error
        return drawn


@contextmanager
def spot_check(*, stability: bool = False, model: str | None = None) -> Iterator[SpotCheck]:
    """Open a detector and one worker for single files.

    Args:
        stability: every file is scored again from changed copies.
        model: detector's id or folder; None takes that of the settings.

    Raises:
        InspectorError: a part cannot be opened.
    """
    places = Places()
    settings = load_settings(places.settings_file)
    with ExitStack() as stack:
        detector = open_detector(model or settings.scan.model, settings.scan.device, places)
        stack.callback(detector.close)
        reader = open_reader(1, settings, places)
        stack.callback(reader.close)
        policy = load_policy(settings.scan.policy, detector.spec.sha256)
        assessor = build_assessor(
            reader,
            detector,
            policy,
            settings.scan,
            known_calibrations(places),
            stability=stability,
        )
        yield SpotCheck(assessor, reader, places, settings.network.hosts)
