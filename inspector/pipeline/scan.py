"""How a scan runs: discovery, several files in work at once, one stream of events."""

import os
import queue
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import monotonic

from inspector.domain.events import (
    DiscoveryDone,
    FilesFound,
    ItemJudged,
    PathTrouble,
    ScanEvent,
    ScanFinished,
)
from inspector.domain.media import FoundFile
from inspector.pipeline.assess import Assessor
from inspector.pipeline.progress import ProgressMeter
from inspector.ports import FileFinder, ScanCancelled, Store

FOUND_BATCH = 512
"""Most files in one ``FilesFound``."""

FOUND_WAIT_S = 0.03
"""Longest that a found file waits for its batch, seconds."""

PROGRESS_S = 0.25
"""Seconds between two ``Progress`` events."""

FILES_AHEAD = 500_000
"""Found files that may wait for a worker; discovery pauses above it, so memory stays bounded."""

NICENESS = 5
"""How far a scan's threads stand back behind the user interface."""

EVENTS_AHEAD = 256
"""Events that may wait for the consumer."""


@dataclass(frozen=True, slots=True)
class _Failed:
    """A thread's error that ends the scan."""

    error: Exception


@dataclass(frozen=True, slots=True)
class _ScorerDone:
    """One scoring thread has no more to do."""


class Scan:
    """One run over dropped paths. ``events`` starts its threads and may be called once.

    Each of ``jobs`` threads takes a file, has a worker examine it, scores its frames and
    queues the item to the store; the caller of ``events`` sees everything in one order.
    ``prepare`` loads what they need (a detector takes a while) once, while files are found.
    With ``again`` every file is read and scored, whatever the session holds of it.
    """

    def __init__(
        self,
        roots: Sequence[str],
        finder: FileFinder,
        prepare: Callable[[], Assessor],
        store: Store,
        jobs: int,
        cancel: Event,
        *,
        again: bool = False,
    ) -> None:
        self._again = again
        self._roots = roots
        self._finder = finder
        self._prepare = prepare
        self._prepared: Assessor | None = None
        self._preparing = Lock()
        self._store = store
        self._jobs = jobs
        self._cancel = cancel
        self._stop = Event()
        self._files: queue.Queue[FoundFile | None] = queue.Queue(FILES_AHEAD)
        self._events: queue.Queue[ScanEvent | _Failed | _ScorerDone] = queue.Queue(EVENTS_AHEAD)
        self._meter = ProgressMeter()

    def events(self) -> Iterator[ScanEvent]:
        """Yield the scan's events; ``ScanFinished`` is always the last.

        Raises:
            StoreError: the session cannot be written; what was acknowledged is safe.
            ModelError: the detector broke down as a whole.
        """
        duties = [self._discover, *[self._work] * self._jobs]
        threads = [Thread(target=self._guarded, args=(duty,), daemon=True) for duty in duties]
        for thread in threads:
            thread.start()
        try:
            yield from self._collect()
            self._store.flush()
        finally:
            self._stop.set()
            self._drain_until_ended(threads)
        yield self._meter.snapshot()
        yield ScanFinished(self._meter.done, self._meter.found, self._cancel.is_set())

    def _collect(self) -> Iterator[ScanEvent]:
        working, next_progress = self._jobs, monotonic()
        while working:
            try:
                event = self._events.get(timeout=PROGRESS_S)
            except queue.Empty:
                event = None
            match event:
                case _Failed(error):
                    raise error
                case _ScorerDone():
                    working -= 1
                case None:
                    pass
                case _:
                    self._count(event)
                    yield event
            if monotonic() >= next_progress:
                next_progress = monotonic() + PROGRESS_S
                yield self._meter.snapshot()

    def _count(self, event: ScanEvent) -> None:
        match event:
            case FilesFound(files):
                self._meter.found += len(files)
            case DiscoveryDone():
                self._meter.discovered = True
            case ItemJudged(resumed=resumed):
                self._meter.add_done(scored=not resumed)

    def _drain_until_ended(self, threads: Sequence[Thread]) -> None:
        while any(thread.is_alive() for thread in threads):
            for waiting in (self._events, self._files):
                try:
                    while True:
                        waiting.get_nowait()
                except queue.Empty:
                    pass
            for thread in threads:
                thread.join(0.02)

    @property
    def _ended(self) -> bool:
        return self._cancel.is_set() or self._stop.is_set()

    def _post(self, event: ScanEvent | _Failed | _ScorerDone) -> None:
        while not self._stop.is_set():
            try:
                self._events.put(event, timeout=0.1)
            except queue.Full:
                continue
            return

    def _enqueue(self, file: FoundFile | None) -> None:
        while not self._ended:
            try:
                self._files.put(file, timeout=0.1)
            except queue.Full:
                continue
            return

    def _next_file(self) -> FoundFile | None:
        while not self._ended:
            try:
                return self._files.get(timeout=0.1)
            except queue.Empty:
                continue
        return None

    def _guarded(self, duty: Callable[[], None]) -> None:
        """Run a thread's duty; whatever it raises ends the scan aloud, in the consumer."""
        _stand_back()
        try:
            duty()
        except ScanCancelled:
            pass
        except Exception as error:  # noqa: BLE001 - a fault of our own must not pass silently
            self._post(_Failed(error))

    def _discover(self) -> None:
        batch: list[FoundFile] = []
        total, started = 0, monotonic()
        try:
            for found in self._finder(self._roots, self._cancel):
                if self._ended:
                    return
                if isinstance(found, PathTrouble):
                    self._post(found)
                    continue
                if not batch:
                    started = monotonic()
                batch.append(found)
                total += 1
                if len(batch) >= FOUND_BATCH or monotonic() - started >= FOUND_WAIT_S:
                    self._hand_over(batch)
                    batch = []
            self._hand_over(batch)
            self._post(DiscoveryDone(total))
        finally:
            for _ in range(self._jobs):
                self._enqueue(None)

    def _hand_over(self, batch: list[FoundFile]) -> None:
        if not batch:
            return
        self._post(FilesFound(tuple(batch)))
        for file in batch:
            self._enqueue(file)

    def _work(self) -> None:
        try:
            while (file := self._next_file()) is not None:
                self._post(self._judge(file))
        finally:
            self._post(_ScorerDone())

    def _judge(self, file: FoundFile) -> ItemJudged:
        assessor = self._assessor
        earlier = self._store.item(file.path)
        if earlier is not None and not self._again and assessor.still_stands(earlier, file):
            item = assessor.judged(earlier)
            if item != earlier:
                self._store.put(item, self._store.thumbnail(file.path))
            return ItemJudged(item, resumed=True)
        item, thumbnail = assessor.assess(file, self._cancel)
        self._store.put(item, thumbnail)
        stays = earlier is not None and earlier.sha256 == item.sha256
        if earlier is not None and stays:
            item = item.decided(earlier.person)
        return ItemJudged(item, thumbnail)

    @property
    def _assessor(self) -> Assessor:
        """Return what assesses files, made by the first thread that needs it."""
        with self._preparing:
            if self._prepared is None:
                self._prepared = self._prepare()
            return self._prepared


def _stand_back() -> None:
    """Let the calling thread give way to the desk's; only Linux has a priority per thread."""
    if sys.platform == "linux":
        os.nice(NICENESS)
