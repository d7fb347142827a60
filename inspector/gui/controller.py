"""What happens on the desk, apart from how it looks: drops, events, sessions, closing."""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from inspector.domain.errors import InspectorError
from inspector.domain.events import FilesFound, ItemJudged, PathTrouble, Progress, ScanEvent
from inspector.domain.media import FoundFile
from inspector.gui.curation import Curation
from inspector.gui.focus import Focus
from inspector.gui.models.library import Library
from inspector.gui.services import DeskServices
from inspector.gui.workers.background import BackgroundJobs
from inspector.gui.workers.scan_queue import ScanQueue
from inspector.gui.workers.thumbnails import THREADS, ThumbnailLoader

SESSION_SUFFIX = ".inspection"

PATIENCE_S = 1.0
"""How long closing waits for the scan, and for each of the other threads."""


class DeskController(QObject):
    """Owns everything on the desk that is not a widget; lives in the UI thread."""

    told = Signal(str)  # one sentence for the user
    progressed = Signal(Progress)
    session_changed = Signal()  # another session is open; the library is empty until it is read

    def __init__(self, services: DeskServices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.library = Library(self)
        self.jobs = BackgroundJobs(self)
        self.thumbnails = ThumbnailLoader(services, self)
        self.scans = ScanQueue(services, self)
        self.curation = Curation(services, self.library, self)
        self.focus = Focus(services, self.library, self.jobs, self)
        self._next_session: Path | None = None
        self._is_closed = False
        self._told_of_trust = False
        self.scans.events.connect(self._take)
        self.scans.failed.connect(self._tell)
        self.scans.busy_changed.connect(self._open_waiting)
        self.curation.failed.connect(self.told)
        self.curation.decided.connect(self.focus.refresh_decision)
        self.focus.failed.connect(self.told)

    def add(self, paths: Sequence[str]) -> None:
        """Take dropped paths: a session is opened, anything else is scanned."""
        sessions = [path for path in paths if path.endswith(SESSION_SUFFIX)]
        roots = [path for path in paths if path not in sessions]
        if sessions:
            self.open_session(Path(sessions[0]))
        if roots and self._next_session is None:
            self.scans.add(roots)

    def warm_up(self) -> None:
        """Start the desk's readers and the detector before they are needed: that takes a second."""
        self.jobs.submit(
            "warm-up-detector", self.services.load_detector, self._ignore, self._ignore
        )
        for reader in range(THREADS):
            work = self.services.reader.isolation
            self.jobs.submit(f"warm-up-{reader}", work, self._ignore, self._ignore)

    def read_session(self) -> None:
        """Show what the open session holds and go on with it, or say why that cannot be."""
        if self.services.store.only_looks:
            self.told.emit(self.services.store.only_looks)
        self.scans.read_session()

    def open_session(self, path: Path) -> None:
        """Stop the scan, then open another session and go on with that."""
        self._next_session = path
        if self.scans.is_busy:
            self.scans.cancel()
        else:
            self._open_waiting(False)

    def add_sample(self) -> None:
        self.jobs.submit("sample", self.services.sample, self._add_one, self._tell)

    def close(self) -> None:
        """Stop, write what was decided, close the session; about two seconds at most."""
        if self._is_closed:
            return
        self._is_closed = True
        self.scans.abandon(PATIENCE_S)
        self.curation.close()
        self.thumbnails.close(PATIENCE_S / 4)
        self.services.close()
        self.jobs.close(PATIENCE_S / 4)

    @Slot(list)
    def _take(self, events: list[ScanEvent]) -> None:
        found: list[FoundFile] = []
        judged: list[ItemJudged] = []
        progress: Progress | None = None
        for event in events:
            match event:
                case FilesFound(files):
                    found.extend(files)
                case ItemJudged():
                    judged.append(event)
                case Progress():
                    progress = event
                case PathTrouble(message=message):
                    self.told.emit(message)
                case _:
                    pass
        if found:
            self.library.take_found(found)
        if judged:
            self._take_judged(judged)
        if progress is not None:
            self.progressed.emit(progress)

    def _take_judged(self, judged: Sequence[ItemJudged]) -> None:
        known = cache(self.services.thresholds)  # few detectors scored many files
        items = [event.item for event in judged]
        self.library.take_judged(items, lambda item: known(item.media, item.model))
        self._tell_of_trust(judged)
        for event in judged:
            if event.resumed:
                continue
            self.focus.remember(event.item)
            row = self.library.rows.id_of(event.item.path)
            if row is not None and event.thumbnail is not None:
                self.thumbnails.give(row, event.item.path, event.thumbnail)

    def _tell_of_trust(self, judged: Sequence[ItemJudged]) -> None:
        """Say once what is amiss with the trust lists, when the first signed file comes."""
        if not self._told_of_trust and any(event.item.provenance.manifests for event in judged):
            self._told_of_trust = True
            for words in self.services.trust_words():
                self.told.emit(words)

    @Slot(bool)
    def _open_waiting(self, is_busy: bool) -> None:
        if is_busy or self._next_session is None:
            return
        path, self._next_session = self._next_session, None
        self.curation.settle()
        work = partial(self.services.open_session, path)
        self.jobs.submit("session", work, self._show_session, self._tell)

    def _show_session(self, _: None) -> None:
        self.focus.forget()
        self.library.clear()
        self.thumbnails.clear()
        self.session_changed.emit()
        self.read_session()

    def _ignore(self, _: object) -> None:
        """Take what nobody waits for; a reader that cannot start says so when it is needed."""

    def _add_one(self, path: str) -> None:
        self.add([path])

    @Slot(InspectorError)
    def _tell(self, error: InspectorError) -> None:
        self.told.emit(str(error))
