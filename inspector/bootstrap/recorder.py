"""What this process was doing of late, in a few lines, for a crash report should there be one."""

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from inspector.domain.events import (
    DiscoveryDone,
    FilesFound,
    ItemJudged,
    PathTrouble,
    Progress,
    ScanEvent,
    ScanFinished,
)

KEPT = 40


def quoted(text: str) -> str:
    """Return text in double quotes, escaped, so that a report's paths can be told from words."""
    return json.dumps(text, ensure_ascii=False)


class FlightRecorder:
    """Keeps the last events as text and facts by name; any thread may call it, at little cost."""

    def __init__(self) -> None:
        self._events: deque[tuple[datetime, str]] = deque(maxlen=KEPT)
        self._facts: dict[str, str] = {}

    def know(self, facts: Mapping[str, str]) -> None:
        """Keep facts (isolation in force, the device, the session)."""
        self._facts.update(facts)

    def note(self, event: str) -> None:
        self._events.append((datetime.now().astimezone(), event))

    def follow(self, events: Iterator[ScanEvent]) -> Iterator[ScanEvent]:
        """Hand on a scan's events and keep the last of them."""
        for event in events:
            words = _words(event)
            if words is not None:
                self.note(words)
            yield event

    def facts(self) -> Mapping[str, str]:
        return dict(self._facts)

    def lines(self) -> Sequence[str]:
        return [f"{at:%H:%M:%S.%f} {event}" for at, event in list(self._events)]


def _words(event: ScanEvent) -> str | None:
    match event:
        case FilesFound(files):
            return f"found {len(files)} files, the last {quoted(files[-1].path)}"
        case DiscoveryDone(total):
            return f"found {total} files in all"
        case ItemJudged(item=item, resumed=resumed):
            return f"{'took over' if resumed else 'judged'} {item.status.value} {quoted(item.path)}"
        case PathTrouble(path=path):
            return f"could not walk {quoted(path)}"
        case ScanFinished(done=done, cancelled=cancelled):
            return f"{'stopped' if cancelled else 'finished'} after {done} files"
        case Progress():
            return None


RECORDER = FlightRecorder()
"""The one of this process: a crash has no other way to ask what went on."""
