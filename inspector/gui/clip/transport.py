"""Play, pause, step and jump: the buttons and keys that move a clip."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from inspector.gui.clip.player import ClipPlayer
from inspector.gui.loupe.bar import FlowRow
from inspector.gui.loupe.parts import action_button, line_label, view_action

_FASTEST = 8.0


class TransportBar(FlowRow):
    """Drives one player; the view that owns it takes its actions, so that keys work anywhere."""

    hot_wanted = Signal(bool)  # True: the next frame over the threshold, False: the one before
    mark_wanted = Signal(bool)  # True: mark in here, False: mark out here
    span_wanted = Signal()  # mark the span here

    def __init__(self, player: ClipPlayer, view: QWidget) -> None:
        super().__init__(view)
        self._player = player
        self._view = view
        self._time = line_label(self)
        self._rate = line_label(self)
        self._make_actions()
        actions = [self.hot_before, self.frame_before, self.play, self.frame_after]
        actions += [self.hot_after, self.mark_in, self.mark_out]
        buttons = [action_button(action, self) for action in actions]
        self.set_parts([*buttons, self._time, self._rate])
        player.rate_changed.connect(self._show_rate)

    def show_time(self, words: str) -> None:
        self._time.setText(words)

    def _make_actions(self) -> None:
        self.play = self._add(self.tr("Play or pause"), self.tr("Play"), "Space", self._toggle)
        self.play.setCheckable(True)
        self.frame_before = self._add(self.tr("One frame back"), "◂", ",", self._back)
        self.frame_after = self._add(self.tr("One frame on"), "▸", ".", self._on)
        before, after = self.tr("Hot frame before"), self.tr("Next hot frame")
        self.hot_before = self._add(before, self.tr("◂ Hot"), "Shift+N", self._hot_before)
        self.hot_after = self._add(after, self.tr("Hot ▸"), "N", self._hot_after)
        self.mark_in = self._add(
            self.tr("Mark in here, or take it back"), self.tr("In"), "I", self._mark_in
        )
        self.mark_out = self._add(
            self.tr("Mark out here, or take it back"), self.tr("Out"), "O", self._mark_out
        )
        self.mark_span = self._add(
            self.tr("Mark the span here"), "", "Return", self.span_wanted.emit
        )
        self._add(self.tr("One second back"), "", "Shift+Left", self._second_back)
        self._add(self.tr("One second on"), "", "Shift+Right", self._second_on)
        self._add(self.tr("Play backwards, faster each time"), "", "J", self._play_back)
        self._add(self.tr("Pause"), "", "K", self._pause)
        self._add(self.tr("Play, faster each time"), "", "L", self._play_on)

    def _add(self, text: str, short: str, key: str, triggered: Callable[[], None]) -> QAction:
        return view_action(self._view, text, short, [key], triggered)

    @Slot()
    def _toggle(self) -> None:
        self._player.toggle()
        self._show_rate(self._player.rate)

    @Slot()
    def _pause(self) -> None:
        self._player.set_rate(0.0)

    @Slot()
    def _play_on(self) -> None:
        rate = self._player.rate
        self._player.set_rate(min(_FASTEST, rate * 2) if rate > 0 else 1.0)

    @Slot()
    def _play_back(self) -> None:
        rate = self._player.rate
        self._player.set_rate(max(-_FASTEST, rate * 2) if rate < 0 else -1.0)

    @Slot()
    def _back(self) -> None:
        self._player.step(-1)

    @Slot()
    def _on(self) -> None:
        self._player.step(1)

    @Slot()
    def _second_back(self) -> None:
        self._player.seek(self._player.time_s - 1)

    @Slot()
    def _second_on(self) -> None:
        self._player.seek(self._player.time_s + 1)

    @Slot()
    def _mark_in(self) -> None:
        self.mark_wanted.emit(True)

    @Slot()
    def _mark_out(self) -> None:
        self.mark_wanted.emit(False)

    @Slot()
    def _hot_before(self) -> None:
        self.hot_wanted.emit(False)

    @Slot()
    def _hot_after(self) -> None:
        self.hot_wanted.emit(True)

    @Slot(float)
    def _show_rate(self, rate: float) -> None:
        with QSignalBlocker(self.play):
            self.play.setChecked(bool(rate))
        self.play.setIconText(self.tr("Pause") if rate else self.tr("Play"))
        self._rate.setText(f"{rate:+g}x" if rate not in (0.0, 1.0) else "")
