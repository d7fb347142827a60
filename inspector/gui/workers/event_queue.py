"""The one road from the scan thread to the window: bounded, so that neither outruns the other."""

from collections import deque
from threading import Condition

from inspector.domain.events import FilesFound, ItemJudged, ScanEvent

MOST_EVENTS = 4096
MOST_BYTES = 32 << 20


class EventQueue:
    """Holds events until the window takes them; ``put`` waits while it is full."""

    def __init__(self, most_events: int = MOST_EVENTS, most_bytes: int = MOST_BYTES) -> None:
        self._most_events = most_events
        self._most_bytes = most_bytes
        self._events: deque[ScanEvent] = deque()
        self._bytes = 0
        self._is_open = True
        self._changed = Condition()

    def put(self, event: ScanEvent) -> None:
        """Add an event; once the queue is shut it is thrown away."""
        with self._changed:
            self._changed.wait_for(self._has_room)
            if self._is_open:
                self._events.append(event)
                self._bytes += _weight(event)

    def take(self, most: int, most_files: int = 4000) -> list[ScanEvent]:
        """Return the oldest events, at most ``most``, and about ``most_files`` found files.

        Never waits.
        """
        taken: list[ScanEvent] = []
        files = 0
        with self._changed:
            while self._events and len(taken) < most and files < most_files:
                event = self._events.popleft()
                taken.append(event)
                files += len(event.files) if isinstance(event, FilesFound) else 0
            self._bytes -= sum(map(_weight, taken))
            self._changed.notify_all()
            return taken

    def shut(self) -> None:
        """Throw away what is here and whatever comes: nobody takes events any more."""
        with self._changed:
            self._is_open = False
            self._events.clear()
            self._bytes = 0
            self._changed.notify_all()

    def __len__(self) -> int:
        return len(self._events)

    def _has_room(self) -> bool:
        is_full = len(self._events) >= self._most_events or self._bytes >= self._most_bytes
        return not (self._is_open and is_full)


def _weight(event: ScanEvent) -> int:
    if isinstance(event, ItemJudged) and event.thumbnail is not None:
        return event.thumbnail.nbytes
    return 0
