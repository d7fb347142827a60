"""The disk is full at each write: one sentence, and what was there is byte for byte the same."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from inspector.adapters.sqlite import SessionStore
from tests.torture.app import App, Ended
from tests.torture.materials import fill, picture, tiny_detector
from tests.torture.outcome import Checks, Outcome
from tests.torture.untouched import settings_for

ROOMS = (0, 4 << 10, 16 << 10, 64 << 10, 200 << 10)
"""Bytes left when the write begins, so that it fails at its start, its middle and its end."""

Words = Sequence[str | Path]


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """Yield a file system of eight megabytes, or None where this process may mount none."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    may = sys.platform == "linux" and os.geteuid() == 0
    if not may or subprocess.run(mount, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def leave(disk: Path, room: int) -> Path:
    """Fill a disk but for so many bytes."""
    ballast = disk / "ballast"
    facts = os.statvfs(disk)
    free = max(0, facts.f_bavail * facts.f_frsize - room)
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while free > 0:
            free -= file.write(bytes(min(free, 65536)))
    return ballast


def run(scratch: Path, *, quick: bool) -> Outcome:
    """Write session, journal, lists, rows and heatmap with hardly any room."""
    checks = Checks("4 full disk", "writes")
    with App(scratch / "app") as app, small_disk(scratch / "disk") as disk:
        place = disk or scratch / "disk"
        kind = "a full file system" if disk else "a limit on file sizes (no mount allowed)"
        trials = _Trials(app, scratch, place, disk is not None, checks)
        for room in ROOMS[:2] if quick else ROOMS:
            trials.with_room(room)
    return checks.outcome(f"{kind}; {trials.refused} refused in one sentence, the rest fitted")


class _Trials:
    """One small disk with a session and lists on it, and writes that may not fit."""

    def __init__(self, app: App, scratch: Path, disk: Path, mounted: bool, checks: Checks) -> None:
        self._app, self._disk, self._mounted, self._checks = app, disk, mounted, checks
        self._media = fill(scratch / "media", 40)
        self._more = fill(scratch / "more", 150)
        self._model = tiny_detector(scratch / "model")
        self._photo = next(self._media.rglob("*.jpg")).resolve()
        self.refused = 0
        self.session = disk / "set.inspection"
        self._lists = disk / "lists"
        self._rows = disk / "rows.jsonl"
        self._map = disk / "map.png"
        self._expect_done(self._scan(self._media))
        self._expect_done(["decide", self.session, "--drop", self._photo])
        self._expect_done(self._export())
        self._expect_done(self._scan_rows(self._media))
        settings_for(scratch / "app" / "home", self._model)
        self._large = scratch / "large.jpg"
        self._large.write_bytes(picture(1, 1600, 1200))
        self._expect_done(self._draw_map())

    def with_room(self, room: int) -> None:
        writes: tuple[tuple[str, Words], ...] = (
            ("lists", self._export()),
            ("rows", self._scan_rows(self._more)),
            ("heatmap", self._draw_map()),
            ("journal", ["decide", self.session, "--keep", *self._pictures()]),
            ("session", [*self._scan(self._more), "--resume"]),
            ("fresh session", self._scan(self._media, self._disk / "fresh.inspection")),
        )
        for what, words in writes:
            held = self._held_bytes()
            decided = self._decisions()
            ballast = leave(self._disk, room) if self._mounted else None
            ended = self._app.run(*words, file_limit=0 if self._mounted else max(1, room))
            if ballast is not None:
                ballast.unlink()
            self._checks.trial(*self._faults(what, room, ended, held, decided))

    def _faults(
        self,
        what: str,
        room: int,
        ended: Ended,
        held: dict[str, bytes],
        decided: dict[str, object],
    ) -> list[str]:
        at = f"{what} with {room >> 10} kB left"
        if ended.code == 0:
            (self._disk / "fresh.inspection").unlink(missing_ok=True)
            return []
        self.refused += 1
        faults = [] if ended.is_one_sentence else [f"{at}: {ended.code}, {ended.err[-200:]!r}"]
        if self._held_bytes() != held:
            faults.append(f"{at}: an older list is not the same")
        if self._decisions() != decided:
            faults.append(f"{at}: decisions that were refused count, or old ones are gone")
        parts = [path.name for path in self._disk.rglob("*.part")]
        parts += [path.name for path in self._disk.glob(".rows*")]
        if parts:
            faults.append(f"{at}: {parts} were left over")
        for left in self._disk.glob("fresh.inspection*"):
            left.unlink()
        return faults

    def _held_bytes(self) -> dict[str, bytes]:
        lists = [*self._lists.iterdir(), self._rows, self._map]
        return {path.name: path.read_bytes() for path in lists if path.is_file()}

    def _decisions(self) -> dict[str, object]:
        with SessionStore.open(self.session) as store:
            return {item.path: item.person for item in store.items() if item.person}

    def _pictures(self) -> list[Path]:
        return sorted(path.resolve() for path in self._media.rglob("*.jpg"))

    def _scan(self, folder: Path, session: Path | None = None) -> list[str | Path]:
        return ["scan", folder, "--session", session or self.session, "--model", self._model]

    def _scan_rows(self, folder: Path) -> Words:
        return ["scan", folder, "--model", self._model, "--jsonl", self._rows]

    def _draw_map(self) -> Words:
        return ["show", self._large, "--heatmap", self._map]

    def _export(self) -> Words:
        formats = [word for name in ("txt", "csv", "jsonl") for word in ("--format", name)]
        return ["export", self.session, *formats, "--out", self._lists]

    def _expect_done(self, words: Words) -> None:
        ended = self._app.run(*words)
        self._checks.require(ended.code == 0, f"{words[0]} failed: {ended.err[-200:]}")
