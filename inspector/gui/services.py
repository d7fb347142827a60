"""What the desk asks of the rest of Inspector, as one protocol.

``bootstrap`` fulfils it; the desk's tests use a fake. Nothing here is a Qt type, and every
method that may take longer than a frame says so: the desk calls those off the UI thread.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import DetectorSpec, DeviceReport
from inspector.domain.events import ScanEvent
from inspector.domain.item import ModelId
from inspector.domain.media import MediaKind
from inspector.domain.policy import Thresholds
from inspector.domain.provenance import ManifestStore, Provenance
from inspector.domain.score import FrameScore, WholeMap
from inspector.domain.verdict import Decision
from inspector.ports import MediaReader, Rescore, Store, WrittenList
from inspector.settings import Settings


class DeskServices(Protocol):
    """One open session with everything that reads, scores and writes."""

    @property
    def store(self) -> Store:
        """The session that is open now; another object after ``open_session``."""

    @property
    def reader(self) -> MediaReader:
        """The desk's own workers, apart from the scan's."""

    @property
    def settings(self) -> Settings: ...

    def change_settings(self, settings: Settings) -> None:
        """Take new settings and save them (a small file; quick).

        Raises:
            UsageError: they could not be saved; they are in force all the same.
        """

    def scan(self, roots: Sequence[str], cancel: Event) -> Iterator[ScanEvent]:
        """Scan dropped paths into the session; unchanged files are not scored twice.

        Iterated in the scan thread. Always ends with ``ScanFinished``.

        Raises:
            InspectorError: the scan as a whole cannot go on.
        """

    def score_again(self, wanted: Rescore, cancel: Event) -> Iterator[ScanEvent]:
        """Score files of the session anew; each item names the detector that scored it last.

        Iterated in the scan thread. The session keeps the detector it was begun with.

        Raises:
            InspectorError: a detector cannot be loaded, or the session cannot be written.
        """

    def detectors(self) -> Sequence[DetectorSpec]:
        """Return every detector that can score again. Reads small files; quick."""

    def detector(self) -> DetectorSpec | None:
        """Return the session's detector; None until it is loaded. Quick."""

    def load_detector(self) -> None:
        """Load the detector before it is needed. Slow.

        Raises:
            InspectorError: it cannot be loaded; the next scan says so.
        """

    def device(self) -> DeviceReport | None:
        """Return the device really in use; None until a detector is loaded. Quick."""

    def thresholds(
        self, media: MediaKind | None, model: ModelId | None = None
    ) -> Thresholds | None:
        """Return the limits in force for a kind of media. Quick.

        Args:
            media: picture or clip.
            model: what scored the file; None for the session's own detector.
        """

    def whole_map(
        self,
        pixels: NDArray[np.uint8],
        model: ModelId | None,
        step: Callable[[int, int], None],
        cancel: Event,
    ) -> WholeMap:
        """Draw the map of a whole picture or frame, for the eye only. Slow.

        Args:
            pixels: uint8 (h, w, 3), sRGB.
            model: the detector that scored the file draws it, where it is still here.
            step: called with the tiles done and the tiles in all.
            cancel: once set, the work ends with ScanCancelled.

        Raises:
            InspectorError: it cannot be scored.
            ScanCancelled: ``cancel`` was set.
        """

    def score_frames(
        self, path: str, model: ModelId | None, start_s: float, end_s: float, cancel: Event
    ) -> Iterator[FrameScore]:
        """Yield every frame of a stretch of a clip as it is scored, for the eye only. Slow.

        Raises:
            InspectorError: it cannot be decoded or scored.
            ScanCancelled: ``cancel`` was set.
        """

    def remote_host(self, provenance: Provenance) -> str:
        """Return the host that ``fetch_manifests`` would connect to, to be shown before. Quick.

        "http://" stands before it where the connection would not be encrypted.

        Raises:
            FetchError: the file names no address that can be fetched.
        """

    def fetch_manifests(self, path: str, provenance: Provenance) -> ManifestStore:
        """Fetch the credential that one file keeps elsewhere, on the user's word alone. Slow.

        Raises:
            FetchError: the address is refused, or nothing usable came.
            MediaError: the worker failed.
        """

    def formats(self) -> Sequence[str]:
        """Return the names of the list formats that can be written here."""

    def export(
        self, formats: Sequence[str], folder: Path, only: Decision | None
    ) -> Sequence[WrittenList]:
        """Write lists of the whole session, or of one decision. Slow.

        Raises:
            ListError: a list could not be written; older ones are whole.
        """

    def sample(self) -> str:
        """Make the sample folder where it is missing and return its path. Slow."""

    def trust_words(self) -> Sequence[str]:
        """Return what to say of the trust lists: none installed, or old ones. Quick."""

    def facts(self) -> Mapping[str, str]:
        """Return what About shows: versions, trust lists, isolation in force. May be slow."""

    def left_behind(self) -> Sequence[Path]:
        """Return sessions whose last run ended badly, the newest first. Quick."""

    def open_session(self, path: Path) -> None:
        """Close the session and open or begin another. Slow; no scan may be running.

        Raises:
            StoreError: it cannot be opened; the old session is still open.
        """

    def close(self) -> None:
        """Flush the session and end every worker. Slow."""
