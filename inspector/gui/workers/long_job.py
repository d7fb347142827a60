"""One long piece of work off the UI thread, with steps on the way and a way to stop it."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from inspector.domain.errors import InspectorError
from inspector.ports import ScanCancelled

Work = Callable[[Callable[..., None], Event], Any]
"""Takes what it calls with each step, and what ends it; returns the result."""


@dataclass(frozen=True, slots=True)
class _Run:
    """One start; whatever an older run still says is thrown away."""

    cancel: Event


class LongJob(QObject):
    """Owns at most one running piece of work, in a thread of its own; lives in the UI thread.

    Starting another one cancels the first. ``done`` or ``failed`` follows once, unless it was
    cancelled: then nothing follows.
    """

    stepped = Signal(tuple)  # what the work called its step with; in order
    done = Signal(object)  # what the work returned
    failed = Signal(InspectorError)
    running_changed = Signal(bool)

    _said = Signal(object, str, object)  # _Run, which signal, its value; from the work's thread

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._run: _Run | None = None
        self._said.connect(self._hear)

    @property
    def is_running(self) -> bool:
        return self._run is not None

    def start(self, work: Work) -> None:
        """Run ``work`` in a thread; it touches no QObject and raises only what the domain names."""
        self.cancel()
        run = _Run(Event())
        self._run = run
        Thread(target=self._work, args=(run, work), name="long-job", daemon=True).start()
        self.running_changed.emit(True)

    def cancel(self) -> None:
        """Ask the work to end; nothing more is heard of it."""
        run, self._run = self._run, None
        if run is not None:
            run.cancel.set()
            self.running_changed.emit(False)

    def _work(self, run: _Run, work: Work) -> None:
        def step(*values: object) -> None:
            self._say(run, "stepped", values)

        fault = InspectorError("The work stopped because of a fault in it.")
        outcome: tuple[str, object] = ("failed", fault)
        try:
            outcome = ("done", work(step, run.cancel))
        except ScanCancelled:
            pass  # then nothing is said
        except InspectorError as error:
            outcome = ("failed", error)
        finally:
            self._say(run, *outcome)

    def _say(self, run: _Run, what: str, value: object) -> None:
        # Its window may close, and this object go with it, while the work is under way.
        if not run.cancel.is_set():
            with contextlib.suppress(RuntimeError):
                self._said.emit(run, what, value)

    @Slot(object, str, object)
    def _hear(self, run: _Run, what: str, value: object) -> None:
        if run is not self._run:
            return
        if what == "stepped":
            self.stepped.emit(value)
            return
        self._run = None
        self.running_changed.emit(False)
        if what == "done":
            self.done.emit(value)
        else:
            self.failed.emit(value)
