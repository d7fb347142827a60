"""How keys and clicks move and stretch the selection over a grid."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from inspector.gui.models.library import Library
from inspector.gui.models.selection import NO_ROW


class GridMoves:
    """Changes the selection of a ``Library`` by places in its order.

    ``columns`` tells how many files stand in a line.
    """

    def __init__(self, library: Library, columns: Callable[[], int]) -> None:
        self._library = library
        self._columns = columns

    def step_of(self, key: int, lines_on_screen: int) -> int | None:
        """Return by how many places a key moves, None where it does not move."""
        columns = self._columns()
        everything = len(self._library.model.order)
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
            Qt.Key.Key_PageUp: -columns * lines_on_screen,
            Qt.Key.Key_PageDown: columns * lines_on_screen,
            Qt.Key.Key_Home: -everything,
            Qt.Key.Key_End: everything,
        }
        return steps.get(Qt.Key(key))

    def move(self, step: int, *, extend: bool, keep: bool) -> None:
        """Look at the file ``step`` places on.

        Args:
            step: places, negative for back; stops at either end.
            extend: choose everything from where the range began.
            keep: leave what is chosen as it is.
        """
        model, selection = self._library.model, self._library.selection
        if not len(model.order):
            return
        row = int(model.order[self._aim(model.position_of(selection.current), step)])
        if extend:
            self.choose_range(row)
        elif keep:
            selection.look_at(row)
        else:
            selection.choose_only(row)

    def choose_range(self, row: int) -> None:
        """Choose everything from where the range began to a row."""
        model, selection = self._library.model, self._library.selection
        start, end = model.position_of(selection.anchor), model.position_of(row)
        if start is None or end is None:
            selection.choose_only(row)
            return
        selection.choose(model.order[min(start, end) : max(start, end) + 1], row)

    def choose_all(self) -> None:
        """Choose every file that is shown."""
        order, selection = self._library.model.order, self._library.selection
        if len(order):
            current = selection.current if selection.current != NO_ROW else int(order[0])
            selection.choose(order, current)

    def _aim(self, position: int | None, step: int) -> int:
        model = self._library.model
        last, columns = len(model.order) - 1, self._columns()
        if position is None:
            return 0
        aim = position + step
        if 0 <= aim <= last or abs(step) != columns:
            return min(max(aim, 0), last)
        # No cell straight above or below: stay, but reach a part-filled last line.
        return last if step > 0 and position // columns < last // columns else position
